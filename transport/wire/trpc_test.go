package wire_test

import (
	"encoding/json"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"notewire/notes"
	"notewire/transport/wire"
)

func TestTRPCHasANameForEveryRefusal(t *testing.T) {
	codes := []string{}
	for _, code := range notes.Codes {
		codes = append(codes, string(code))
	}
	for _, code := range wire.FormatCodes {
		codes = append(codes, string(code))
	}
	for _, code := range codes {
		reply := wire.TRPCRefusal("p", wire.Problem{Code: code})
		if status := reply.Status(); status < 400 || status == 500 && code != string(notes.Internal) {
			t.Errorf("%s has the status %d", code, status)
		}
		if e := reply.Error; e.Code > -32000 || e.Data.Code == "" || e.Data.HTTPStatus != reply.Status() {
			t.Errorf("%s: %+v", code, e)
		}
	}
}

func TestTRPCRepliesAreAsTheStockClientReadsThem(t *testing.T) {
	ok, null := wire.TRPCResult(map[string]int{"a": 1}), wire.TRPCResult(nil)
	missing := wire.TRPCError("x", wire.TRPCNotFound, "m")
	refused := wire.TRPCRefusal("getNote", wire.Problem{Code: "invalid", Message: "m", Reason: "why", NoteID: "n"})
	for _, c := range []struct {
		replies []wire.TRPCReply
		batch   bool
		status  int
		body    string
	}{
		{[]wire.TRPCReply{ok}, false, 200, `{"result":{"data":{"a":1}}}`},
		{[]wire.TRPCReply{null}, false, 200, `{"result":{"data":null}}`},
		{[]wire.TRPCReply{missing}, false, 404, `{"error":{"message":"m","code":-32004,"data":{"code":"NOT_FOUND","httpStatus":404,"path":"x"}}}`},
		{[]wire.TRPCReply{refused}, false, 400, `{"error":{"message":"m: why","code":-32600,"data":{"code":"BAD_REQUEST","httpStatus":400,"path":"getNote",` +
			`"problem":{"code":"invalid","message":"m","reason":"why","noteId":"n"}}}}`},
		{[]wire.TRPCReply{ok}, true, 200, `[{"result":{"data":{"a":1}}}]`},
		{[]wire.TRPCReply{null, ok}, true, 200, `[{"result":{"data":null}},{"result":{"data":{"a":1}}}]`},
		{[]wire.TRPCReply{missing, missing}, true, 404, ""},
		{[]wire.TRPCReply{missing, refused}, true, 207, ""},
		{[]wire.TRPCReply{ok, missing}, true, 207, ""},
	} {
		status, body := wire.EncodeTRPC(c.replies, c.batch)
		if status != c.status || c.body != "" && string(body) != c.body {
			t.Errorf("%d %s, want %d %s", status, body, c.status, c.body)
		}
	}
}

func TestTRPCInputs(t *testing.T) {
	for _, c := range []struct {
		text  string
		calls int
		batch bool
		want  string // inputs, or an error in brackets
	}{
		{``, 1, false, ``}, {`{"a":1}`, 1, false, `{"a":1}`}, {`7`, 1, false, `7`}, {`{`, 1, false, `{`}, // whose procedure will refuse it
		{``, 2, true, `|`}, {`{}`, 2, true, `|`}, {`{"1":{"b":1.0},"0":7}`, 2, true, `7|{"b":1.0}`}, {`{"5":1,"x":2}`, 2, true, `|`},
		{`[1,2]`, 2, true, `(wrong_type)`}, {`"x"`, 1, true, `(wrong_type)`}, {`null`, 1, true, `(wrong_type)`}, {` 3`, 1, true, `(wrong_type)`},
		{`{`, 1, true, `(invalid_json)`}, {`{"0":1,"0":2}`, 1, true, `(duplicate_key)`}, {`{"0":1}{`, 1, true, `(trailing_data)`},
		{`{"0":` + strings.Repeat("[", 2000) + strings.Repeat("]", 2000) + `}`, 1, true, `(too_deep)`},
	} {
		inputs, err := wire.TRPCInputs([]byte(c.text), c.calls, c.batch)
		var parts []string
		for _, in := range inputs {
			parts = append(parts, string(in))
		}
		got := strings.Join(parts, "|")
		if err != nil {
			got = "(" + wire.ProblemOf(err, wire.Refs{}).Code + ")"
		}
		if got != c.want {
			t.Errorf("%.40s of %d, batch %v: %s, want %s", c.text, c.calls, c.batch, got, c.want)
		}
	}
}

// Whatever is sent as an input is read, or refused by name.
func TestTRPCInputsNeverPanic(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.OneOf(
			rapid.SliceOf(rapid.Byte()),
			rapid.Custom(func(t *rapid.T) []byte {
				return []byte(rapid.StringMatching(`[\[\]{}":,0-9a-z \\]{0,40}`).Draw(t, "text"))
			}),
		).Draw(t, "input")
		calls, batch := rapid.IntRange(1, 3).Draw(t, "calls"), rapid.Bool().Draw(t, "batch")
		if !batch {
			calls = 1
		}
		inputs, err := wire.TRPCInputs(text, calls, batch)
		if err != nil {
			if code := wire.ProblemOf(err, wire.Refs{}).Code; code == string(notes.Internal) {
				t.Fatalf("%q: %v", text, err)
			}
			return
		}
		for _, input := range inputs {
			var in wire.TRPCCreate
			if err := wire.DecodeTRPC(input, &in); err != nil && wire.ProblemOf(err, wire.Refs{}).Code == string(notes.Internal) {
				t.Fatalf("%q: %v", input, err)
			}
		}
	})
}

// What the ancestor's clients send besides, they may go on sending.
func TestTRPCInputsMayHaveMoreMembers(t *testing.T) {
	var in wire.TRPCUpdate
	err := wire.DecodeTRPC([]byte(`{"id":"n","title":null,"blob":{"z":1.0},"meta":{"a":[1]},"later":true}`), &in)
	if err != nil || in.ID != "n" || in.Title != nil || string(in.Blob.Value) != `{"z":1.0}` || in.Content.Set {
		t.Errorf("%+v, %v", in, err)
	}
	if err := wire.DecodeTRPC([]byte(`{"id":"n","blob":null}`), &in); err != nil || !in.Blob.Set {
		t.Errorf("%+v, %v", in, err)
	}
}

func TestTRPCEntriesSayWhatTheyWereRevertedFrom(t *testing.T) {
	v := &notes.Version{Note: &notes.Note{ID: "n", Version: 3, UpdatedAt: 7, Body: notes.Body{Blob: []byte(`[1.0]`)}}, Op: "revert", Author: "ann", Reverted: 1}
	for to, want := range map[wire.Audience]string{
		wire.Members:   `{"version":3,"blob":[1.0],"title":null,"timestamp":7,"meta":{"revertedFrom":1},"content":"","op":"revert","author":"ann"}`,
		wire.PassersBy: `{"version":3,"blob":[1.0],"title":null,"timestamp":7,"meta":{"revertedFrom":1},"content":"","op":"revert"}`,
	} {
		if got := string(wire.Encode(wire.TRPCEntryOf(v, to))); got != want || !json.Valid([]byte(got)) {
			t.Errorf("%s, want %s", got, want)
		}
	}
}
