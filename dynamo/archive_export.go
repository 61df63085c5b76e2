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
	idsInMemory  = 1 << 18 // of notes; for more, the table is scanned again
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
	for after := notes.NoteID(""); ; {
		ids, err := s.nextNotes(ctx, after, idsInMemory)
		if err != nil {
			return x.counts, err
		}
		for _, id := range ids {
			if err := x.note(ctx, id); err != nil {
				return x.counts, fmt.Errorf("export note %s: %w", id, err)
			}
		}
		if len(ids) < idsInMemory {
			break
		}
		after = ids[len(ids)-1]
	}
	err := x.write(x.seal, endLine{Kind: lineEnd, ArchiveCounts: x.counts, SHA256: x.seal.sum()})
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

// note writes a note's versions and then the entries of those who see the last one.
func (x *exporter) note(ctx context.Context, id notes.NoteID) error {
	var head *notes.Note
	for r := (notes.Range{Limit: exportPage, Bytes: exportedSize}); ; r.After = head.Version {
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

func (x *exporter) entries(ctx context.Context, head *notes.Note) error {
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
