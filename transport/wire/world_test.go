package wire_test

import (
	"encoding/json"
	"fmt"
	"testing"
	"unicode/utf8"

	"pgregory.net/rapid"

	"notewire/notes"
)

// world is one note and its members' logs, as notes.Decide makes them of random mutations.
type world struct {
	head      *notes.Version
	versions  map[int64]*notes.Version
	mutations map[author]int64 // the version that a mutation made, or found
	accounts  map[notes.UserID]notes.Account
	now       notes.Millis
	sent      int
}

// author is who sent a mutation, and its id.
type author struct {
	user notes.UserID
	id   notes.MutationID
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
	return &world{
		versions: map[int64]*notes.Version{}, mutations: map[author]int64{}, accounts: map[notes.UserID]notes.Account{}, now: created,
	}
}

// do carries out a mutation; false if it is refused.
func (w *world) do(user notes.UserID, op notes.Op) (event, bool) {
	w.now += 1000
	w.sent++
	m := notes.Mutation{ID: mutationOf(w.sent), Note: noteID, Op: op}
	if m.Check(notes.DefaultLimits()) != nil {
		return event{}, false
	}
	target, by := m.Target()
	if by != "" {
		target = w.mutations[author{user, by}]
	}
	rows := notes.Rows{Head: w.head, Target: w.versions[target], Account: w.accounts}
	r := notes.Request{Author: user, Mutation: m, Hash: m.Hash(), Now: w.now, Limits: notes.DefaultLimits()}
	decision, err := notes.Decide(rows, r)
	if err != nil {
		return event{}, false
	}
	w.mutations[author{user, m.ID}] = decision.Commit.Receipt.Version
	return w.apply(decision.Commit), true
}

// mutationOf is the id of the nth mutation.
func mutationOf(n int) notes.MutationID { return notes.MutationID(fmt.Sprintf("mutation-%d", n)) }

func (w *world) apply(c *notes.Commit) event {
	if c.Version != nil {
		w.head = c.Version
		w.versions[c.Version.Note.Version] = c.Version
	}
	e := event{version: c.Version}
	for _, a := range c.Accounts {
		w.accounts[a.User] = notes.Account{Seq: a.Row.Seq, Entry: a.Entry}
		change := accountChange{a.User, notes.Change{LogRow: a.Row}}
		if a.Entry != nil || a.Row.Kind != notes.KindDeleted {
			change.Version = w.head
		}
		e.changes = append(e.changes, change)
	}
	return e
}

// drawWorld plays some random mutations, and calls f after each that is accepted.
func drawWorld(t *rapid.T, f func(w *world, e event)) {
	w := newWorld()
	do := func(user notes.UserID, op notes.Op) {
		if e, ok := w.do(user, op); ok {
			f(w, e)
		}
	}
	create := notes.Create{BodyPatch: drawBody(t), FieldsPatch: drawFields(t)}
	if drawn(t, "whether it expires", 1, 5) {
		create.ExpiresInHours = 0.005 // some mutations later
	}
	do(ada, create)
	do(ada, notes.Share{Members: []notes.Member{{User: ben, Role: notes.Writer}, {User: cleo, Role: notes.Reader}}})
	if drawn(t, "whether two wrote at once", 1, 3) {
		do(ada, notes.Edit{Changes: notes.Changes{BodyPatch: notes.BodyPatch{Content: notes.Some("a cat\n")}}})
		do(ben, notes.Edit{Changes: notes.Changes{BodyPatch: notes.BodyPatch{Content: notes.Some("a dog\n")}}, BaseVersion: 2})
	}
	if drawn(t, "whether it is given away", 1, 8) {
		do(ada, notes.Share{Owner: ben})
	}
	for range rapid.SampledFrom([]int{1, 6, 12, 24}).Draw(t, "mutations") {
		do(rapid.SampledFrom([]notes.UserID{ada, ada, ben, ben, cleo}).Draw(t, "author"), drawOp(t, w))
	}
	if drawn(t, "whether it ends", 1, 4) {
		do(w.head.Owner, notes.Trash{})
		do(w.head.Owner, notes.Purge{})
	}
}

// drawn is true so many times of so many.
func drawn(t *rapid.T, what string, times, of int) bool {
	all := make([]bool, of)
	for i := range times {
		all[i] = true
	}
	return rapid.SampledFrom(all).Draw(t, what)
}

func drawOp(t *rapid.T, w *world) notes.Op {
	switch rapid.SampledFrom([]string{"organise", "revert", "revert kept", "trash", "restore", "share", "leave", "purge", "edit", "edit", "edit", "edit"}).Draw(t, "op") {
	case "organise":
		return notes.Organise{Fields: drawFields(t)}
	case "revert":
		return notes.Revert{Version: rapid.Int64Range(1, 12).Draw(t, "version")}
	case "revert kept":
		for n := w.head.Note.Version; n > 0; n-- {
			if w.versions[n].Kept() != nil {
				return notes.Revert{Version: n, Kept: true}
			}
		}
		return notes.Restore{}
	case "trash":
		return notes.Trash{}
	case "restore":
		return notes.Restore{}
	case "share":
		return drawShare(t)
	case "leave":
		return notes.Leave{}
	case "purge":
		return notes.Purge{}
	}
	edit := notes.Edit{Changes: notes.Changes{BodyPatch: drawBody(t), FieldsPatch: drawFields(t)}}
	if drawn(t, "whether to delete", 1, 10) {
		edit.Changes.Deleted = opt(t, rapid.Bool())
	}
	switch rapid.SampledFrom([]string{"none", "version", "version", "mutation"}).Draw(t, "base") {
	case "version":
		edit.BaseVersion = notes.Seen(rapid.Int64Range(1, max(1, w.head.Note.Version)).Draw(t, "base version"))
	case "mutation":
		edit.BaseMutation = mutationOf(rapid.IntRange(1, w.sent).Draw(t, "base mutation"))
	}
	return edit
}

func drawShare(t *rapid.T) notes.Share {
	role := rapid.SampledFrom([]notes.Role{notes.Reader, notes.Writer, notes.Writer})
	user := rapid.SampledFrom([]notes.UserID{ada, ben, cleo}).Draw(t, "user")
	share := notes.Share{Access: opt(t, rapid.SampledFrom([]notes.Access{notes.Private, notes.Public}))}
	switch rapid.SampledFrom([]string{"member", "owner", "nobody"}).Draw(t, "who") {
	case "member":
		share.Members = []notes.Member{{User: user, Role: role.Draw(t, "role")}}
	case "owner":
		share.Owner = user
	}
	return share
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

// The properties above are worth what the random world has in it.
func TestTheRandomWorldHasEverything(t *testing.T) {
	seen := map[string]int{}
	count := func(what string, is bool) {
		if is {
			seen[what]++
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		drawWorld(t, func(_ *world, e event) {
			v := e.version
			if v == nil {
				count("no version", true)
				return
			}
			seen[v.Op]++
			count("merged", v.Merged)
			count("conflict", len(v.Conflicts) > 0)
			count("kept", v.Kept() != nil)
			count("kept, and gone back to", v.RevertedKept)
			count("another owner", v.Owner != ada)
			count("expires", v.ExpiresAt != nil)
		})
	})
	t.Log(seen)
	for _, what := range []string{
		"no version", "create", "edit", "revert", "trash", "restore", "share", "leave", "purge",
		"merged", "conflict", "kept", "kept, and gone back to", "another owner", "expires",
	} {
		if seen[what] == 0 {
			t.Errorf("never: %s", what)
		}
	}
}
