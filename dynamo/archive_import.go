package dynamo

import (
	"context"
	"errors"
	"fmt"
	"io"

	"notewire/notes"
)

// Import fills an empty table with an archive, and tells progress now and then, if it is not
// nil. Each line is checked before it is used, so what stands before a line that is refused
// may have been written: VerifyArchive looks at everything first.
//
// An import that was interrupted goes on when it is run again with the same archive; rows
// that are there are compared and skipped. Until it is complete Open refuses the table. No
// server may have it open.
func Import(ctx context.Context, engine Engine, opts Options, r io.Reader, progress func(ArchiveCounts)) (ArchiveCounts, error) {
	archive, err := newArchiveReader(r)
	if err != nil {
		return ArchiveCounts{}, err
	}
	store, err := open(ctx, engine, opts)
	if err != nil {
		return ArchiveCounts{}, err
	}
	m := &importer{store: store, accounts: map[notes.UserID]bool{}}
	if m.compare, err = store.beginImport(ctx, &archive.header); err != nil {
		return ArchiveCounts{}, err
	}
	counts := func() ArchiveCounts {
		c := archive.counts
		c.Skipped = m.skipped
		return c
	}
	for {
		row, err := archive.read(ctx)
		if err == nil && row != nil {
			err = m.add(ctx, row)
		}
		if err != nil {
			return counts(), err
		}
		if row == nil {
			break
		}
		if progress != nil {
			progress(counts())
		}
	}
	if err := m.flush(ctx); err != nil {
		return counts(), err
	}
	return counts(), store.endImport(ctx, archive.counts)
}

// importKey is of the row that is there while an import is not complete. It names the
// archive.
var importKey = Key{metaKey.PK, "IMPORT"}

// errImporting is for an operator.
var errImporting = errors.New("an import into it is not complete: run notewire import with the same archive again, and it goes on (or start over with an empty store)")

// noImport returns an error if an import is not complete.
func (s *Store) noImport(ctx context.Context) error {
	found, err := s.engine.Get(ctx, importKey)
	if err != nil {
		return fmt.Errorf("look for an import: %w", err)
	}
	if found[0] != nil {
		return errImporting
	}
	return nil
}

// beginImport marks the table, or finds the mark of an earlier run with the same archive.
func (s *Store) beginImport(ctx context.Context, h *headerLine) (resumed bool, err error) {
	found, err := s.engine.Get(ctx, importKey)
	if err != nil {
		return false, fmt.Errorf("look for an import: %w", err)
	}
	if mark := found[0]; mark != nil {
		if get[string](mark.Attrs, "epoch") != h.Epoch || get[int64](mark.Attrs, "at") != int64(h.At) {
			return false, errors.New("the store holds part of another archive: go on with that one, or import into an empty store")
		}
		return true, nil
	}
	empty, err := s.empty(ctx)
	if err != nil {
		return false, fmt.Errorf("look whether the store is empty: %w", err)
	}
	if !empty {
		return false, errors.New("the store is not empty: an import needs an empty one (a new DATA_DIR, or a new table)")
	}
	mark := &Item{Key: importKey, Attrs: attrs{"epoch": h.Epoch, "at": int64(h.At)}}
	err = s.engine.Transact(ctx, []Op{{Put: mark, If: Cond{Kind: Absent}}})
	if _, clash := errors.AsType[*Clash](err); clash {
		return false, errors.New("another import into this store has just begun")
	}
	return false, err
}

// endImport checks that all is there, renews the epoch and takes the mark away.
func (s *Store) endImport(ctx context.Context, want ArchiveCounts) error {
	got, err := s.count(ctx)
	if err != nil {
		return fmt.Errorf("count what was imported: %w", err)
	}
	if !got.same(want) {
		return fmt.Errorf("the store holds %v, but the archive %v: something else wrote into it; import into an empty one", got, want)
	}
	s.epoch = s.opts.NewEpoch()
	meta := &Item{Key: metaKey, Attrs: attrs{"epoch": s.epoch, "layout": int64(layoutVersion)}}
	return s.engine.Transact(ctx, []Op{
		{Put: meta, If: Cond{Kind: Present}},
		{Delete: &importKey, If: Cond{Kind: Present}},
	})
}
