package notes

import (
	"context"
	"flag"
	"fmt"
	"os"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "rewrite ACCESS.md")

const accessIntro = `# Who may do what

Every role, operation, access and state of a note, with what ` + "`Decide`" + ` and ` + "`Service.Get`" + ` answer. The test
writes this file from their answers (` + "`go test ./notes -run Access -update`" + `) and fails if it is not current.
The rules are in access.go.

- **new version**: the change is written, and every member's log tells of it
- **own log**: only the author's own fields change, and only his log tells of it
- **no change**: acknowledged, because the note is as asked for already
- **yes**: may be read
- a ` + "`code`" + `: refused with it, and nothing is written

Folders are not here: they are in an account's own log, and nobody else can name them.

"Signed out" is a request without an account. The names of members are shown to members only, and each member's fields
to himself alone.
`

// accessRows are the operations, as the document names them.
var accessRows = []struct {
	name string
	op   Op
}{
	{"create, with this id", Create{}},
	{"create if absent, with this id", Create{IfAbsent: true}},
	{"edit text", edit("x")},
	{"edit own fields only", Edit{Changes: Changes{FieldsPatch: star}}},
	{"edit text and own fields", Edit{Changes: Changes{BodyPatch: text("x"), FieldsPatch: star}}},
	{"edit with `deleted: true`", Edit{Changes: Changes{Deleted: Some(true)}}},
	{"edit with `deleted: false`", Edit{Changes: Changes{Deleted: Some(false)}}},
	{"edit text, with `deleted: true`", Edit{Changes: Changes{BodyPatch: text("x"), Deleted: Some(true)}}},
	{"edit text, with `deleted: false`", Edit{Changes: Changes{BodyPatch: text("x"), Deleted: Some(false)}}},
	{"organise", Organise{Fields: star}},
	{"revert", Revert{Version: 1}},
	{"trash", Trash{}},
	{"restore", Restore{}},
	{"purge", Purge{}},
	{"share", Share{Access: Some(Public)}},
	{"transfer to a member", Share{Owner: aReader}},
	{"leave", Leave{}},
}

// accessStates are the states of a note, as the document names them.
func accessStates() (states []accessState) {
	for _, trashed := range []bool{false, true} {
		for _, access := range []Access{Private, Public} {
			title := fmt.Sprintf("A %s note", access)
			if trashed {
				title += " in the trash"
			}
			states = append(states, accessState{title, func() *Version { return noteOf(access, trashed) }})
		}
	}
	expired := func() *Version {
		v := noteOf(Private, false)
		v.ExpiresAt = ptr(later)
		return v
	}
	return append(states, accessState{"A private note whose time is over", expired}, accessState{"A note that was purged", purgedNote})
}

type accessState struct {
	title string
	head  func() *Version
}

// purgedNote is what a purge left of the note.
func purgedNote() *Version {
	v := noteOf(Private, true)
	v.Purged, v.Body = true, Body{}
	return v
}

