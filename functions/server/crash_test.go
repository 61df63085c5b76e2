package main

import (
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"
)

// The program is killed again and again while 8 writers work on it, always on the same data.
// Nothing that it acknowledged may be missing, and nothing may be there half or twice. The
// short form kills 20 times; NOTEWIRE_CRASHES and NOTEWIRE_SEED make it another.
func TestNothingAcknowledgedIsLostInACrash(t *testing.T) {
	crashes, seed := setting(t, "NOTEWIRE_CRASHES", 20), setting(t, "NOTEWIRE_SEED", 1)
	t.Logf("NOTEWIRE_SEED=%d", seed)
	s := newSiege(t, 8, uint64(seed))
	s.start()
	s.shareNotes(2)
	for range crashes {
		s.crashUnderLoad()
		s.start()
		s.check()
		s.resend()
	}
	s.readAgain()
	s.program.stop(t)
	s.report(crashes)
}

// siege is one program's data, and the writers who work on it between its crashes.
type siege struct {
	t       *testing.T
	rand    *rand.Rand
	binary  string
	dir     string
	program *process
	as      map[string]caller
	writers []*writer
	seen    *archive // all that the program showed after its crashes
	tally   struct{ applied, notApplied, repeated int }
}

func newSiege(t *testing.T, writers int, seed uint64) *siege {
	s := &siege{t: t, rand: rand.New(rand.NewPCG(seed, 0)), binary: buildProgram(t), dir: t.TempDir(), seen: newArchive()}
	for i := range writers {
		w := &writer{rand: rand.New(rand.NewPCG(s.rand.Uint64(), 0)), seen: map[string]int64{}}
		w.user, w.friend = fmt.Sprintf("writer%d", i), fmt.Sprintf("writer%d", (i+1)%writers)
		s.writers = append(s.writers, w)
	}
	return s
}

func (s *siege) start() {
	s.t.Helper()
	s.program = launch(s.t, s.dir, nil, s.binary)
	as, err := s.program.callers(s.users()...)
	if err != nil {
		s.t.Fatal(err)
	}
	s.as = as
}

func (s *siege) users() (users []string) {
	for _, w := range s.writers {
		users = append(users, w.user)
	}
	return users
}

// shareNotes makes the notes that all writers change.
func (s *siege) shareNotes(n int) {
	s.t.Helper()
	for i, owner := range s.writers[:n] {
		note := fmt.Sprintf("common%d", i)
		s.send(owner, owner.create(note))
		others := slices.DeleteFunc(s.users(), func(user string) bool { return user == owner.user })
		s.send(owner, owner.share(note, "write", others...))
		for _, w := range s.writers {
			w.shared = append(w.shared, note)
		}
	}
}

// send sends a mutation that must be answered.
func (s *siege) send(w *writer, m *sent) {
	s.t.Helper()
	if err := w.send(s.as[w.user], m); err != nil {
		s.t.Fatal(err)
	}
	if m.outcome == unknown {
		s.t.Fatalf("no answer to %s", m.body)
	}
}

// crashUnderLoad lets the writers work, and kills the program at some moment.
func (s *siege) crashUnderLoad() {
	s.t.Helper()
	ended := make(chan error)
	for _, w := range s.writers {
		go func() { ended <- w.work(s.as[w.user]) }()
	}
	time.Sleep(time.Duration(50+s.rand.IntN(250)) * time.Millisecond) // any moment will do
	if s.rand.IntN(2) == 0 {
		s.awaitCommit()
	}
	s.program.kill()
	s.program.mustBeQuiet(s.t)
	for range s.writers {
		if err := <-ended; err != nil {
			s.t.Error(err)
		}
	}
	if s.t.Failed() {
		s.t.FailNow()
	}
}

