package dynamo

import (
	"context"
	"fmt"

	"notewire/notes"
)

// Where a body is, by its size: in attributes of its own, in one compressed attribute, or
// in a blob. The names of the attributes begin with which body it is.
const (
	theBody   = "body"   // the note's
	thePosted = "posted" // what the mutation carried, where merging changed it
)

// writeVersion returns the row of a version, and the ops that its commit must carry beside
// it. It may write parts of blobs, to which nothing refers yet.
func (s *Store) writeVersion(ctx context.Context, v *notes.Version) (*Item, []Op, error) {
	item := versionItem(v)
	var ops []Op
	room := partBytes // for the bodies in the row itself: an item is at most 400 KB
	if v.Size() <= packAbove {
		putBody(item.Attrs, &v.Body)
		room -= int(v.Size())
	} else {
		more, err := s.writePacked(ctx, item.Attrs, theBody, v.ID, &v.Body, &room)
		if err != nil {
			return nil, nil, err
		}
		ops = append(ops, more...)
	}
	if v.Posted != nil {
		more, err := s.writePacked(ctx, item.Attrs, thePosted, v.ID, v.Posted, &room)
		if err != nil {
			return nil, nil, err
		}
		ops = append(ops, more...)
	}
	return item, ops, nil
}

// writePacked takes what it needs of the room in the row, or leaves it.
func (s *Store) writePacked(ctx context.Context, a attrs, name string, id notes.NoteID, b *notes.Body, room *int) ([]Op, error) {
	packed, err := pack(b)
	if err != nil {
		return nil, fmt.Errorf("pack the %s of %s: %w", name, id, err)
	}
	if len(packed) <= *room {
		a[name] = packed
		*room -= len(packed)
		return nil, nil
	}
	blob, ops, err := s.putBlob(ctx, id, packed)
	if err != nil {
		return nil, err
	}
	a[name+"Upload"], a[name+"Parts"] = blob.upload, blob.parts
	return ops, nil
}

// readVersion returns the version of a row, with its bodies.
func (s *Store) readVersion(ctx context.Context, item *Item) (*notes.Version, error) {
	v := versionOf(item)
	body, err := s.readPacked(ctx, item.Attrs, theBody, v.ID)
	if err != nil {
		return nil, err
	}
	if body != nil {
		v.Body = *body
	} else {
		addBody(item.Attrs, &v.Body)
	}
	v.Posted, err = s.readPacked(ctx, item.Attrs, thePosted, v.ID)
	return v, err
}

// readPacked returns a body that writePacked wrote, or nil if there is none.
func (s *Store) readPacked(ctx context.Context, a attrs, name string, id notes.NoteID) (*notes.Body, error) {
	packed := get[[]byte](a, name)
	if upload := get[string](a, name+"Upload"); upload != "" {
		var err error
		packed, err = s.getBlob(ctx, id, &blob{upload: upload, parts: get[int64](a, name+"Parts")})
		if err != nil {
			return nil, err
		}
	}
	if packed == nil {
		return nil, nil
	}
	return unpack(packed)
}

func (s *Store) readVersions(ctx context.Context, items []*Item) ([]*notes.Version, error) {
	versions := make([]*notes.Version, len(items))
	for i, item := range items {
		if item == nil {
			continue
		}
		v, err := s.readVersion(ctx, item)
		if err != nil {
			return nil, err
		}
		versions[i] = v
	}
	return versions, nil
}
