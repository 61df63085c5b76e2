package dynamo

import (
	"context"
	"errors"
	"fmt"
	"time"

	"notewire/notes"
)

// A history that is made thinner loses version rows, and then the blobs to which no other version
// refers. Whoever removes rows of a note that has blobs marks the note in the same transaction;
// the mark goes when its blobs have been looked through. So it does not matter where somebody is
// stopped, or how many do it at once.
//
//	row      PK        SK
//	mark     NOTE#id   THIN    at: when rows were last removed
//
// A blob's row is removed only if it is as it was before all versions were looked through: a
// commit that refers to the blob again renews it, and one of the two clashes. In the same
// transaction its parts become an upload that is being swept: SweepUploads removes them a day
// later, when nobody reads them any more who has read the version's row.

func thinKey(id notes.NoteID) Key { return Key{notePK(id), "THIN"} }

const (
	infosBytes = 1 << 20 // of rows, bodies in them too, in one read
	// renewedWithin is how young a blob's row may be to be looked at: one that was renewed just
	// now belongs to a version that was, and two renewals of one millisecond look alike.
	renewedWithin = time.Hour
	blobsInPage   = 100
)

// VersionInfos implements notes.Histories.
func (s *Store) VersionInfos(ctx context.Context, id notes.NoteID, r notes.Range) ([]*notes.Version, error) {
	q := historyQuery(id, r)
	q.Bytes = infosBytes
	page, err := s.engine.Query(ctx, q)
	if err != nil {
		return nil, fmt.Errorf("read the versions of %s: %w", id, err)
	}
	versions := make([]*notes.Version, len(page.Items))
	for i, item := range page.Items {
		versions[i] = versionOf(item)
	}
	return versions, nil
}

// Thin implements notes.Histories.
func (s *Store) Thin(ctx context.Context, id notes.NoteID, head int64, versions []int64) error {
	marks, err := s.engine.Get(ctx, lateKey(id), thinKey(id))
	if err != nil {
		return fmt.Errorf("thin %s: %w", id, err)
	}
	if marks[0] != nil {
		return notes.ErrClash
	}
	if len(versions) == 0 && marks[1] == nil {
		return nil
	}
	blobs, err := s.engine.Query(ctx, Query{PK: notePK(id), From: blobSK, To: blobSK + last, Limit: 1})
	if err != nil {
		return fmt.Errorf("look for blobs of %s: %w", id, err)
	}
	for len(versions) > 0 {
		some := versions[:min(len(versions), removedInBatch)]
		if err := s.removeVersions(ctx, id, head, some, len(blobs.Items) > 0); err != nil {
			return fmt.Errorf("remove versions of %s: %w", id, err)
		}
		versions = versions[len(some):]
	}
	if len(blobs.Items) == 0 && marks[1] == nil {
		return nil
	}
	if err := s.removeBlobs(ctx, id); err != nil {
		return fmt.Errorf("remove blobs of %s: %w", id, err)
	}
	return nil
}

// removeVersions removes rows, while the head is as it was.
func (s *Store) removeVersions(ctx context.Context, id notes.NoteID, head int64, versions []int64, mark bool) error {
	headRow := headKey(id)
	ops := []Op{{Check: &headRow, If: Cond{Kind: Equal, Attr: "version", N: head}}}
	for _, n := range versions {
		if n >= head {
			return fmt.Errorf("version %d is not older than the current one, %d", n, head)
		}
		key := versionKey(id, n)
		ops = append(ops, Op{Delete: &key})
	}
	if mark {
		ops = append(ops, Op{Put: &Item{Key: thinKey(id), Attrs: attrs{"at": s.opts.Now().UnixNano()}}})
	}
	err := s.engine.Transact(ctx, ops)
	if _, clash := errors.AsType[*Clash](err); clash {
		return notes.ErrClash
	}
	return err
}

