package transporttest

import (
	"time"

	"notewire/notes"
)

var resyncRules = []rule{
	{"a cursor that the log does not go on from gets a resync, and no place to come back to before it", resync},
	{"so does a cursor behind which the log has expired", expired},
}

func resync(t *trial) {
	t.writes(3)
	for cursor, reason := range map[string]string{"foreign-1": "epoch", t.Cursor(99): "ahead", "nonsense": "malformed"} {
		t.resyncs(cursor, reason)
	}
}

func expired(t *trial) {
	if t.note != "" {
		return // versions do not expire
	}
	t.writes(3)
	time.Sleep(time.Duration(notes.DefaultLimits().LogDays+1) * 24 * time.Hour)
	t.write("after a month")
	t.resyncs(t.Cursor(2), "expired")
}

// resyncs checks that a cursor gets a resync, and that the stream goes on from its place.
func (t *trial) resyncs(cursor, reason string) {
	t.Helper()
	r := t.dial(cursor)
	r.getsResync(reason)
	if t.note != "" {
		r.getsType("initial")
	}
	head, _ := notes.ParseCursor(r.place, t.Service.Epoch())
	t.write("news")
	news := t.log(int(head.Seq))
	if len(news) != 1 {
		t.Errorf("after a resync from %s it is at %s, %d events behind; want 1", cursor, r.place, len(news))
	}
	r.gets(news)
	r.Close()
}

// getsResync reads a resync. Whoever is cut off before he has it must be told again. In the note
// dialect that is so until he has the initial that follows.
func (r *reader) getsResync(reason string) {
	r.trial.Helper()
	cursor := r.place
	for {
		at := r.place
		f, m, err := r.readAny()
		if err != nil {
			r.trial.Fatalf("%v before a resync from %s", err, cursor)
		}
		isResync := m.Type == "resync"
		if isResync && m.Reason != reason {
			r.trial.Errorf("from %s: %s, want %s", cursor, f.Data, reason)
		}
		if (!isResync || r.trial.note != "") && r.place != at {
			r.trial.Errorf("from %s: after %s the client would come back to %s", cursor, f.Data, r.place)
		}
		if isResync {
			return
		}
	}
}
