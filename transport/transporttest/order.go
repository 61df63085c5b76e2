package transporttest

import (
	"strings"

	"notewire/notes"
)

var orderRules = []rule{
	{"events come in their order, without a gap, from every cursor", fromEveryCursor},
	{"a stream goes on after a cut at every point", afterEveryCut},
	{"an event is the same bytes live and replayed", sameBytes},
}

// old is how many events there are when a rule's clients come.
const old = 12

func fromEveryCursor(t *trial) {
	t.writes(old - 2)
	for at := range old + 1 {
		log := t.log(at)
		r := t.dial(t.Cursor(int64(at)))
		r.gets(log)
		t.write("news")
		r.gets(t.log(at + len(log)))
		r.Close()
	}
	t.dial("0").gets(t.log(0))
}

// What the server has sent, and the client has not read, is on its way when it is cut.
func afterEveryCut(t *trial) {
	t.writes(old - 2)
	for at := range old + 1 {
		r := t.dial("0")
		r.gets(t.log(0)[:at])
		r.Close()
		t.write("while nobody listens")
		r = t.dial(r.place)
		r.gets(t.log(at))
		r.Close()
	}
}

// The log's own frames are the measure, so that transports are also equal to each other.
func sameBytes(t *trial) {
	live := t.dial("0")
	live.gets(t.log(0))
	for _, text := range []string{"<&> \u2028 ä \x7f", "line\r\nline\rline\n\ndata: x", strings.Repeat("large ", 20_000), ""} {
		t.write(text)
	}
	title := "\"id: 1\""
	var e notes.Edit
	e.Changes.Title = notes.Some(&title)
	t.do(bob, shared, e)
	t.do(ann, shared, notes.Revert{Version: 3})
	if t.note == "" { // a note's stream ends when the note is in the trash
		t.do(ann, shared, notes.Trash{})
		t.do(ann, shared, notes.Restore{})
	}
	log := t.log(0)
	live.gets(log[2:])
	t.dial("0").gets(log)
}
