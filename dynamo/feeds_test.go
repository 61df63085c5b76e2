package dynamo_test

import (
	"errors"
	"testing"

	"notewire/dynamo"
	"notewire/transport/feed"
	"notewire/transport/feed/feedtest"
)

func TestFeedsOnBoltKeepTheContract(t *testing.T) {
	feedtest.Run(t, func(t *testing.T) feed.Rows {
		store, err := dynamo.Open(t.Context(), openEngine(t), options("E"))
		if err != nil {
			t.Fatal(err)
		}
		return store
	})
}

// A fault reads neither as a feed's absence nor as another's write.
func TestAFaultIsNoAnswerAboutFeeds(t *testing.T) {
	engine := openEngine(t)
	for name, call := range map[string]func(*dynamo.Store) error{
		"AddFeed":    func(s *dynamo.Store) error { _, err := s.AddFeed(t.Context(), "ann", "a", nil, 5); return err },
		"DeleteFeed": func(s *dynamo.Store) error { _, err := s.DeleteFeed(t.Context(), "ann", "a"); return err },
		"Feed":       func(s *dynamo.Store) error { _, _, err := s.Feed(t.Context(), "ann", "a"); return err },
		"FeedsOf":    func(s *dynamo.Store) error { _, err := s.FeedsOf(t.Context(), "ann"); return err },
		"AllFeeds":   func(s *dynamo.Store) error { _, err := s.AllFeeds(t.Context()); return err },
	} {
		faulty := &broken{Engine: engine, answers: 2} // for Open
		store, err := dynamo.Open(t.Context(), faulty, options("E"))
		if err != nil {
			t.Fatal(err)
		}
		if err := call(store); !errors.Is(err, errBroken) {
			t.Errorf("%s: %v", name, err)
		}
	}
}
