package dynamo

// Sealed returns objects as the lines of an archive, with right sums.
func Sealed(objects ...string) (lines []string) {
	s := newSeal()
	for i, object := range objects {
		lines = append(lines, string(s.close([]byte(object))))
		if i == 0 {
			s = newSeal()
		}
	}
	return lines
}
