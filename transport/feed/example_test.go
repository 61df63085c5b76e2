package feed_test

import (
	"context"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"sync"

	"notewire/dynamo"
	"notewire/dynamo/bolt"
	"notewire/notes"
	"notewire/transport/feed"
)

// counter is a Sink that counts how often each note was changed. It remembers the last change that
// it has counted of each, because one may come again.
type counter struct {
	mu     sync.Mutex
	last   map[notes.NoteID]int64
	counts map[notes.NoteID]int
	done   chan struct{} // closed after the third
}

// Deliver implements feed.Sink.
func (c *counter) Deliver(_ context.Context, d *feed.Delivery) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if d.Seq <= c.last[d.Note] {
		return nil // it came before
	}
	c.last[d.Note] = d.Seq
	if c.counts[d.Note]++; d.Seq == 3 {
		close(c.done)
	}
	return nil
}

// publisher breaks the circle: the service tells the driver, and the driver reads the service.
type publisher struct{ *feed.Driver }

// A program's own Sink follows an account from the beginning of its log.
func Example() {
	ctx, stop := context.WithCancel(context.Background())
	dir, _ := os.MkdirTemp("", "feed")
	defer os.RemoveAll(dir)
	engine, _ := bolt.Open(filepath.Join(dir, "notes.db"), bolt.Options{})
	defer engine.Close()
	store, _ := dynamo.Open(ctx, engine, dynamo.Options{LogDays: 30, NewEpoch: func() string { return "epoch" }})
	told := new(publisher)
	service := notes.NewService(notes.Config{Store: store, Publisher: told, Limits: notes.DefaultLimits(), NewID: nextID()})

	sink := &counter{last: map[notes.NoteID]int64{}, counts: map[notes.NoteID]int{}, done: make(chan struct{})}
	told.Driver = feed.NewDriver(feed.Config{
		Log: service, Rows: store, Sinks: map[string]feed.Sink{"counter": sink}, Instance: "this-process-1", Alone: true, Logger: slog.Default(),
	})
	var running sync.WaitGroup
	running.Go(func() { told.Run(ctx) })
	defer func() { stop(); running.Wait() }()
	_, _ = told.Add(ctx, feed.New{User: "ann", Kind: "counter", ID: "counts", FromStart: true}) // the second time it does nothing

	var edit notes.Edit
	edit.Changes.Content = notes.Some("milk, eggs")
	for _, m := range []notes.Mutation{{Note: "shopping", Op: notes.Create{}}, {Note: "other", Op: notes.Create{}}, {Note: "shopping", Op: edit}} {
		_, _ = service.Mutate(ctx, "ann", "", m)
	}
	<-sink.done
	sink.mu.Lock()
	defer sink.mu.Unlock()
	fmt.Println(sink.counts["shopping"])
	// Output: 2
}

func nextID() func() string {
	n := 0
	return func() string { n++; return fmt.Sprint("id-", n) }
}
