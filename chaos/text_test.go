package chaos

import (
	"fmt"
	"testing"
)

// What Verify says of merges rests on this: no word is written twice, and a revision differs.
func TestNoWordIsWrittenTwice(t *testing.T) {
	r := stream(1, "pen")
	text, written := "", map[string]bool{}
	for i := range 2000 {
		p := pen{rand: r, mark: fmt.Sprintf("ada_%d", i)}
		before := count(text)
		next := p.revise(text)
		if i%100 == 0 {
			next = p.text()
		}
		if next == text {
			t.Fatalf("revision %d changes nothing of %q", i, text)
		}
		for word, n := range count(next) {
			if n > 1 || before[word] == 0 && written[word] {
				t.Fatalf("revision %d of %q writes %s again: %q", i, text, word, next)
			}
			written[word] = true
		}
		text = next
	}
	if len(written) < 2000 {
		t.Errorf("only %d words", len(written))
	}
}

func TestTextsComeFromTheirSeed(t *testing.T) {
	write := func(seed uint64) string {
		p := pen{rand: stream(seed, "pen"), mark: "ada"}
		return p.revise(p.text())
	}
	one, again, two := write(1), write(1), write(2)
	if one != again || one == two {
		t.Error("one seed, two texts; or two seeds, one text")
	}
}
