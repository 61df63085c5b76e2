package wire_test

import (
	"bytes"
	"fmt"
	"maps"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"notewire/notes"
	"notewire/transport/wire"
)

// changes calls f for many random changes.
func changes(t *testing.T, f func(t *rapid.T, c *notes.Change)) {
	rapid.Check(t, func(t *rapid.T) {
		drawWorld(t, func(_ *world, e event) {
			for _, c := range e.changes {
				f(t, &c.Change)
			}
		})
	})
}

// versions calls f for many random versions.
func versions(t *testing.T, f func(t *rapid.T, v *notes.Version)) {
	rapid.Check(t, func(t *rapid.T) {
		drawWorld(t, func(_ *world, e event) {
			if e.version != nil {
				f(t, e.version)
			}
		})
	})
}

func TestAnEventIsOneLineOfJSONAndAlwaysTheSame(t *testing.T) {
	changes(t, func(t *rapid.T, c *notes.Change) {
		for _, encode := range []func(*notes.Change, string) []byte{wire.AccountEvent, wire.Confirmation} {
			first := encode(c, cursor)
			checkOneLine(t, first)
			again := *c
			if !bytes.Equal(first, encode(&again, cursor)) {
				t.Fatalf("%s differs the second time", first)
			}
		}
	})
}

func TestAVersionIsOneLineOfJSONAndAlwaysTheSame(t *testing.T) {
	versions(t, func(t *rapid.T, v *notes.Version) {
		for _, to := range []wire.Audience{wire.Members, wire.PassersBy} {
			encodings := func() [][]byte {
				return [][]byte{
					wire.NoteEvent(v, to, cursor), wire.Initial(v.Note, to, connection, cursor),
					wire.Encode(wire.VersionOf(v, to, true)), wire.Encode(wire.VersionOf(v, to, false)),
				}
			}
			first := encodings()
			for i, again := range encodings() {
				checkOneLine(t, again)
				if !bytes.Equal(first[i], again) {
					t.Fatalf("%s differs the second time", again)
				}
			}
		}
	})
}

func TestAnEventIsOfTheKindOfItsChange(t *testing.T) {
	types := map[notes.Kind]string{
		notes.KindCreated: "note_created_sync", notes.KindSync: "note_sync", notes.KindDeleted: "note_deleted_sync",
	}
	changes(t, func(t *rapid.T, c *notes.Change) {
		got := membersOf(t, wire.AccountEvent(c, cursor))
		if text(t, got["type"]) != types[c.Kind] {
			t.Fatalf("a %s change is a %s", c.Kind, got["type"])
		}
		if text(t, got["noteId"]) != string(noteID) || text(t, got["cursor"]) != cursor || text(t, got["mutationId"]) != string(c.Mutation) ||
			string(got["version"]) != fmt.Sprint(c.LogRow.Version) || string(got["timestamp"]) != fmt.Sprint(int64(c.At)) {
			t.Fatalf("%v does not say where it comes from", got)
		}
		if reason := text(t, got["reason"]); reason != c.Reason {
			t.Fatalf("reason %q, want %q", reason, c.Reason)
		}
	})
}

func TestChangesAreWhatChangedAndWhenWithTheValuesOfTheUpdatedNote(t *testing.T) {
	changes(t, func(t *rapid.T, c *notes.Change) {
		if c.Kind != notes.KindSync {
			return
		}
		frame := membersOf(t, wire.AccountEvent(c, cursor))
		values, note := membersOf(t, frame["changes"]), membersOf(t, frame["updatedNote"])
		names := append([]string{"updatedAt"}, c.Changed...)
		for _, name := range names {
			if value, ok := note[name]; !ok || !bytes.Equal(value, values[name]) {
				t.Fatalf("%s is %s in changes and %s in updatedNote", name, values[name], note[name])
			}
		}
		for name := range values {
			if !slices.Contains(names, name) {
				t.Fatalf("%s has not changed: %v", name, c.Changed)
			}
		}
	})
}

