package dynamo_test

import (
	"context"
	"crypto/rand"
	"testing"

	"notewire/dynamo"
	"notewire/notes"
)

// torn is an engine whose Get is not a snapshot, as DynamoDB's BatchGetItem is not: between
// the head and the rest, something may happen.
type torn struct {
	dynamo.Engine
	between func() // once
	first   []int  // the keys that are read before that: 0 the receipt, 1 the head, 3 the entry
}

func (e *torn) Get(ctx context.Context, keys ...dynamo.Key) ([]*dynamo.Item, error) {
	between := e.between
	if between == nil || len(keys) < 2 || keys[1].SK != "HEAD" {
		return e.Engine.Get(ctx, keys...)
	}
	e.between = nil
	early, err := e.Engine.Get(ctx, keys...)
	if err != nil {
		return nil, err
	}
	between()
	items, err := e.Engine.Get(ctx, keys...)
	if err == nil {
		for _, i := range e.first {
			items[i] = early[i]
		}
	}
	return items, err
}

// servers returns two services on a torn engine.
func servers(t *testing.T, engine *torn) (a, b *notes.Service) {
	service := func() *notes.Service {
		store, err := dynamo.Open(t.Context(), engine, dynamo.Options{LogDays: 30, NewEpoch: rand.Text})
		if err != nil {
			t.Fatal(err)
		}
		return notes.NewService(notes.Config{Store: store, Publisher: nobody{}, Limits: notes.DefaultLimits(), NewID: rand.Text})
	}
	return service(), service()
}

// What the author is told of a note comes in order, also when his rows are read while another
// server writes them.
func TestATornReadTellsNobodyTwice(t *testing.T) {
	engine := &torn{Engine: openEngine(t), first: []int{1}}
	a, b := servers(t, engine)
	must := func(s *notes.Service, id notes.MutationID, op notes.Op) {
		if _, err := s.Mutate(t.Context(), "ann", "", notes.Mutation{ID: id, Note: "n", Op: op}); err != nil {
			t.Fatal(id, err)
		}
	}
	edit := func(text string) notes.Op {
		return notes.Edit{Changes: notes.Changes{BodyPatch: notes.BodyPatch{Content: notes.Some(text)}}}
	}
	must(a, "create", notes.Create{})
	engine.between = func() { must(b, "edit", edit("b wrote")) }
	must(a, "organise", notes.Organise{Fields: notes.FieldsPatch{Tags: notes.Some([]string{"x"})}})
	must(a, "next", edit("a wrote"))
	log, err := a.AccountLog(t.Context(), "ann", 0, 100)
	if err != nil {
		t.Fatal(err)
	}
	seen := map[notes.MutationID]int64{}
	told := int64(0)
	for _, change := range log {
		if change.LogRow.Version < told {
			t.Errorf("version %d is told after %d", change.LogRow.Version, told)
		}
		told = change.LogRow.Version
		if first, twice := seen[change.Mutation]; twice {
			t.Errorf("%s is at %d and at %d", change.Mutation, first, change.Seq)
		}
		seen[change.Mutation] = change.Seq
	}
}

// A mutation that another server has just committed is not refused for what it did itself.
func TestATornReadRefusesNothingThatIsCommitted(t *testing.T) {
	engine := &torn{Engine: openEngine(t), first: []int{0}}
	a, b := servers(t, engine)
	strict := notes.Edit{ExpectedVersion: 1, Changes: notes.Changes{BodyPatch: notes.BodyPatch{Content: notes.Some("x")}}}
	for _, m := range []notes.Mutation{{ID: "create", Note: "n", Op: notes.Create{}}, {ID: "edit", Note: "n", Op: strict}} {
		var first *notes.Outcome
		engine.between = func() {
			var err error
			if first, err = b.Mutate(t.Context(), "ann", "", m); err != nil {
				t.Fatal(err)
			}
		}
		again, err := a.Mutate(t.Context(), "ann", "", m)
		if err != nil || again.Cursor != first.Cursor || again.Version != first.Version || !again.Repeated {
			t.Errorf("%s, sent to another server as well, is answered %+v, error %v", m.ID, again, err)
		}
	}
	if _, err := a.Mutate(t.Context(), "ann", "", notes.Mutation{ID: "other", Note: "n", Op: strict}); notes.CodeOf(err) != notes.VersionMismatch {
		t.Errorf("a strict edit of an old version ends with %v", err)
	}
}

// A base that another server commits while the rows are read is newer than the head among them.
// What looks like a conflict then is none.
func TestATornReadOfABaseIsNoConflict(t *testing.T) {
	engine := &torn{Engine: openEngine(t), first: []int{1, 3}}
	a, b := servers(t, engine)
	secret := func(text string) notes.Edit {
		return notes.Edit{Changes: notes.Changes{BodyPatch: notes.BodyPatch{EncryptedContent: notes.Some(&text)}}}
	}
	must := func(s *notes.Service, id notes.MutationID, op notes.Op) {
		t.Helper()
		if _, err := s.Mutate(t.Context(), "ann", "", notes.Mutation{ID: id, Note: "n", Op: op}); err != nil {
			t.Fatal(id, err)
		}
	}
	must(a, "create", notes.Create{})
	must(a, "first", secret("1"))
	engine.between = func() { must(b, "second", secret("2")) }
	third := secret("3")
	third.BaseMutation = "second"
	must(a, "third", third)
	if note, err := a.Get(t.Context(), "ann", "n"); err != nil || *note.EncryptedContent != "3" || note.Version != 4 {
		t.Errorf("%+v, error %v", note, err)
	}
}
