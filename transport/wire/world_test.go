package wire_test

import (
	"encoding/json"
	"unicode/utf8"

	"pgregory.net/rapid"

	"notewire/notes"
)

// world is one note and its members' logs, as notes.Decide makes them of random mutations.
type world struct {
	head     *notes.Version
	versions map[int64]*notes.Version
	accounts map[notes.UserID]notes.Account
	now      notes.Millis
}

// event is what a mutation did: a version, or none, and a change for each account.
type event struct {
	version *notes.Version
	changes []accountChange
}

type accountChange struct {
	user notes.UserID
	notes.Change
}

func newWorld() *world {
	return &world{versions: map[int64]*notes.Version{}, accounts: map[notes.UserID]notes.Account{}, now: created}
}

// do carries out a mutation; false if it is refused.
func (w *world) do(author notes.UserID, op notes.Op) (event, bool) {
	w.now += 1000
	m := notes.Mutation{ID: mutationID, Note: noteID, Op: op}
	if m.Check(notes.DefaultLimits()) != nil {
		return event{}, false
	}
	rows := notes.Rows{Head: w.head, Target: w.versions[m.Target()], Account: w.accounts}
	r := notes.Request{Author: author, Mutation: m, Hash: m.Hash(), Now: w.now, Limits: notes.DefaultLimits()}
	decision, err := notes.Decide(rows, r)
	if err != nil {
		return event{}, false
	}
	return w.apply(decision.Commit), true
}

func (w *world) apply(c *notes.Commit) event {
	if c.Version != nil {
		w.head = c.Version
		w.versions[c.Version.Note.Version] = c.Version
	}
	e := event{version: c.Version}
	for _, a := range c.Accounts {
		w.accounts[a.User] = notes.Account{Seq: a.Row.Seq, Entry: a.Entry}
		change := accountChange{a.User, notes.Change{LogRow: a.Row}}
		if a.Entry != nil {
			change.Version = w.head
		}
		e.changes = append(e.changes, change)
	}
	return e
}

// drawWorld plays some random mutations, and calls f after each that is accepted.
func drawWorld(t *rapid.T, f func(w *world, e event)) {
	w := newWorld()
	create := notes.Create{BodyPatch: drawBody(t), FieldsPatch: drawFields(t)}
	if e, ok := w.do(ada, create); ok {
		f(w, e)
	}
	for range rapid.IntRange(1, 12).Draw(t, "mutations") {
		author := rapid.SampledFrom([]notes.UserID{ada, ada, ben, cleo}).Draw(t, "author")
		if e, ok := w.do(author, drawOp(t)); ok {
			f(w, e)
		}
	}
}

func drawOp(t *rapid.T) notes.Op {
	switch rapid.IntRange(0, 7).Draw(t, "op") {
	case 0:
		return notes.Organise{Fields: drawFields(t)}
	case 1:
		return notes.Revert{Version: rapid.Int64Range(1, 4).Draw(t, "version")}
	case 2:
		return notes.Trash{}
	case 3:
		return notes.Restore{}
	case 4:
		role := rapid.SampledFrom([]notes.Role{notes.Reader, notes.Writer})
		return notes.Share{
			Access:  opt(t, rapid.SampledFrom([]notes.Access{notes.Private, notes.Public})),
			Members: []notes.Member{{User: ben, Role: role.Draw(t, "ben")}, {User: cleo, Role: role.Draw(t, "cleo")}},
		}
	case 5:
		return notes.Leave{}
	}
	changes := notes.Changes{BodyPatch: drawBody(t), FieldsPatch: drawFields(t)}
	if rapid.IntRange(0, 4).Draw(t, "whether to delete") == 0 {
		changes.Deleted = opt(t, rapid.Bool())
	}
	return notes.Edit{Changes: changes}
}

func drawBody(t *rapid.T) notes.BodyPatch {
	texts, maybe := drawnText(), rapid.Ptr(drawnText(), true)
	blobs := rapid.SampledFrom([]string{`null`, `{"a":[1,{"b":null}]}`, `" \ud83d\ude00\u2028 <"`, `1e400`, `[]`, "[ 1 , 2 ]"})
	return notes.BodyPatch{
		Title: opt(t, maybe), Content: opt(t, texts), EncryptedTitle: opt(t, maybe), EncryptedContent: opt(t, maybe),
		IV: opt(t, maybe), Salt: opt(t, maybe), Type: opt(t, rapid.SampledFrom([]string{"note", "board"})),
		Blob: opt(t, rapid.Map(blobs, func(s string) json.RawMessage { return json.RawMessage(s) })),
	}
}

func drawFields(t *rapid.T) notes.FieldsPatch {
	tags := rapid.SliceOfN(rapid.SampledFrom([]string{"home", "日本", "a\nb", "<&>"}), 0, 3)
	times := rapid.Map(rapid.Int64Range(0, 1<<50), func(n int64) notes.Millis { return notes.Millis(n) })
	return notes.FieldsPatch{
		FolderID: opt(t, rapid.Ptr(rapid.SampledFrom([]string{"folder-1", ""}), true)), Tags: opt(t, tags),
		AddTags: tags.Draw(t, "addTags"), RemoveTags: tags.Draw(t, "removeTags"), Starred: opt(t, rapid.Bool()),
		Archived: opt(t, rapid.Bool()), Hidden: opt(t, rapid.Bool()), HiddenAt: opt(t, rapid.Ptr(times, true)),
	}
}

func drawnText() *rapid.Generator[string] {
	nasty := rapid.SampledFrom([]string{"", "a\r\nb\n\n", "\u2028\u2029\x00\x1f\x7f", `"\</script>&`, "😀e\u0301\ufeff", "data: x\n\nid: 1\n\n"})
	return rapid.OneOf(nasty, rapid.String().Filter(utf8.ValidString))
}

// opt draws a member of a patch, or leaves it out.
func opt[T any](t *rapid.T, g *rapid.Generator[T]) notes.Opt[T] {
	if rapid.Bool().Draw(t, "left out") {
		return notes.Opt[T]{}
	}
	return notes.Some(g.Draw(t, "value"))
}
