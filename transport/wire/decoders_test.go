package wire_test

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"notewire/notes"
	"notewire/transport/wire"
)

// decoder is one way into the server, with a message that it accepts. The message begins
// with a member that the decoder knows.
type decoder struct {
	name   string
	good   string
	decode func(data []byte) error
	http   bool // unknown members are refused
}

func up(good string) decoder {
	return decoder{name: "DecodeUp " + good, good: good, decode: decodeUp}
}

func decodeUp(data []byte) error {
	_, _, err := wire.DecodeUp(data)
	return err
}

func noteUp(good string) decoder {
	return decoder{name: "DecodeNoteUp " + good, good: good, decode: decodeNoteUp}
}

func decodeNoteUp(data []byte) error {
	_, _, err := wire.DecodeNoteUp(data, noteID)
	return err
}

func mutation(op, good string) decoder {
	return decoder{name: "DecodeMutation " + op, good: good, decode: decodeMutation(op), http: true}
}

func decodeMutation(op string) func([]byte) error {
	return func(data []byte) error {
		_, err := wire.DecodeMutation(op, string(noteID), data)
		return err
	}
}

func decodeBatch(data []byte) error {
	_, err := wire.DecodeBatch(data)
	return err
}

func decodeStrict(data []byte) error {
	return wire.DecodeStrict(data, new(notes.Share))
}

var decoders = []decoder{
	up(`{"type":"auth","token":"t","cursor":"e-1"}`),
	up(`{"type":"join_note","noteId":"n"}`),
	up(`{"type":"leave_note","noteId":"n"}`),
	up(`{"type":"ping"}`),
	up(`{"type":"note_update","noteId":"n","changes":{"title":"t","tags":["a"]}}`),
	up(`{"type":"note_created","noteData":{"id":"n","blob":{"a":[1]}}}`),
	up(`{"type":"note_deleted","noteId":"n"}`),
	up(`{"noteId":"n","type":"ping"}`),
	up(`{"type":"folder_created","folderId":"f","folderData":{"name":"x"}}`),
	up(`{"type":"folder_updated","folderId":"f","changes":{"parentId":null,"order":1}}`),
	up(`{"type":"folder_deleted","folderId":"f"}`),
	noteUp(`{"type":"update_event","data":{"blob":[1,{"a":null}]}}`),
	noteUp(`{"type":"ping"}`),
	up(`{"type":"presence","noteId":"n","data":{"x":[1]}}`),
	up(`{"type":"custom","noteId":"n","name":"wave","data":1}`),
	noteUp(`{"type":"ephemeral","data":{"x":[1]}}`),
	noteUp(`{"type":"custom","name":"wave"}`),
	post("presence", `{"connectionId":"c","data":{"x":[1]}}`),
	post("custom", `{"connectionId":"c","name":"wave","data":null}`),
	mutation("create", `{"title":"t","blob":{"a":[1]}}`),
	mutation("edit", `{"changes":{"title":null,"tags":["a"]},"baseVersion":3}`),
	mutation("organise", `{"fields":{"starred":true}}`),
	mutation("revert", `{"version":3}`),
	mutation("trash", `{"mutationId":"m"}`),
	mutation("restore", `{"mutationId":"m"}`),
	mutation("share", `{"access":"public","members":[{"userId":"u","role":"read"}]}`),
	mutation("leave", `{"mutationId":"m"}`),
	mutation("purge", `{"mutationId":"m"}`),
	mutation("folder_create", `{"name":"x","color":"#0099ff"}`),
	mutation("folder_update", `{"changes":{"name":"x","isDefault":true}}`),
	mutation("folder_delete", `{"mutationId":"m"}`),
	{"DecodeBatch", `{"mutations":[{"op":"edit","noteId":"n","changes":{"content":"c"}}]}`, decodeBatch, true},
	{"DecodeStrict", `{"access":"public","remove":["u"]}`, decodeStrict, true},
}

// forEachDecoder runs f as a subtest for every decoder.
func forEachDecoder(t *testing.T, f func(t *testing.T, d decoder)) {
	for _, d := range decoders {
		t.Run(d.name, func(t *testing.T) { f(t, d) })
	}
}

// with is the good message, and before its first member those given.
func (d decoder) with(members string) string { return "{" + members + "," + d.good[1:] }

// firstMember is the first member of the good message.
func (d decoder) firstMember(t *testing.T) string {
	t.Helper()
	name, _, _ := strings.Cut(d.good[1:], ":")
	value := membersOf(t, []byte(d.good))[strings.Trim(name, `"`)]
	return name + ":" + string(value)
}

// checkFormatError fails unless err is a *FormatError with a code of the closed set and
// words that may be shown and logged.
func checkFormatError(t testing.TB, err error) *wire.FormatError {
	t.Helper()
	f, ok := errors.AsType[*wire.FormatError](err)
	if !ok {
		t.Fatalf("got %T %v, want a *FormatError", err, err)
	}
	if !slices.Contains(wire.FormatCodes, f.Code) {
		t.Fatalf("%q is not one of FormatCodes", f.Code)
	}
	if f.Message == "" || utf8.RuneCountInString(f.Detail) > 201 || strings.ContainsFunc(f.Detail, breaksLine) {
		t.Fatalf("message %q, detail %q", f.Message, f.Detail)
	}
	checkOneLine(t, wire.ErrorFrame(wire.ProblemOf(err, bothRefs)))
	return f
}

func breaksLine(r rune) bool { return unicode.IsControl(r) || r == '\u2028' || r == '\u2029' }

// wants fails unless data is refused with that code.
func (d decoder) wants(t *testing.T, code wire.FormatCode, data string) *wire.FormatError {
	t.Helper()
	err := d.decode([]byte(data))
	if err == nil {
		t.Fatalf("%.200q was accepted, want %s", data, code)
	}
	f := checkFormatError(t, err)
	if f.Code != code {
		t.Fatalf("%.200q gave %s (%s), want %s", data, f.Code, f.Detail, code)
	}
	return f
}

// accepts fails if data is refused.
func (d decoder) accepts(t *testing.T, data string) {
	t.Helper()
	if err := d.decode([]byte(data)); err != nil {
		t.Fatalf("%.200q was refused: %v", data, err)
	}
}
