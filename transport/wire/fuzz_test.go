package wire_test

import (
	"strings"
	"testing"

	"notewire/notes"
	"notewire/transport/wire"
)

// seed adds the messages of testdata/up whose names begin with prefix, and some broken ones.
func seed(f *testing.F, prefix string, add func(name string, data []byte)) {
	for _, name := range files(f, "up") {
		if strings.HasPrefix(name, prefix) {
			add(name, message(f, "up", name))
		}
	}
	for _, broken := range []string{
		``, `null`, `[]`, `{`, `{} x`, `{"a":1,"a":1}`, `{"type":5}`, "{\"type\":\"\xff\"}", `{"mutationId":"\ud800"}`, nested(1001, "[", "", "]"),
	} {
		add(prefix+"broken", []byte(broken))
	}
}

func FuzzDecodeUp(f *testing.F) {
	seed(f, "account.", func(_ string, data []byte) { f.Add(data) })
	f.Fuzz(func(t *testing.T, data []byte) {
		up, refs, err := wire.DecodeUp(data)
		if err != nil {
			checkFormatError(t, err)
			checkOneLine(t, wire.AccountError(err, refs))
			return
		}
		if m, ok := up.(wire.Mutate); ok {
			checkReencodes(t, m.Mutation)
		}
	})
}

func FuzzDecodeNoteUp(f *testing.F) {
	seed(f, "note.", func(_ string, data []byte) { f.Add(data) })
	f.Fuzz(func(t *testing.T, data []byte) {
		up, refs, err := wire.DecodeNoteUp(data, noteID)
		if err != nil {
			checkFormatError(t, err)
		}
		one := up.Edit != nil || up.Ping || up.Ephemeral != nil || up.Custom != nil
		if refs.NoteID != noteID || (err == nil) != one {
			t.Fatalf("got %+v, %+v, %v", up, refs, err)
		}
		if up.Edit != nil {
			checkReencodes(t, *up.Edit)
		}
	})
}

func FuzzDecodeMutation(f *testing.F) {
	seed(f, "http.", func(name string, data []byte) { f.Add(strings.Split(name, ".")[1], data) })
	f.Fuzz(func(t *testing.T, op string, data []byte) {
		m, err := wire.DecodeMutation(op, pathOf(op), data)
		if err != nil {
			checkFormatError(t, err)
			return
		}
		checkReencodes(t, m)
		checkTransports(t, op, data, m)
	})
}

func FuzzDecodeBatch(f *testing.F) {
	seed(f, "http.", func(name string, data []byte) {
		op := strings.Split(name, ".")[1]
		if op == "batch" {
			f.Add(data)
			return
		}
		f.Add([]byte(`{"mutations":[{"op":"` + op + `","noteId":"n",` + string(data[min(len(data), 1):]) + `]}`))
	})
	f.Fuzz(func(t *testing.T, data []byte) {
		items, err := wire.DecodeBatch(data)
		if err != nil {
			checkFormatError(t, err)
			return
		}
		for _, item := range items {
			if item.Err != nil {
				checkFormatError(t, item.Err)
				checkOneLine(t, wire.Encode(wire.ResultOf(item.Mutation, nil, item.Err)))
				continue
			}
			checkReencodes(t, item.Mutation)
		}
	})
}

func FuzzDecodeStrict(f *testing.F) {
	seed(f, "http.share", func(_ string, data []byte) { f.Add(data) })
	f.Fuzz(func(t *testing.T, data []byte) {
		var first, second notes.Share
		if err := wire.DecodeStrict(data, &first); err != nil {
			checkFormatError(t, err)
			return
		}
		if err := wire.DecodeStrict(wire.Encode(first), &second); err != nil {
			t.Fatal(err)
		}
		checkSame(t, notes.Mutation{Op: second}, notes.Mutation{Op: first})
	})
}
