package merge

import "strings"

// lines cuts s behind each \n.
func lines(s string) []string {
	all := make([]string, 0, strings.Count(s, "\n")+1)
	for s != "" {
		end := strings.IndexByte(s, '\n') + 1
		if end == 0 {
			end = len(s)
		}
		all = append(all, s[:end])
		s = s[end:]
	}
	return all
}

// maxPairs bounds the lines of a change that are compared with each other: old times new.
const maxPairs = 1024

// pair is an old and a new line of a change that stand for each other.
type pair struct{ a, b int }

// pairLines finds, in order, which new line each old one became: those most like each other, in
// doubt the first. It returns false if there are too many to compare.
func pairLines(a, b []string) ([]pair, bool) {
	if len(a)*len(b) > maxPairs {
		return nil, false
	}
	width := len(b) + 1
	best := make([]int, (len(a)+1)*width) // the likeness of a[i:] and b[j:]
	like := make([]int, len(a)*width)
	bagsA, bagsB := bags(a), bags(b)
	for i := len(a) - 1; i >= 0; i-- {
		for j := len(b) - 1; j >= 0; j-- {
			l := 0
			if blank(a[i]) == blank(b[j]) {
				l = 1 + likeness(a[i], b[j], bagsA[i], bagsB[j])
			}
			like[i*width+j] = l
			best[i*width+j] = max(l+best[(i+1)*width+j+1], best[(i+1)*width+j], best[i*width+j+1])
		}
	}
	var pairs []pair
	for i, j := 0, 0; i < len(a) && j < len(b); {
		switch l := like[i*width+j]; {
		case l > 0 && best[i*width+j] == l+best[(i+1)*width+j+1]:
			pairs = append(pairs, pair{i, j})
			i, j = i+1, j+1
		case best[i*width+j] == best[(i+1)*width+j]:
			i++
		default:
			j++
		}
	}
	return pairs, true
}

// blank lines become other lines by being deleted: who types into one and who inserts a line there
// do the same.
func blank(line string) bool { return strings.TrimSpace(line) == "" }

// bag counts the words of a line.
type bag struct {
	count map[string]int
	bytes int
}

// maxBag bounds the line whose words are compared; of longer ones, only the ends are.
const maxBag = 1 << 10

func bags(lines []string) []bag {
	all := make([]bag, len(lines))
	for i, l := range lines {
		if len(l) > maxBag {
			continue
		}
		all[i].count = map[string]int{}
		for _, t := range tokens(l) {
			if isWord(t) {
				all[i].count[t]++
				all[i].bytes += len(t)
			}
		}
	}
	return all
}

// likeness is from 0 to 1000: what share of two lines is in both, by words or at their ends.
func likeness(a, b string, bagA, bagB bag) int {
	ends := 0
	for n := min(len(a), len(b), maxBag); ends < n && a[ends] == b[ends]; {
		ends++
	}
	for n, end := min(len(a), len(b), ends+maxBag), 0; ends < n && a[len(a)-1-end] == b[len(b)-1-end]; end++ {
		ends++
	}
	share := 1000 * ends / max(len(a), len(b))
	if common := 0; bagA.bytes+bagB.bytes > 0 {
		for t, n := range bagA.count {
			common += len(t) * min(n, bagB.count[t])
		}
		share = max(share, 2000*common/(bagA.bytes+bagB.bytes))
	}
	return share
}