func TestAccessDocumentIsCurrent(t *testing.T) {
	const path = "ACCESS.md"
	var doc strings.Builder
	doc.WriteString(accessIntro)
	for _, state := range accessStates() {
		doc.WriteString("\n## " + state.title + "\n\n" + accessTable(t, state.head))
	}
	if *update {
		if err := os.WriteFile(path, []byte(doc.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	on, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if string(on) != doc.String() {
		t.Errorf("%s is not current: run go test ./notes -run Access -update, and look at the difference", path)
	}
}

func accessTable(t *testing.T, head func() *Version) string {
	var b strings.Builder
	b.WriteString("| | owner | writer | reader | stranger | signed out |\n|---|---|---|---|---|---|\n")
	authors := []UserID{anOwner, aWriter, aReader, aStranger, signedOut}
	row := func(name string, cell func(UserID) string) {
		b.WriteString("| " + name)
		for _, author := range authors {
			b.WriteString(" | " + cell(author))
		}
		b.WriteString(" |\n")
	}
	row("read", func(viewer UserID) string { return readOutcome(t, viewer, head()) })
	for _, then := range []*Version{noteOf(Public, false), noteOf(Private, false), noteOf(Public, true)} {
		was := string(then.Access)
		if then.Note.Deleted {
			was = "in the trash"
		}
		row("read a version that was "+was, func(viewer UserID) string {
			return map[bool]string{true: "yes", false: "no"}[then.ReadableBy(viewer, head().Note)]
		})
	}
	for _, r := range accessRows {
		row(r.name, func(author UserID) string { return decideOutcome(author, r.op, head()) })
	}
	return b.String()
}

func readOutcome(t *testing.T, viewer UserID, head *Version) string {
	service := NewService(Config{Store: oneNote{head: head}, Limits: DefaultLimits()})
	if _, err := service.Get(t.Context(), viewer, theNote); err != nil {
		return "`" + string(CodeOf(err)) + "`"
	}
	return "yes"
}

func decideOutcome(author UserID, op Op, head *Version) string {
	rows := rowsOf(head)
	rows.Target = noteOf(Private, false)
	d, err := Decide(rows, requestOf(author, op))
	switch {
	case err != nil:
		return "`" + string(CodeOf(err)) + "`"
	case d.Commit.Version != nil:
		return "new version"
	case len(d.Commit.Accounts) > 0:
		return "own log"
	}
	return "no change"
}

// oneNote is a store of one note without entries.
type oneNote struct {
	Store
	head *Version
}

func (s oneNote) Heads(context.Context, ...NoteID) ([]*Version, error) {
	return []*Version{s.head}, nil
}

func (s oneNote) EntriesOf(context.Context, UserID, ...NoteID) ([]*Entry, error) {
	return []*Entry{nil}, nil
}

// ACCESS.md shows what the rules are; this says what they must be, whatever becomes of it.
func TestOnlyMembersWrite(t *testing.T) {
	for _, state := range accessStates() {
		for _, r := range accessRows {
			for _, author := range []UserID{aStranger, signedOut} {
				if got := decideOutcome(author, r.op, state.head()); !strings.HasPrefix(got, "`") {
					t.Errorf("%s: %s by %q: %s", state.title, r.name, author, got)
				}
			}
		}
	}
}

func TestNobodyReadsOrWritesWhatWasPurged(t *testing.T) {
	for _, author := range []UserID{anOwner, aWriter, aReader, aStranger, signedOut} {
		want := "`purged`"
		switch author {
		case aStranger, signedOut:
			want = "`not_found`"
		}
		if got := readOutcome(t, author, purgedNote()); got != want {
			t.Errorf("read by %q: %s, want %s", author, got, want)
		}
		if noteOf(Public, false).ReadableBy(author, purgedNote().Note) {
			t.Errorf("%q may read a version of it", author)
		}
		for _, r := range accessRows {
			if got := decideOutcome(author, r.op, purgedNote()); !strings.HasPrefix(got, "`") {
				t.Errorf("%s by %q: %s", r.name, author, got)
			}
		}
	}
}

func TestARefusalNamesWhatWasNotAllowed(t *testing.T) {
	for want, op := range map[string]Op{
		"Not authorized to edit this note":     edit("x"),
		"Not authorized to organise this note": Organise{Fields: star},
		"Not authorized to trash this note":    Edit{Changes: Changes{Deleted: Some(true)}},
		"Not authorized to share this note":    Share{Access: Some(Public)},
	} {
		_, err := Decide(rowsOf(noteOf(Public, false)), requestOf(aStranger, op))
		if refusal := refusedWith(t, err, Forbidden); refusal.Message != want {
			t.Errorf("%q, want %q", refusal.Message, want)
		}
	}
}

func TestNobodyIsNotAnOwner(t *testing.T) {
	if role := new(Note).RoleOf(signedOut); role != Stranger {
		t.Errorf("nobody is %q to a note without an owner", role)
	}
}

func TestEveryActionNamesItsOperation(t *testing.T) {
	names := map[Action]bool{ActRead: true}
	for _, op := range ops {
		names[Action(op.Name())] = true
	}
	for action, roles := range allowed {
		if !names[action] {
			t.Errorf("%q is no operation", action)
		}
		for _, role := range roles {
			if role == Stranger {
				t.Errorf("strangers may %s", action)
			}
		}
	}
	for name := range names {
		// A folder is its account's alone, and who creates a note becomes its owner: nobody has to be
		// asked.
		ofFolder := strings.HasPrefix(string(name), "folder_")
		if _, ok := allowed[name]; !ok && name != "create" && !ofFolder {
			t.Errorf("nothing says who may %s", name)
		}
	}
}
