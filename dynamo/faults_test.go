package dynamo_test

import (
	"context"
	"errors"
	"testing"

	"notewire/dynamo"
	"notewire/notes"
)

var errBroken = errors.New("broken")

// broken is an engine that answers the first few calls and no others.
type broken struct {
	dynamo.Engine
	answers int
}

func (b *broken) fails() error {
	if b.answers--; b.answers >= 0 {
		return nil
	}
	return errBroken
}

func (b *broken) Get(ctx context.Context, keys ...dynamo.Key) ([]*dynamo.Item, error) {
	if err := b.fails(); err != nil {
		return nil, err
	}
	return b.Engine.Get(ctx, keys...)
}

func (b *broken) Query(ctx context.Context, q dynamo.Query) (dynamo.Page, error) {
	if err := b.fails(); err != nil {
		return dynamo.Page{}, err
	}
	return b.Engine.Query(ctx, q)
}

// A fault of the engine is told, whichever read meets it: nothing reads as absent.
func TestAFaultOfTheEngineIsNotAnAnswer(t *testing.T) {
	engine := openEngine(t)
	smallHistory(t, engine)
	ctx := t.Context()
	for name, c := range map[string]struct {
		reads int
		read  func(*dynamo.Store) error
	}{
		"Open": {1, func(*dynamo.Store) error { return nil }},
		"Load": {2, func(s *dynamo.Store) error {
			_, err := s.Load(ctx, "ann", notes.Mutation{ID: "m", Note: "n-1"})
			return err
		}},
		"Load with a base": {2, func(s *dynamo.Store) error {
			_, err := s.Load(ctx, "dan", notes.Mutation{ID: "m", Note: "n-3", Op: notes.Edit{BaseMutation: "m-11"}})
			return err
		}},
		"Load of a folder": {2, func(s *dynamo.Store) error {
			_, err := s.Load(ctx, "dan", notes.Mutation{ID: "m", Folder: "f-1", Op: notes.FolderDelete{}})
			return err
		}},
		"Folders":     {1, func(s *dynamo.Store) error { _, err := s.Folders(ctx, "dan"); return err }},
		"SweepPurged": {3, func(s *dynamo.Store) error { _, err := s.SweepPurged(ctx); return err }},
		"Heads":       {2, func(s *dynamo.Store) error { _, err := s.Heads(ctx, "n-1"); return err }},
		"VersionsOf": {1, func(s *dynamo.Store) error {
			_, err := s.VersionsOf(ctx, notes.VersionRef{Note: "n-1", Version: 1})
			return err
		}},
		"History":   {1, func(s *dynamo.Store) error { _, err := s.History(ctx, "n-1", notes.Range{Limit: 1}); return err }},
		"EntriesOf": {1, func(s *dynamo.Store) error { _, err := s.EntriesOf(ctx, "ann", "n-1"); return err }},
		"Entries":   {1, func(s *dynamo.Store) error { _, err := s.Entries(ctx, "ann", notes.ListQuery{Limit: 1}); return err }},
		"Seq":       {1, func(s *dynamo.Store) error { _, err := s.Seq(ctx, "ann"); return err }},
		"Log":       {1, func(s *dynamo.Store) error { _, err := s.Log(ctx, "ann", 0, 1); return err }},
	} {
		for answers := range c.reads {
			faulty := &broken{Engine: engine, answers: answers + 1} // Open reads once
			if name == "Open" {
				faulty.answers = 0
			}
			store, err := dynamo.Open(ctx, faulty, options("E"))
			if err == nil {
				err = c.read(store)
			}
			if !errors.Is(err, errBroken) || errors.Is(err, notes.ErrClash) {
				t.Errorf("%s after %d answers: %v", name, answers, err)
			}
		}
	}
}