// awaitCommit returns when a commit has just written its mark into the database: the moment
// before its answers leave, which chance alone rarely hits.
func (s *siege) awaitCommit() {
	s.t.Helper()
	file, err := os.Open(filepath.Join(s.dir, "notewire.db"))
	if err != nil {
		s.t.Fatal(err)
	}
	defer file.Close()
	marks := func() string { // bbolt's two meta pages
		pages := make([]byte, 2*os.Getpagesize())
		if _, err := file.ReadAt(pages, 0); err != nil {
			s.t.Fatal(err)
		}
		return string(pages)
	}
	before := marks()
	for deadline := time.Now().Add(patience); marks() == before; {
		if time.Now().After(deadline) {
			s.t.Fatal("the writers commit nothing")
		}
	}
}

// check reads what is new since the last crash and holds it against what was sent.
func (s *siege) check() {
	s.t.Helper()
	fresh, err := s.seen.extend(s.as)
	if err != nil {
		s.t.Fatal(err)
	}
	l := newLedger(s.t, s.writers, s.seen)
	l.checkLogs(fresh)
	l.checkHistories(fresh)
	for _, w := range s.writers {
		l.checkAcknowledged(w.sent[w.checked:])
		w.checked = len(w.sent) - 1 // the last is in flight, or may be
	}
	if s.t.Failed() {
		s.t.FailNow()
	}
}

// resend sends again what was in flight, as a client does after a crash, and some that was
// not: there is one effect, and for what was acknowledged the same answer.
func (s *siege) resend() {
	s.t.Helper()
	for _, w := range s.writers {
		last := w.sent[len(w.sent)-1]
		if last.outcome == unknown {
			s.resendInFlight(w, last)
		}
		for range 3 {
			if m := w.sent[s.rand.IntN(len(w.sent))]; m.outcome == acknowledged {
				s.send(w, m)
				s.tally.repeated++
			}
		}
	}
}

func (s *siege) resendInFlight(w *writer, m *sent) {
	s.t.Helper()
	seq, applied := s.seen.inLog[w.user][m.deed]
	s.send(w, m)
	if !applied {
		s.tally.notApplied++
		return
	}
	s.tally.applied++
	if e := s.seen.logs[w.user][seq-1]; m.outcome != acknowledged || m.cursor != e.Cursor || m.version != e.Version {
		s.t.Errorf("what the crash had left as\n%s\nis answered by\n%+v", e.bytes, m)
	}
}

// readAgain reads everything once more from the beginning: all that was sent must be there,
// and what was seen between the crashes must still be the same, to the byte.
func (s *siege) readAgain() {
	s.t.Helper()
	before := s.seen
	s.seen = newArchive()
	for _, w := range s.writers {
		w.checked = 0
	}
	s.check()
	for user, events := range before.logs {
		if !slices.EqualFunc(events, s.seen.logs[user][:len(events)], func(a, b logEvent) bool { return a.bytes == b.bytes }) {
			s.t.Errorf("the log of %s has changed", user)
		}
	}
	for note, versions := range before.histories {
		if !slices.EqualFunc(versions, s.seen.histories[note][:len(versions)], pastVersion.equal) {
			s.t.Errorf("the history of %s has changed", note)
		}
	}
}

func (s *siege) report(crashes int) {
	s.t.Helper()
	counts, versions := map[outcome]int{}, 0
	for _, w := range s.writers {
		for _, m := range w.sent {
			counts[m.outcome]++
		}
	}
	for _, history := range s.seen.histories {
		versions += len(history)
	}
	s.t.Logf("%d crashes; %d mutations acknowledged, %d refused; in flight: %d applied, %d not; %d sent again; %d notes, %d versions",
		crashes, counts[acknowledged], counts[refused], s.tally.applied, s.tally.notApplied, s.tally.repeated, len(s.seen.histories), versions)
	if counts[acknowledged] < 20*crashes || s.tally.applied+s.tally.notApplied < crashes {
		s.t.Error("too little was under way to show anything")
	}
}
