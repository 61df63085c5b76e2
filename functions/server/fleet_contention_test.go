package main

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"
)

// contention is many writers of one account: each has a note of his own, and sends one mutation
// after the other, each to the next server. All of them contend for the account's log.
type contention struct {
	fleet         *fleet
	writers, each int // so many, and so many edits after each one's create

	mu      sync.Mutex
	cursors []int           // where in the log each mutation was acknowledged
	took    []time.Duration // until it was
}

func newContention(f *fleet, size fleetSize) *contention {
	return &contention{fleet: f, writers: size.writers, each: size.each}
}

// write has all of them write, and checks that nobody sees an error, that the log is 1, 2,
// 3, … with each mutation once, the same from every server, and stops the fleet.
func (c *contention) write() {
	t, total := c.fleet.t, c.writers*(c.each+1)
	t.Helper()
	var writers sync.WaitGroup
	began := time.Now()
	for w := range c.writers {
		writers.Go(func() {
			if err := c.writer(w); err != nil {
				t.Error(err)
			}
		})
	}
	writers.Wait()
	took := time.Since(began)
	if t.Failed() {
		t.FailNow()
	}
	slices.Sort(c.cursors)
	for i, at := range c.cursors {
		if at != i+1 {
			t.Fatalf("the log has no %d, or has it twice: acknowledged were %v", i+1, c.cursors)
		}
	}
	r := &record{logs: map[string][]recorded{}}
	for at := range c.fleet.processes {
		f := &follower{fleet: c.fleet, record: r, user: "crowd", at: at, cursor: "0", until: int64(total)}
		if err := f.run(t.Context()); err != nil {
			t.Error(err)
		}
	}
	c.checkNotes()
	slices.Sort(c.took)
	t.Logf("%d writers of one account, %d mutations in %.1f s; until the answer p50 %v, p99 %v, at most %v; %v",
		c.writers, total, took.Seconds(), percentile(c.took, 50), percentile(c.took, 99), percentile(c.took, 100), c.fleet.store)
	c.checkLastWords(total)
}

func (c *contention) writer(w int) error {
	path, body := "/api/notes", fmt.Sprintf(`{"id":"note%d"}`, w)
	for i := range c.each + 1 {
		began := time.Now()
		answer, _, err := c.fleet.post("crowd", path, body, (w+i)%len(c.fleet.processes))
		if err != nil {
			return err
		}
		took := time.Since(began)
		cursor, err := answer.cursor()
		if err != nil {
			return err
		}
		_, number, _ := strings.Cut(cursor, "-")
		at, err := strconv.Atoi(number)
		if err != nil {
			return fmt.Errorf("cursor %q: %w", cursor, err)
		}
		c.mu.Lock()
		c.cursors, c.took = append(c.cursors, at), append(c.took, took)
		c.mu.Unlock()
		path, body = fmt.Sprintf("/api/notes/note%d", w), fmt.Sprintf(`{"changes":{"content":"%d"}}`, i)
	}
	return nil
}

// checkNotes checks that each edit made one version.
func (c *contention) checkNotes() {
	c.fleet.t.Helper()
	for w := range c.writers {
		var note shownNote
		reader := c.fleet.as["crowd"]
		reader.url = c.fleet.processes[w%len(c.fleet.processes)].URL
		if err := reader.read(fmt.Sprintf("/api/notes/note%d", w), &note); err != nil || note.Version != int64(c.each+1) {
			c.fleet.t.Errorf("note%d has version %d after %d changes, %v", w, note.Version, c.each+1, err)
		}
	}
}

// checkLastWords stops the servers. What each says that it did adds up to what was answered,
// and it says nothing worse.
func (c *contention) checkLastWords(total int) {
	t := c.fleet.t
	t.Helper()
	commits, retries := 0, 0
	for _, p := range c.fleet.processes {
		p.interrupt(t)
		if log := p.stderr.String(); regexp.MustCompile(`level=(WARN|ERROR)`).MatchString(log) {
			t.Errorf("the program complained:\n%.4000s", log)
		}
		words := lastWords.FindStringSubmatch(p.stderr.String())
		if words == nil {
			t.Fatalf("the program does not say what it did:\n%.4000s", &p.stderr)
		}
		did, again := count(t, words[1]), count(t, words[2])
		commits, retries = commits+did, retries+again
		t.Logf("a server committed %d, and tried %d again", did, again)
	}
	if commits != total {
		t.Errorf("the servers committed %d, answered were %d", commits, total)
	}
	t.Logf("%d commits, %.2f retries each", commits, float64(retries)/float64(commits))
}

var lastWords = regexp.MustCompile(`msg=stopped commits=(\d+) retries=(\d+)`)

func count(t *testing.T, digits string) int {
	t.Helper()
	n, err := strconv.Atoi(digits)
	if err != nil {
		t.Fatal(err)
	}
	return n
}