func TestAConfirmationTellsTheSameAsTheEvent(t *testing.T) {
	changes(t, func(t *rapid.T, c *notes.Change) {
		confirmation, sync := membersOf(t, wire.Confirmation(c, cursor)), membersOf(t, wire.AccountEvent(c, cursor))
		same := []string{"noteId", "timestamp", "version", "cursor", "mutationId"}
		if c.Kind == notes.KindSync {
			same = append(same, "merged", "conflict")
		}
		for _, name := range same {
			if !bytes.Equal(confirmation[name], sync[name]) {
				t.Fatalf("%s: %s and %s", name, confirmation[name], sync[name])
			}
		}
		for _, name := range []string{"updatedNote", "noteData"} {
			if note := sync[name]; note != nil && !bytes.Equal(note, confirmation["updatedNote"]) {
				t.Fatalf("%s: %s, confirmed %s", name, note, confirmation["updatedNote"])
			}
		}
		if op := text(t, confirmation["op"]); op != c.Op && text(t, confirmation["type"]) != "note_update_success" {
			t.Fatalf("op %q, want %q", op, c.Op)
		}
	})
}

func TestEveryAccountSeesItsOwnFieldsOfTheNote(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		drawWorld(t, func(w *world, e event) {
			for _, c := range e.changes {
				shown := membersOf(t, wire.Confirmation(&c.Change, cursor))["updatedNote"]
				if shown == nil {
					continue
				}
				own := membersOf(t, wire.Encode(w.accounts[c.user].Entry.Fields))
				for name, value := range membersOf(t, shown) {
					if want := own[name]; want != nil && !bytes.Equal(value, want) {
						t.Fatalf("%s sees %s: %s, has %s", c.user, name, value, want)
					}
				}
			}
		})
	})
}

// hidden are what only members may see.
var hidden = []string{"kept", "mutationId", "fromUserId", "author", "folderId", "tags", "starred", "archived", "hidden", "hiddenAt"}

func TestPassersByNeverSeeWhoTheMembersAre(t *testing.T) {
	versions(t, func(t *rapid.T, v *notes.Version) {
		for _, data := range [][]byte{
			wire.NoteEvent(v, wire.PassersBy, cursor), wire.Initial(v.Note, wire.PassersBy, connection, cursor),
			wire.Encode(wire.VersionOf(v, wire.PassersBy, true)), wire.Encode(wire.NoteOf(&notes.View{Note: v.Note})),
		} {
			frame := membersOf(t, data)
			if conflict := frame["conflict"]; conflict != nil {
				maps.Copy(frame, membersOf(t, conflict))
			}
			note := frame
			for _, inner := range []string{"data", "note"} {
				if frame[inner] != nil {
					note = membersOf(t, frame[inner])
				}
			}
			for _, name := range hidden {
				if frame[name] != nil || note[name] != nil {
					t.Fatalf("%s is in %s", name, data)
				}
			}
			if users, roles := note["collaborators"], note["roles"]; users != nil && (string(users) != `[]` || string(roles) != `{}`) {
				t.Fatalf("members are in %s", data)
			}
			for _, user := range []notes.UserID{ada, ben, cleo} {
				if user != v.Owner && bytes.Contains(data, []byte(user)) || bytes.Contains(data, []byte(v.Mutation)) {
					t.Fatalf("somebody is named in %s", data)
				}
			}
		}
	})
}

func TestMembersSeeWhoTheMembersAre(t *testing.T) {
	note := membersOf(t, membersOf(t, wire.NoteEvent(versionOf(shoppingNote(), "edit"), wire.Members, cursor))["data"])
	if string(note["collaborators"]) != `["user_ben","user_cleo"]` || string(note["roles"]) != `{"user_ben":"write","user_cleo":"read"}` {
		t.Errorf("got %s, %s", note["collaborators"], note["roles"])
	}
}

func TestAnErrorOfOursSaysNothingOfItself(t *testing.T) {
	err := fmt.Errorf("dial tcp 10.0.0.1: password %q", "secret")
	for _, data := range [][]byte{
		wire.AccountError(err, bothRefs), wire.ErrorFrame(wire.ProblemOf(err, bothRefs)), wire.ErrorBody(wire.ProblemOf(err, bothRefs)),
	} {
		if bytes.Contains(data, []byte("secret")) || bytes.Contains(data, []byte("10.0.0.1")) {
			t.Errorf("got %s", data)
		}
	}
}

func TestEveryRefusalIsAFrameAndABodyWithItsCode(t *testing.T) {
	for _, code := range notes.Codes {
		err := fmt.Errorf("wrapped: %w", notes.Refuse(code, "a sentence"))
		for _, data := range [][]byte{wire.AccountError(err, bothRefs), wire.ErrorFrame(wire.ProblemOf(err, bothRefs))} {
			checkOneLine(t, data)
			if got := text(t, membersOf(t, data)["code"]); got != string(code) {
				t.Errorf("%s became %s", code, got)
			}
		}
	}
}
