package transporttest_test

import (
	"path/filepath"
	"strings"
	"testing"

	"notewire/dynamo"
	"notewire/dynamo/bolt"
	"notewire/notes"
	"notewire/transport/sse"
	"notewire/transport/transporttest"
)

func TestTransports(t *testing.T) {
	packOnce(t)
	transporttest.Run(t, store, webSocket, events("sse", sse.Options{}), events("sse padded", sse.Options{Padding: 4 << 10}), polls)
}

// packOnce has the store pack a body: its packer makes a channel for the whole process at its
// first use, which must not be in a bubble.
func packOnce(t *testing.T) {
	t.Helper()
	service := notes.NewService(notes.Config{
		Store: store(t), Publisher: nobody{}, Limits: notes.DefaultLimits(), NewID: func() string { return "id" },
	})
	large := notes.Create{BodyPatch: notes.BodyPatch{Content: notes.Some(strings.Repeat("x", 100<<10))}}
	if _, err := service.Mutate(t.Context(), "ann", "", notes.Mutation{Op: large}); err != nil {
		t.Fatal(err)
	}
}

type nobody struct{}

func (nobody) Publish(notes.Topic, int64) {}

func store(t *testing.T) notes.Store {
	t.Helper()
	file, err := bolt.Open(filepath.Join(t.TempDir(), "db"), bolt.Options{NoSync: true, SweepEvery: -1})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = file.Close() })
	store, err := dynamo.Open(t.Context(), file, dynamo.Options{LogDays: 30, NewEpoch: func() string { return "epoch" }})
	if err != nil {
		t.Fatal(err)
	}
	return store
}