// namedOps see to it that the version that v names is still there: Thin may have removed it since
// it was read, without a change of the head. Of the last versions it removes none.
func namedOps(v *notes.Version) []Op {
	n := v.Names()
	if n == 0 || n > v.Note.Version-1-notes.KeepAtLeast {
		return nil
	}
	key := versionKey(v.ID, n)
	return []Op{{Check: &key, If: Cond{Kind: Present}}}
}

// removeBlobs removes the blobs to which no version refers, and then the mark, unless it was set
// again meanwhile.
func (s *Store) removeBlobs(ctx context.Context, id notes.NoteID) error {
	key := thinKey(id)
	mark, err := s.engine.Get(ctx, key)
	if err != nil || mark[0] == nil {
		return err
	}
	blobs, err := s.blobsOf(ctx, id) // before the versions: one that is new to a version then has been renewed
	if err != nil {
		return err
	}
	if err := s.dropReferred(ctx, id, blobs); err != nil {
		return err
	}
	for _, row := range blobs {
		if err := s.discard(ctx, id, row); err != nil {
			return err
		}
	}
	err = s.engine.Transact(ctx, []Op{{Delete: &key, If: Cond{Kind: Equal, Attr: "at", N: get[int64](mark[0].Attrs, "at")}}})
	if _, again := errors.AsType[*Clash](err); again {
		return nil // its setter goes on
	}
	return err
}

// blobsOf returns the rows of a note's blobs that nobody refers to only since just now, by their
// uploads.
func (s *Store) blobsOf(ctx context.Context, id notes.NoteID) (map[string]*Item, error) {
	blobs := map[string]*Item{}
	before := s.opts.Now().Add(-renewedWithin).UnixMilli()
	q := Query{PK: notePK(id), From: blobSK, To: blobSK + last, Limit: blobsInPage}
	for {
		page, err := s.engine.Query(ctx, q)
		if err != nil {
			return nil, err
		}
		for _, row := range page.Items {
			if get[int64](row.Attrs, "at") < before {
				blobs[get[string](row.Attrs, "upload")] = row
			}
		}
		if !page.More {
			return blobs, nil
		}
		q.After = page.Items[len(page.Items)-1]
	}
}

// dropReferred takes out those blobs to which a version refers.
func (s *Store) dropReferred(ctx context.Context, id notes.NoteID, blobs map[string]*Item) error {
	q := historyQuery(id, notes.Range{Limit: blobsInPage})
	q.Bytes = infosBytes
	for len(blobs) > 0 {
		page, err := s.engine.Query(ctx, q)
		if err != nil {
			return err
		}
		for _, row := range page.Items {
			for _, name := range []string{theBody, thePosted} {
				delete(blobs, get[string](row.Attrs, name+"Upload"))
			}
		}
		if !page.More {
			return nil
		}
		q.After = page.Items[len(page.Items)-1]
	}
	return nil
}

// discard makes the parts of a blob an upload that SweepUploads removes, unless a commit has
// referred to the blob again.
func (s *Store) discard(ctx context.Context, id notes.NoteID, row *Item) error {
	upload := uploadKey(s.opts.Now().UnixMilli(), get[string](row.Attrs, "upload"))
	err := s.engine.Transact(ctx, []Op{
		{Delete: &row.Key, If: Cond{Kind: Equal, Attr: "at", N: get[int64](row.Attrs, "at")}},
		{Put: &Item{Key: upload, Attrs: attrs{"note": string(id), "parts": row.Attrs["parts"], "swept": int64(1)}}},
	})
	if _, renewed := errors.AsType[*Clash](err); renewed {
		return nil
	}
	return err
}

// EachNote calls each with the id of every note that is in the table all the while, purged ones
// too, in no order, until it returns an error.
func (s *Store) EachNote(ctx context.Context, each func(notes.NoteID) error) error {
	var failed error
	err := s.scan(ctx, func(key Key) bool {
		if key.isHead() {
			failed = each(noteOf(key.PK))
		}
		return failed == nil
	})
	return errors.Join(failed, err)
}
