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

// SealedArchive is Sealed for a whole archive: it completes the last object, which must lack its
// last member and its end, with the sha256 of the lines between.
func SealedArchive(objects ...string) []string {
	last := len(objects) - 1
	s := newSeal()
	for _, object := range objects[1:last] {
		s.close([]byte(object))
	}
	objects[last] += `,"sha256":"` + s.sum() + `"}`
	return Sealed(objects...)
}
