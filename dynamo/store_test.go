package dynamo_test

import (
	"crypto/rand"
	"path/filepath"
	"testing"

	"go.uber.org/goleak"

	"notewire/dynamo"
	"notewire/dynamo/bolt"
	"notewire/notes"
	"notewire/notes/notestest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func TestStoreOnBoltKeepsTheContract(t *testing.T) {
	notestest.Run(t, openBolt)
}

func TestStoreOnBoltKeepsTheContractAtOnce(t *testing.T) {
	notestest.RunAtOnce(t, openBolt)
}

// openBolt opens a store on a new file. It leaves out fsync: this is about what a store
// answers; package bolt's own tests are about what survives.
func openBolt(t *testing.T) notestest.Harness {
	clock, path := notestest.NewClock(), filepath.Join(t.TempDir(), "notes.db")
	var engine *bolt.Engine
	open := func() notes.Store {
		var err error
		engine, err = bolt.Open(path, bolt.Options{NoSync: true, Now: clock.Now, SweepEvery: -1})
		if err != nil {
			t.Fatal(err)
		}
		store, err := dynamo.Open(t.Context(), engine, dynamo.Options{
			LogDays: notes.DefaultLimits().LogDays, NewEpoch: rand.Text, Now: clock.Now,
		})
		if err != nil {
			t.Fatal(err)
		}
		return store
	}
	shut := func() {
		if err := engine.Close(); err != nil {
			t.Error(err)
		}
	}
	t.Cleanup(func() { shut() })
	return notestest.Harness{Store: open(), Clock: clock, Reopen: func() notes.Store { shut(); return open() }}
}
