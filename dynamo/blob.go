package dynamo

import (
	"bytes"
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"time"

	"notewire/notes"
)

// A body that is too large for its row is a blob: immutable parts under the note, written
// before the commit that refers to them.
//
//	row      PK        SK
//	part     NOTE#id   PART#upload#00
//	blob     NOTE#id   BLOB#sha256       upload, parts, at: written by the commit
//	upload   UPLOADS   0001763700000000#upload   from before the parts until the commit
//
// The commit that first refers to a blob adds the blob row and removes the upload row; one
// that refers to it again renews the blob row's time. An upload row that stays behind
// belongs to a commit that never came, and SweepUploads removes its parts. It first marks
// the row, on which the commit's condition then fails: parts that are being removed can
// never be referred to.
type blob struct {
	upload string
	parts  int64
	sum    string
}

const uploadsPK = "UPLOADS"

func partKey(id notes.NoteID, upload string, i int64) Key {
	return Key{notePK(id), fmt.Sprintf("PART#%s#%02d", upload, i)}
}

const blobSK = "BLOB#"

func (b *blob) key(id notes.NoteID) Key { return Key{notePK(id), blobSK + b.sum} }

// partKeys returns the keys of all parts.
func (b *blob) partKeys(id notes.NoteID) []Key {
	keys := make([]Key, b.parts)
	for i := range keys {
		keys[i] = partKey(id, b.upload, int64(i))
	}
	return keys
}

func uploadKey(at int64, upload string) Key {
	return Key{uploadsPK, fmt.Sprintf("%016d#%s", at, upload)}
}

// partsInTransaction keeps a transaction of parts below DynamoDB's 4 MB.
const partsInTransaction = 8

// putBlob makes sure that the parts are there, and returns the blob with the ops that the
// commit must carry to refer to it.
func (s *Store) putBlob(ctx context.Context, id notes.NoteID, packed []byte) (*blob, []Op, error) {
	sum := sha256.Sum256(packed)
	b := &blob{sum: hex.EncodeToString(sum[:])}
	found, err := s.engine.Get(ctx, b.key(id))
	if err != nil {
		return nil, nil, fmt.Errorf("look for a blob of %s: %w", id, err)
	}
	now := s.opts.Now().UnixMilli()
	if found[0] != nil {
		a := attrs(found[0].Attrs)
		b.upload, b.parts = get[string](a, "upload"), get[int64](a, "parts")
		return b, []Op{{Put: b.item(id, now), If: Cond{Kind: Equal, Attr: "at", N: get[int64](a, "at")}}}, nil
	}
	b.upload = rand.Text()
	upload, err := s.upload(ctx, id, b, packed, now)
	if err != nil {
		return nil, nil, fmt.Errorf("write a blob of %s: %w", id, err)
	}
	return b, []Op{
		{Put: b.item(id, now), If: Cond{Kind: Absent}},
		{Delete: &upload, If: Cond{Kind: Equal, Attr: "swept", N: 0}},
	}, nil
}

func (b *blob) item(id notes.NoteID, at int64) *Item {
	return &Item{Key: b.key(id), Attrs: attrs{"upload": b.upload, "parts": b.parts, "at": at}}
}

// upload writes the upload row and then the parts.
func (s *Store) upload(ctx context.Context, id notes.NoteID, b *blob, packed []byte, now int64) (Key, error) {
	b.parts = int64((len(packed) + partBytes - 1) / partBytes)
	row := uploadKey(now, b.upload)
	ops := []Op{{Put: &Item{Key: row, Attrs: attrs{"note": string(id), "parts": b.parts, "swept": int64(0)}}}}
	for i := range b.parts {
		data := packed[i*partBytes : min(int64(len(packed)), (i+1)*partBytes)]
		ops = append(ops, Op{Put: &Item{Key: partKey(id, b.upload, i), Attrs: attrs{"data": data}}})
		if len(ops) == partsInTransaction || i == b.parts-1 {
			if err := s.engine.Transact(ctx, ops); err != nil {
				return row, err
			}
			ops = nil
		}
	}
	return row, nil
}

// getBlob reads the parts of a blob and puts them together.
func (s *Store) getBlob(ctx context.Context, id notes.NoteID, b *blob) ([]byte, error) {
	items, err := s.engine.Get(ctx, b.partKeys(id)...)
	if err != nil {
		return nil, fmt.Errorf("read a blob of %s: %w", id, err)
	}
	var packed bytes.Buffer
	for i, item := range items {
		if item == nil {
			return nil, fmt.Errorf("part %d of blob %s of %s is not there", i, b.upload, id)
		}
		packed.Write(get[[]byte](item.Attrs, "data"))
	}
	return packed.Bytes(), nil
}

// sweepBatch is how many uploads SweepUploads looks at in one read.
const sweepBatch = 100

// SweepUploads removes the parts of uploads that were begun before the given time and never
// committed, and returns how many uploads it removed. Any number of instances may do it at
// once, and be stopped at any moment.
func (s *Store) SweepUploads(ctx context.Context, before time.Time) (removed int, err error) {
	for {
		page, err := s.engine.Query(ctx, Query{
			PK: uploadsPK, From: " ", To: uploadKey(before.UnixMilli(), "").SK, Limit: sweepBatch,
		})
		if err != nil {
			return removed, fmt.Errorf("read uploads: %w", err)
		}
		for _, item := range page.Items {
			if err := s.sweepUpload(ctx, item); err != nil {
				return removed, fmt.Errorf("sweep upload %s: %w", item.SK, err)
			}
			removed++
		}
		if !page.More {
			return removed, nil
		}
	}
}

// sweepUpload marks the upload, so that no commit can refer to it any more, and then
// removes its parts and the row itself.
func (s *Store) sweepUpload(ctx context.Context, row *Item) error {
	if get[int64](row.Attrs, "swept") == 0 {
		marked := &Item{Key: row.Key, Attrs: attrs{"note": row.Attrs["note"], "parts": row.Attrs["parts"], "swept": int64(1)}}
		err := s.engine.Transact(ctx, []Op{{Put: marked, If: Cond{Kind: Equal, Attr: "swept", N: 0}}})
		if _, committed := errors.AsType[*Clash](err); committed {
			return nil
		} else if err != nil {
			return err
		}
	}
	id := notes.NoteID(get[string](row.Attrs, "note"))
	b := blob{upload: row.SK[len(row.SK)-len(rand.Text()):], parts: get[int64](row.Attrs, "parts")}
	var ops []Op
	for _, key := range b.partKeys(id) {
		ops = append(ops, Op{Delete: &key})
	}
	return s.engine.Transact(ctx, append(ops, Op{Delete: &row.Key}))
}
