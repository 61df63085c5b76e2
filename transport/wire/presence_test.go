package wire_test

import (
	"encoding/json"
	"strings"
	"testing"

	"notewire/transport/wire"
)

// pointer is what a client of the ancestor's shows (A2.2), shortened.
const pointer = `{"payload":{"button":"up","pointer":{"x":12.5,"y":-3},"username":"Ada <3"},"type":"pointer"}`

var adasConnection = wire.Sender{User: ada, ID: connection}

func presenceFrames() []frame {
	data := json.RawMessage(pointer)
	shown := map[wire.Sender]json.RawMessage{adasConnection: data, {User: cleo, ID: "another"}: json.RawMessage(`"typing"`)}
	nameless := wire.Sender{User: ada}
	return []frame{
		{"account.presence", wire.Presence(noteID, adasConnection, data)},
		{"account.presence.left", wire.Presence(noteID, adasConnection, nil)},
		{"account.presence_state", wire.PresenceState(noteID, shown)},
		{"account.custom", wire.Custom(noteID, adasConnection, "cursor:jump", data, updated)},
		{"account.custom.posted", wire.Custom(noteID, nameless, "wave", nil, updated)},
		{"note.ephemeral", wire.Ephemeral(adasConnection, data)},
		{"note.ephemeral.left", wire.Ephemeral(adasConnection, nil)},
		{"note.ephemeral_state", wire.EphemeralState(shown)},
		{"note.custom", wire.Custom("", adasConnection, "cursor:jump", data, updated)},
		{"note.custom.posted", wire.Custom("", nameless, "wave", nil, updated)},
	}
}

// postMeaning is what the body of a request about presence is decoded as.
func postMeaning(op string, body []byte) meaning {
	if op == "presence" {
		id, m, err := wire.DecodePresenceBody(noteID, body)
		if err != nil {
			return meaning{Error: refusalOf(err)}
		}
		return meaning{Message: "presence", NoteID: m.NoteID, Data: m.Data, Connection: id}
	}
	id, m, err := wire.DecodeCustomBody(noteID, body)
	if err != nil {
		return meaning{Error: refusalOf(err)}
	}
	return meaning{Message: "custom", NoteID: m.NoteID, Name: m.Name, Data: m.Data, Connection: id}
}

// post is the decoder of such a body.
func post(op, good string) decoder {
	decode := func(data []byte) error {
		_, _, err := wire.DecodePresenceBody(noteID, data)
		return err
	}
	if op == "custom" {
		decode = func(data []byte) error {
			_, _, err := wire.DecodeCustomBody(noteID, data)
			return err
		}
	}
	return decoder{name: "DecodePost " + op, good: good, http: true, decode: decode}
}

func TestWhatIsShownIsTheSameBytesHoweverItWasWritten(t *testing.T) {
	const want = `{"type":"presence","noteId":"n","senderId":"c","userId":"u","data":{"a":"é<é","n":1.0}}`
	for _, data := range []string{`{"a":"é<\u00e9","n":1.0}`, " { \"a\" :\t\"\\u00e9\\u003cé\" , \"n\":1.0 } "} {
		up, _, err := wire.DecodeUp([]byte(`{"type":"presence","noteId":"n","data":` + data + `}`))
		if err != nil {
			t.Fatal(err)
		}
		if got := wire.Presence("n", wire.Sender{User: "u", ID: "c"}, up.(wire.SetPresence).Data); string(got) != want {
			t.Errorf("got %s", got)
		}
	}
}

func TestNullAndNothingAreTheSame(t *testing.T) {
	for _, message := range []string{`{"type":"ephemeral"}`, `{"type":"ephemeral","data":null}`, `{"type":"ephemeral","data": null }`} {
		up, _, err := wire.DecodeNoteUp([]byte(message), noteID)
		if err != nil || up.Ephemeral.Data != nil {
			t.Errorf("%s: %+v, %v", message, up.Ephemeral, err)
		}
	}
}

func TestNamesOfCustomMessages(t *testing.T) {
	for _, name := range []string{"a", "a.b:c_d-E9", strings.Repeat("x", 64)} {
		if !wire.ValidCustomName(name) {
			t.Errorf("%q is refused", name)
		}
	}
	for _, name := range []string{"", "a b", "é", "a\n", "a/b", strings.Repeat("x", 65)} {
		if wire.ValidCustomName(name) {
			t.Errorf("%q is accepted", name)
		}
	}
}

func TestTheAncestorsClientsFindWhatTheyReadOfPresence(t *testing.T) {
	for name, wanted := range map[string][]string{
		"note.ephemeral": {"senderId", "data"}, "note.ephemeral.left": {"senderId", "data"}, "note.ephemeral_state": {"data"},
	} {
		members := membersOf(t, message(t, "down", name))
		for _, member := range wanted {
			if _, ok := members[member]; !ok {
				t.Errorf("%s lacks %s", name, member)
			}
		}
	}
	state := membersOf(t, membersOf(t, message(t, "down", "note.ephemeral_state"))["data"])
	if got := string(state[connection]); got != pointer {
		t.Errorf("got %s", got)
	}
}
