package bolt

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"go.etcd.io/bbolt"

	"notewire/dynamo"
	"notewire/notes"
)

// BenchmarkDurableEdits commits 1 KB edits through notes.Service, each writer on an account
// of its own, and then has raw bbolt write the very same keys and bytes with the same group
// commit, in turns so that a change of the disk's mood meets both. It reports edits per
// second and how they compare with raw bbolt; and for 16 writers, how they compare with 1.
//
//	go test ./dynamo/bolt -run '^$' -bench DurableEdits -benchtime 1x
func BenchmarkDurableEdits(b *testing.B) {
	const rounds = 5
	var alone, raw [2][]float64 // by number of writers: 1, 16
	for b.Loop() {
		for range rounds {
			for i, writers := range []int{1, 16} {
				ours, trace := editFor(b, writers, time.Second)
				alone[i] = append(alone[i], ours)
				raw[i] = append(raw[i], replayRaw(b, trace))
			}
		}
	}
	one, sixteen := median(alone[0]), median(alone[1])
	rawOne, rawSixteen := median(raw[0]), median(raw[1])
	b.ReportMetric(0, "ns/op")
	b.ReportMetric(one, "edits/s@1")
	b.ReportMetric(sixteen, "edits/s@16")
	b.ReportMetric(one/rawOne, "x-raw@1")
	b.ReportMetric(sixteen/rawSixteen, "x-raw@16")
	b.ReportMetric((sixteen/one)/(rawSixteen/rawOne), "x-raw-of-16:1")
}

// recorder keeps what each writer's transactions wrote.
type recorder struct {
	dynamo.Engine
	writer int
	traces [][][]dynamo.Op
}

func (r *recorder) Transact(ctx context.Context, ops []dynamo.Op) error {
	r.traces[r.writer] = append(r.traces[r.writer], ops)
	return r.Engine.Transact(ctx, ops)
}

type nobody struct{}

func (nobody) Publish(notes.Topic, int64) {}

// editFor lets writers edit for a while, and returns edits per second and what was written.
func editFor(b *testing.B, writers int, d time.Duration) (float64, [][][]dynamo.Op) {
	engine, err := Open(filepath.Join(b.TempDir(), "ours.db"), Options{})
	if err != nil {
		b.Fatal(err)
	}
	defer engine.Close()
	traces := make([][][]dynamo.Op, writers)
	text := strings.Repeat("a line of a note, and so on\n", 1024/28)
	deadline := time.Now().Add(d)
	var wg sync.WaitGroup
	for w := range writers {
		store, err := dynamo.Open(b.Context(), &recorder{engine, w, traces}, dynamo.Options{LogDays: 30, NewEpoch: func() string { return "e" }})
		if err != nil {
			b.Fatal(err)
		}
		wg.Go(func() { editUntil(b, store, w, text, deadline) })
	}
	wg.Wait()
	edits := 0
	for _, t := range traces {
		edits += len(t)
	}
	return float64(edits) / d.Seconds(), traces
}

func editUntil(b *testing.B, store notes.Store, w int, text string, deadline time.Time) {
	n := 0
	service := notes.NewService(notes.Config{
		Store: store, Publisher: nobody{}, Limits: notes.DefaultLimits(),
		NewID: func() string { n++; return fmt.Sprintf("0190a0c0-%04d-7000-8000-%012d", w, n) },
	})
	user, id := notes.UserID(fmt.Sprintf("user_%d", w)), notes.NoteID(fmt.Sprintf("note_%d", w))
	var op notes.Op = notes.Create{}
	for time.Now().Before(deadline) {
		if _, err := service.Mutate(b.Context(), user, "", notes.Mutation{Note: id, Op: op}); err != nil {
			b.Error(err)
			return
		}
		var edit notes.Edit
		edit.Changes.Content = notes.Some(fmt.Sprint(n, text))
		op = edit
	}
}

// replayRaw is the baseline: bbolt alone writes what was recorded, each writer in its own
// order, through one goroutine that commits what is waiting. It returns transactions per
// second.
func replayRaw(b *testing.B, traces [][][]dynamo.Op) float64 {
	db, err := bbolt.Open(filepath.Join(b.TempDir(), "raw.db"), 0o600, boltOptions(false))
	if err != nil {
		b.Fatal(err)
	}
	defer db.Close()
	type pair struct{ bucket, key, value []byte } // no value: the key is deleted
	type job struct {
		puts []pair
		done chan struct{}
	}
	queue, total := make(chan job, 256), 0
	jobs := make([][]job, len(traces))
	for w, trace := range traces {
		places := map[dynamo.Key][]byte{}
		for _, ops := range trace {
			j := job{done: make(chan struct{}, 1)}
			for _, op := range ops {
				place, value, _ := encodeItem(op.Put)
				j.puts = append(j.puts, pair{itemsBucket, joinKey(op.Put.Key), value})
				if len(place) > 0 {
					entry := joinEntry(place, joinKey(op.Put.Key))
					j.puts = append(j.puts, pair{indexBucket, entry, []byte{}})
					if old := places[op.Put.Key]; old != nil {
						j.puts = append(j.puts, pair{indexBucket, old, nil})
					}
					places[op.Put.Key] = entry
				}
			}
			jobs[w] = append(jobs[w], j)
			total++
		}
	}
	go func() {
		for j := range queue {
			group := []job{j}
			for len(queue) > 0 {
				group = append(group, <-queue)
			}
			err := db.Update(func(tx *bbolt.Tx) error {
				for _, j := range group {
					for _, p := range j.puts {
						bucket, err := tx.CreateBucketIfNotExists(p.bucket)
						if p.value == nil {
							err = errors.Join(err, bucket.Delete(p.key))
						} else {
							err = errors.Join(err, bucket.Put(p.key, p.value))
						}
						if err != nil {
							return err
						}
					}
				}
				return nil
			})
			if err != nil {
				b.Error(err)
			}
			for _, j := range group {
				j.done <- struct{}{}
			}
		}
	}()
	begun := time.Now()
	var wg sync.WaitGroup
	for _, mine := range jobs {
		wg.Go(func() {
			for _, j := range mine {
				queue <- j
				<-j.done
			}
		})
	}
	wg.Wait()
	close(queue)
	return float64(total) / time.Since(begun).Seconds()
}
