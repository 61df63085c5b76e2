package transporttest

import (
	"strconv"
	"time"

	"notewire/notes"
	"notewire/transport"
)

var endRules = []rule{
	{"who is a member no more gets the end of it, and nothing after", removed},
	{"a server that stops tells to reconnect, and ends", drained},
	{"a stream ends when its token is stale", stale},
}

func removed(t *trial) {
	r := t.dialAs(t.over, bob, "0")
	if t.note == "" {
		r.getsType("note_created_sync")
	} else {
		r.getsType("create")
		r.getsType("update")
	}
	t.do(ann, shared, notes.Share{Remove: []notes.UserID{bob}})
	t.write("secret")
	t.do(bob, "own", notes.Create{})
	if t.note == "" {
		r.getsType("note_deleted_sync")
		r.getsType("note_created_sync")
		again := t.dialAs(t.over, bob, "0") // what was his to see is not any more
		again.getsType("note_deleted_sync")
		again.getsType("note_deleted_sync")
		again.getsType("note_created_sync")
		return
	}
	for _, r := range []*reader{r, t.dialAs(t.over, bob, r.place)} {
		if m := r.getsLast("error"); string(m.Code) != `"forbidden"` {
			t.Errorf("the end says %+v", m)
		}
		r.ends(transport.CloseAccessLost)
	}
}

func drained(t *trial) {
	r := t.dial("0")
	r.gets(t.log(0))
	done := make(chan error, 1)
	go func() {
		time.Sleep(time.Second) // while the client waits for news
		done <- t.Drain(t.Context())
	}()
	r.told(transport.CloseGoingAway)
	if err := <-done; err != nil {
		t.Error(err)
	}
	t.dial("0").told(transport.CloseGoingAway)
}

// told reads that the client shall reconnect, and the end.
func (r *reader) told(code transport.CloseCode) {
	r.trial.Helper()
	if m := r.getsLast("reconnect"); string(m.Code) != strconv.Itoa(int(code)) {
		r.trial.Errorf("reconnect says %s, want %d", m.Code, code)
	}
	r.ends(code)
}

func stale(t *trial) {
	if t.over.Polls && t.note != "" {
		return // its surface looks at the token of each poll
	}
	begun := time.Now()
	r := t.dial("0")
	r.gets(t.log(0))
	if t.note != "" {
		r.told(transport.CloseTokenExpired)
	} else {
		if m := r.getsLast("auth_failed"); m.Reason != "token-expired" {
			t.Errorf("the end says %+v", m)
		}
		r.ends(transport.CloseTokenExpired)
	}
	took, slack := time.Since(begun)-t.Options.TokenStaleness, time.Duration(0)
	if t.over.Polls {
		slack = t.Options.Heartbeat // it is asked when a poll begins
	}
	if took < 0 || took > slack {
		t.Errorf("the stream ends %v after its token is stale", took)
	}
}
