package bolt

import (
	"fmt"
	"path/filepath"
	"slices"
	"sync"
	"testing"
	"time"

	"go.etcd.io/bbolt"

	"notewire/dynamo"
)

// The workload: check the version of a head (1 KB), write it and a history row (1 KB);
// 64 notes for each writer. Each round of the engine is followed by one of the baseline,
// for the speed of a disk changes from minute to minute.
const (
	benchNotes = 64
	benchBody  = 1000
	benchRound = 128 // transactions of a writer
)

func BenchmarkTransact(b *testing.B) {
	for _, writers := range []int{1, 16} {
		b.Run(fmt.Sprintf("writers=%d", writers), func(b *testing.B) {
			e := open(b, file(b))
			raw := openBaseline(b)
			body := make([]byte, benchBody)
			var ours, theirs []float64
			version := int64(0)
			for b.Loop() {
				ours = append(ours, round(b, writers, version, func(w int, n int64) error { return save(b, e, body, w, n) }))
				theirs = append(theirs, round(b, writers, version, func(w int, n int64) error { return raw.save(pairs(w, n, body)) }))
				version += benchRound
			}
			b.ReportMetric(median(ours), "engine-tx/s")
			b.ReportMetric(median(theirs), "raw-tx/s")
			b.ReportMetric(median(ours)/median(theirs), "ratio")
		})
	}
}

// round returns the transactions per second of some writers at once.
func round(b *testing.B, writers int, version int64, save func(writer int, n int64) error) float64 {
	var all sync.WaitGroup
	start := time.Now()
	for w := range writers {
		all.Go(func() {
			for n := version; n < version+benchRound; n++ {
				if err := save(w, n); err != nil {
					b.Error(err)
					return
				}
			}
		})
	}
	all.Wait()
	return float64(writers*benchRound) / time.Since(start).Seconds()
}

func median(rates []float64) float64 {
	slices.Sort(rates)
	return rates[len(rates)/2]
}

// rowsOf returns what the n-th transaction of a writer puts.
func rowsOf(w int, n int64, body []byte) (head, history *dynamo.Item, cond dynamo.Cond) {
	pk, version := fmt.Sprintf("NOTE#%d-%d", w, n%benchNotes), n/benchNotes+1
	attrs := map[string]any{"ver": version, "body": body}
	head = &dynamo.Item{Key: dynamo.Key{PK: pk, SK: "HEAD"}, Attrs: attrs}
	history = &dynamo.Item{Key: dynamo.Key{PK: pk, SK: fmt.Sprintf("VER#%010d", version)}, Attrs: attrs}
	if version > 1 {
		return head, history, dynamo.Cond{Kind: dynamo.Equal, Attr: "ver", N: version - 1}
	}
	return head, history, dynamo.Cond{Kind: dynamo.Absent}
}

func save(b *testing.B, e *Engine, body []byte, w int, n int64) error {
	head, history, cond := rowsOf(w, n, body)
	return e.Transact(b.Context(), []dynamo.Op{{Put: head, If: cond}, {Put: history, If: dynamo.Cond{Kind: dynamo.Absent}}})
}

// pairs returns the same keys and as many bytes for the baseline.
func pairs(w int, n int64, body []byte) [][2][]byte {
	pk, version := fmt.Sprintf("NOTE#%d-%d", w, n%benchNotes), n/benchNotes+1
	value := append(make([]byte, 0, benchBody+32), body...)
	value = fmt.Appendf(value, "%022d", version)
	return [][2][]byte{
		{[]byte(pk + "\x00HEAD"), value},
		{fmt.Appendf(nil, "%s\x00VER#%010d", pk, version), value},
	}
}

// baseline is bbolt with the same group commit and nothing else.
type baseline struct {
	db    *bbolt.DB
	queue chan rawRequest
}

type rawRequest struct {
	pairs [][2][]byte
	done  chan error
}

func openBaseline(b *testing.B) *baseline {
	db, err := bbolt.Open(filepath.Join(b.TempDir(), "raw.db"), 0o600, boltOptions(false))
	if err != nil {
		b.Fatal(err)
	}
	if err := db.Update(func(tx *bbolt.Tx) error { _, err := tx.CreateBucket(itemsBucket); return err }); err != nil {
		b.Fatal(err)
	}
	raw := &baseline{db: db, queue: make(chan rawRequest, maxGroup)}
	var writer sync.WaitGroup
	writer.Go(raw.run)
	b.Cleanup(func() { close(raw.queue); writer.Wait(); _ = db.Close() })
	return raw
}

func (raw *baseline) save(pairs [][2][]byte) error {
	r := rawRequest{pairs, make(chan error, 1)}
	raw.queue <- r
	return <-r.done
}

func (raw *baseline) run() {
	for r := range raw.queue {
		group := []rawRequest{r}
		for len(raw.queue) > 0 && len(group) < maxGroup {
			group = append(group, <-raw.queue)
		}
		err := raw.db.Update(func(tx *bbolt.Tx) error {
			bucket := tx.Bucket(itemsBucket)
			for _, r := range group {
				for _, pair := range r.pairs {
					if err := bucket.Put(pair[0], pair[1]); err != nil {
						return err
					}
				}
			}
			return nil
		})
		for _, r := range group {
			r.done <- err
		}
	}
}
