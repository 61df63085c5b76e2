package transporttest

import (
	"strings"
	"time"
)

var slowRules = []rule{
	{"a reader who stalls delays nobody, and is ended at the write deadline", stalledBehindMany},
	{"a reader who stalls in the middle of an event is ended at the write deadline", stalledInOne},
	{"a reader who is slow gets all, from behind what is kept for all", slow},
}

const writeDeadline = 5 * time.Second

// Of many events some are in flight, and the next waits for room; one large event is stuck in
// the middle.
func stalledBehindMany(t *trial) { stalled(t, 40, 1<<10) }
func stalledInOne(t *trial)      { stalled(t, 1, 100<<10) }

func stalled(t *trial, events, bytes int) {
	begun := time.Now()
	stuck, other := t.dial("0"), t.dial("0")
	stuck.gets(t.log(0)[:1])
	other.gets(t.log(0))
	for i := range events {
		t.write(strings.Repeat("x", bytes))
		other.gets(t.log(2 + i))
	}
	if took := time.Since(begun); took != 0 {
		t.Errorf("another reader is delayed by %v", took)
	}
	other.Close()
	time.Sleep(writeDeadline)
	t.nothingIsLeft()
	t.dial(stuck.place).gets(t.log(1))
}

func slow(t *trial) {
	r := t.dial("0")
	r.gets(t.log(0))
	t.writes(100)
	r.gets(t.log(2))
}
