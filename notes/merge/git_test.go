package merge

import (
	"bytes"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
)

// gitMerges is how many random merges are compared with Git's. NOTEWIRE_MERGES sets another number.
const gitMerges = 1000

// Where git merge-file merges without a conflict, so does Text, and the result is the same text.
// There is one exception: where lines repeat, the base can sometimes be aligned with a side in
// several equally short ways, and which one is taken decides where the other side's edit ends up.
// That is checked (see ambiguous), happens in less than one of 500 cases, and never where lines
// differ. The guard against doubled lines needs no exception: Git has a conflict wherever it
// applies.
func TestTextMergesLikeGit(t *testing.T) {
	if _, err := exec.LookPath("git"); err != nil {
		if os.Getenv("CI") == "true" {
			t.Fatal("git is not installed")
		}
		t.Skip("git is not installed: nothing to compare with")
	}
	n := gitMerges
	if s := os.Getenv("NOTEWIRE_MERGES"); s != "" {
		var err error
		if n, err = strconv.Atoi(s); err != nil {
			t.Fatal(err)
		}
	}
	const workers = 2
	var results [workers]gitResults
	var running sync.WaitGroup
	for w := range workers {
		g := git{dir: t.TempDir()}
		running.Go(func() {
			for i := w; i < n && !t.Failed(); i += workers {
				results[w].compare(t, g, i)
			}
		})
	}
	running.Wait()
	r := results[0]
	for _, more := range results[1:] {
		r.clean, r.ambiguous, r.conflicts, r.merged = r.clean+more.clean, r.ambiguous+more.ambiguous, r.conflicts+more.conflicts, r.merged+more.merged
	}
	t.Logf("%d merges: Git clean in %d, same text in %d, ambiguous %d; Git conflicts in %d, of which merged by tokens %d",
		n, r.clean, r.clean-r.ambiguous, r.ambiguous, r.conflicts, r.merged)
	if r.clean < n/4 || r.conflicts < n/10 || r.ambiguous > max(1, r.clean/500) {
		t.Errorf("the cases do not compare what they should")
	}
}

type gitResults struct{ clean, ambiguous, conflicts, merged int }

func (r *gitResults) compare(t *testing.T, g git, seed int) {
	c := randomCase(rand.New(rand.NewPCG(uint64(seed), 7)))
	want, clean, err := g.merge(c)
	if err != nil {
		t.Error(err)
		return
	}
	got, conflict := Text(c.base, c.ours, c.theirs)
	switch {
	case !clean:
		r.conflicts++
		if !conflict {
			r.merged++
		}
	case got == want && !conflict:
		r.clean++
	default:
		r.clean++
		r.ambiguous++
		if c.distinct || !ambiguous(c.base, c.ours) && !ambiguous(c.base, c.theirs) {
			t.Errorf("case %d: %q\nours   %q\ntheirs %q\n got %q (conflict %v)\n git %q", seed, c.base, c.ours, c.theirs, got, conflict, want)
		}
	}
}

// ambiguous tells whether more than one longest common subsequence of lines is in a and b.
func ambiguous(a, b string) bool {
	x, y := lines(a), lines(b)
	type best struct{ length, ways int } // of x[i:] and y[j:], by which lines match
	table := make([][]best, len(x)+1)
	for i := len(x); i >= 0; i-- {
		table[i] = make([]best, len(y)+1)
		for j := len(y); j >= 0; j-- {
			if i == len(x) || j == len(y) {
				table[i][j] = best{0, 1}
				continue
			}
			// Either x[i] matches nothing, or the first equal line of y from j, or a later one.
			now := table[i+1][j]
			for k := j; k < len(y); k++ {
				if x[i] != y[k] {
					continue
				}
				switch m := table[i+1][k+1]; {
				case m.length+1 > now.length:
					now = best{m.length + 1, m.ways}
				case m.length+1 == now.length:
					now.ways = min(now.ways+m.ways, 2)
				}
			}
			table[i][j] = now
		}
	}
	return table[0][0].ways > 1
}

// textCase is a merge. In a distinct one no line is twice in any text.
type textCase struct {
	base, ours, theirs string
	distinct           bool
}

// randomCase edits up to 30 lines on both sides, in a third of the cases with lines that repeat
// often and in another third with some that do.
func randomCase(r *rand.Rand) textCase {
	words, fresh := []int{0, 12, 4}[r.IntN(3)], 0
	line := func() string {
		if words == 0 || words == 12 && r.IntN(3) > 0 {
			fresh++
			return fmt.Sprintf("line %d\n", fresh)
		}
		return fmt.Sprintf("%c\n", 'a'+r.IntN(words))
	}
	base := make([]string, r.IntN(30))
	for i := range base {
		base[i] = line()
	}
	change := func() string {
		all := slices.Clone(base)
		for range 1 + r.IntN(4) {
			at := r.IntN(len(all) + 1)
			end := min(len(all), at+r.IntN(3))
			with := make([]string, r.IntN(3))
			for i := range with {
				with[i] = line()
			}
			all = slices.Replace(all, at, end, with...)
		}
		return cutLast(r, strings.Join(all, ""))
	}
	return textCase{strings.Join(base, ""), change(), change(), words == 0}
}

// cutLast sometimes leaves the last line without its end.
func cutLast(r *rand.Rand, s string) string {
	if r.IntN(8) > 0 {
		return s
	}
	return strings.TrimSuffix(s, "\n")
}

// git merges in a directory.
type git struct{ dir string }

func (g git) merge(c textCase) (merged string, clean bool, err error) {
	for name, text := range map[string]string{"base": c.base, "ours": c.ours, "theirs": c.theirs} {
		if err := os.WriteFile(filepath.Join(g.dir, name), []byte(text), 0o600); err != nil {
			return "", false, err
		}
	}
	merge := exec.Command("git", "merge-file", "-p", "ours", "base", "theirs")
	merge.Dir = g.dir
	// Neither a repository around the directory nor anybody's settings.
	merge.Env = append(os.Environ(), "GIT_CEILING_DIRECTORIES="+filepath.Dir(g.dir), "GIT_CONFIG_GLOBAL="+os.DevNull, "GIT_CONFIG_NOSYSTEM=1")
	var stderr bytes.Buffer
	merge.Stderr = &stderr
	out, err := merge.Output()
	var exit *exec.ExitError
	if errors.As(err, &exit) && exit.ExitCode() > 0 && exit.ExitCode() < 128 {
		return "", false, nil // that many conflicts
	}
	if err != nil {
		return "", false, fmt.Errorf("git merge-file: %w: %s", err, stderr.String())
	}
	return string(out), true, nil
}
