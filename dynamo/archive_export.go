package dynamo

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"

	"notewire/notes"
)

const (
	keysInMemory = 1 << 18 // of notes, or of folders; for more, the table is scanned again
	exportPage   = 100     // versions in one read
	exportedSize = 4 << 20 // bytes of bodies in one read
)

// Export writes everything as an archive, and tells progress after each note, if it is not
// nil. It may run beside a server: each note is then as it was at some moment meanwhile.
// Its memory does not grow with the store.
func (s *Store) Export(ctx context.Context, w io.Writer, progress func(ArchiveCounts)) (ArchiveCounts, error) {
	x := &exporter{store: s, w: w, progress: progress}
	header := headerLine{Kind: lineHeader, Format: archiveFormat, Epoch: s.epoch, At: notes.MillisOf(s.opts.Now())}
	if err := x.write(newSeal(), header); err != nil {
		return x.counts, err
	}
	x.seal = newSeal()
	err := x.each(ctx, Key.isHead, func(key Key) error {
		id := noteOf(key.PK)
		if err := x.note(ctx, id); err != nil {
			return fmt.Errorf("export note %s: %w", id, err)
		}
		return nil
	})
	if err != nil {
		return x.counts, err
	}
	if err := x.folders(ctx); err != nil {
		return x.counts, err
	}
	err = x.write(x.seal, endLine{Kind: lineEnd, ArchiveCounts: x.counts, SHA256: x.seal.sum()})
	return x.counts, err
}

type exporter struct {
	store    *Store
	w        io.Writer
	seal     *seal
	text     bytes.Buffer
	counts   ArchiveCounts
	progress func(ArchiveCounts)
}

func (x *exporter) write(s *seal, line any) error {
	x.text.Reset()
	encoder := json.NewEncoder(&x.text)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(line); err != nil {
		return err
	}
	n, err := x.w.Write(s.close(bytes.TrimSuffix(x.text.Bytes(), []byte("\n"))))
	x.counts.Bytes += int64(n)
	return err
}

// each calls do with every key of that kind, in order.
func (x *exporter) each(ctx context.Context, kind func(Key) bool, do func(Key) error) error {
	for after := (Key{}); ; {
		keys, err := x.store.nextKeys(ctx, kind, after, keysInMemory)
		if err != nil {
			return err
		}
		for _, key := range keys {
			if err := do(key); err != nil {
				return err
			}
		}
		if len(keys) < keysInMemory {
			return nil
		}
		after = keys[len(keys)-1]
	}
}

// note writes a note's versions and then the entries of those who see the last one.
func (x *exporter) note(ctx context.Context, id notes.NoteID) error {
	from, err := x.first(ctx, id)
	if err != nil {
		return err
	}
	var head *notes.Note
	for r := (notes.Range{After: from - 1, Limit: exportPage, Bytes: exportedSize}); ; r.After = head.Version {
		versions, err := x.store.History(ctx, id, r)
		if err != nil {
			return err
		}
		for _, v := range versions {
			if err := x.write(x.seal, lineOfVersion(v)); err != nil {
				return err
			}
			head = v.Note
			x.counts.Versions++
		}
		if len(versions) == 0 {
			break
		}
	}
	if head == nil {
		return errors.New("it has no versions")
	}
	x.counts.Notes++
	if err := x.entries(ctx, head); err != nil {
		return err
	}
	if x.progress != nil {
		x.progress(x.counts)
	}
	return nil
}

// first returns the first version of a note that anybody may read: of one that was purged that
// is the last.
func (x *exporter) first(ctx context.Context, id notes.NoteID) (int64, error) {
	heads, err := x.store.engine.Get(ctx, headKey(id))
	if err != nil || heads[0] == nil || !get[bool](heads[0].Attrs, "purged") {
		return 1, err
	}
	return get[int64](heads[0].Attrs, "version"), nil
}

func (x *exporter) entries(ctx context.Context, head *notes.Note) error {
	if head.Purged {
		return nil
	}
	users := head.Accounts()
	slices.Sort(users)
	keys := make([]Key, len(users))
	for i, u := range users {
		keys[i] = entryKey(u, head.ID)
	}
	items, err := x.store.engine.Get(ctx, keys...)
	if err != nil {
		return err
	}
	for i, u := range users {
		line := entryLine{Kind: lineEntry, ID: head.ID, User: u}
		if items[i] != nil { // he may have left just now
			line.Fields = entryOf(u, items[i]).Fields
		}
		line.Tags = append([]string{}, line.Tags...)
		if err := x.write(x.seal, line); err != nil {
			return err
		}
		x.counts.Entries++
	}
	return nil
}

// folders writes all accounts' folders.
func (x *exporter) folders(ctx context.Context) error {
	return x.each(ctx, Key.isFolder, func(key Key) error {
		items, err := x.store.engine.Get(ctx, key)
		if err != nil {
			return fmt.Errorf("export %s of %s: %w", key.SK, key.PK, err)
		}
		if items[0] == nil { // it was deleted just now
			return nil
		}
		x.counts.Folders++
		return x.write(x.seal, folderLine{Kind: lineFolder, Folder: *folderOf(get[string](items[0].Attrs, "folder"), 0)})
	})
}
