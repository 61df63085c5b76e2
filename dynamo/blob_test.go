package dynamo_test

import (
	"crypto/rand"
	"encoding/base64"
	"errors"
	"path/filepath"
	"testing"
	"time"

	"notewire/dynamo"
	"notewire/dynamo/bolt"
	"notewire/dynamo/dynamotest"
	"notewire/notes"
)

// large is a text that does not compress below the size of one part.
func large(t *testing.T) string {
	t.Helper()
	data := make([]byte, 700<<10)
	_, _ = rand.Read(data) // never fails
	return base64.StdEncoding.EncodeToString(data)
}

// rig is a service on a store whose engine can be made to fail.
type rig struct {
	*notes.Service
	t      *testing.T
	engine *dynamotest.Faulty
	store  *dynamo.Store
}

func newRig(t *testing.T) *rig {
	t.Helper()
	file, err := bolt.Open(filepath.Join(t.TempDir(), "notes.db"), bolt.Options{NoSync: true, SweepEvery: -1})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = file.Close() })
	r := &rig{t: t, engine: &dynamotest.Faulty{Engine: file}}
	r.store, err = dynamo.Open(t.Context(), r.engine, dynamo.Options{LogDays: 30, NewEpoch: rand.Text})
	if err != nil {
		t.Fatal(err)
	}
	r.Service = notes.NewService(notes.Config{Store: r.store, Publisher: nobody{}, Limits: notes.DefaultLimits(), NewID: rand.Text})
	return r
}

func (r *rig) do(op notes.Op) (*notes.Outcome, error) {
	return r.Mutate(r.t.Context(), "ann", "", notes.Mutation{Note: "n", Op: op})
}

func (r *rig) must(op notes.Op) {
	r.t.Helper()
	if _, err := r.do(op); err != nil {
		r.t.Fatal(err)
	}
}

func content(text string) notes.Op {
	var e notes.Edit
	e.Changes.Content = notes.Some(text)
	return e
}

// keys returns the sort keys of a partition that begin with a prefix.
func (r *rig) keys(pk, prefix string) (keys []string) {
	r.t.Helper()
	page, err := r.engine.Query(r.t.Context(), dynamo.Query{PK: pk, From: prefix, To: prefix + "~", Limit: 1000})
	if err != nil {
		r.t.Fatal(err)
	}
	for _, item := range page.Items {
		keys = append(keys, item.SK)
	}
	return keys
}

func TestALargeBodyIsWrittenInPartsAndReadAgain(t *testing.T) {
	r := newRig(t)
	r.must(notes.Create{})
	text := large(t)
	r.must(content(text))
	r.must(content("small again"))
	r.must(notes.Revert{Version: 2})
	for _, n := range []int64{2, 4} {
		v, _, err := r.Version(t.Context(), "ann", "n", n)
		if err != nil || v.Content != text {
			t.Errorf("version %d has %d bytes: %v", n, len(v.Content), err)
		}
	}
	if parts, blobs := r.keys("NOTE#n", "PART#"), r.keys("NOTE#n", "BLOB#"); len(parts) != 3 || len(blobs) != 1 {
		t.Errorf("a revert does not use the parts that are there: %v %v", parts, blobs)
	}
	if uploads := r.keys("UPLOADS", ""); len(uploads) != 0 {
		t.Errorf("uploads are left after their commits: %v", uploads)
	}
}

func TestPartsOfACommitThatNeverCameAreSwept(t *testing.T) {
	r := newRig(t)
	r.must(notes.Create{})
	kept := large(t)
	r.must(content(kept))
	r.engine.OnTransact = func(ops []dynamo.Op) (bool, error) {
		if isCommit(ops) {
			return false, errors.New("the process dies here")
		}
		return true, nil
	}
	if _, err := r.do(content(large(t))); notes.CodeOf(err) != notes.Unavailable {
		t.Fatal(err)
	}
	r.engine.OnTransact = nil
	if n, err := r.store.SweepUploads(t.Context(), time.Now().Add(-time.Hour)); n != 0 || err != nil {
		t.Errorf("an upload of just now was swept: %d %v", n, err)
	}
	n, err := r.store.SweepUploads(t.Context(), time.Now().Add(time.Hour))
	if n == 0 || err != nil {
		t.Errorf("%d uploads swept: %v", n, err)
	}
	if parts, uploads := r.keys("NOTE#n", "PART#"), r.keys("UPLOADS", ""); len(parts) != 3 || len(uploads) != 0 {
		t.Errorf("left: %v %v", parts, uploads)
	}
	if v, err := r.Get(t.Context(), "ann", "n"); err != nil || v.Content != kept {
		t.Errorf("the sweep took what a version refers to: %v", err)
	}
}

// A sweep between the parts and their commit: the commit must write them again.
func TestASweptUploadCannotBeCommitted(t *testing.T) {
	r := newRig(t)
	r.must(notes.Create{})
	swept := 0
	r.engine.OnTransact = func(ops []dynamo.Op) (bool, error) {
		if isCommit(ops) && swept == 0 {
			n, err := r.store.SweepUploads(t.Context(), time.Now().Add(time.Hour))
			if err != nil {
				t.Error(err)
			}
			swept += n
		}
		return true, nil
	}
	text := large(t)
	r.must(content(text))
	if v, err := r.Get(t.Context(), "ann", "n"); swept != 1 || err != nil || v.Content != text {
		t.Errorf("%d swept; %v", swept, err)
	}
}

// isCommit reports whether a transaction writes a note's head.
func isCommit(ops []dynamo.Op) bool {
	for _, op := range ops {
		if op.Put != nil && op.Put.SK == "HEAD" {
			return true
		}
	}
	return false
}
