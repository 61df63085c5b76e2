package dynamo

import (
	"context"
	"errors"
	"slices"
	"strings"

	"notewire/notes"
)

// Scanner is an engine that can list its whole table. Only export and import need it.
type Scanner interface {
	// Scan returns the keys of about limit items behind after (zero: from the start), and
	// whether there may be more; then at least one key is returned. Passed on page by page,
	// it finds every item that is there all the while exactly once, expired ones too; an
	// item that comes or goes meanwhile at most once. The order is the engine's own.
	Scan(ctx context.Context, after Key, limit int) (keys []Key, more bool, err error)
}

// scanPage is how many keys are asked for at once.
const scanPage = 1000

// scan calls each with every key of the table, until it returns false.
func (s *Store) scan(ctx context.Context, each func(Key) bool) error {
	scanner, ok := s.engine.(Scanner)
	if !ok {
		return errors.New("this engine cannot list its table")
	}
	var after Key
	for {
		keys, more, err := scanner.Scan(ctx, after, scanPage)
		if err != nil {
			return err
		}
		for _, key := range keys {
			if !each(key) {
				return nil
			}
		}
		if !more {
			return nil
		}
		after = keys[len(keys)-1]
	}
}

func (k Key) isHead() bool { return k.SK == "HEAD" && strings.HasPrefix(k.PK, "NOTE#") }

func (k Key) isVersion() bool {
	return strings.HasPrefix(k.SK, "VER#") && strings.HasPrefix(k.PK, "NOTE#")
}

func (k Key) isEntry() bool {
	return strings.HasPrefix(k.SK, "NOTE#") && strings.HasPrefix(k.PK, "USER#")
}

// nextNotes returns, in order, the first ids of notes behind after, at most limit. It holds
// no more than twice as many in memory, however many there are.
func (s *Store) nextNotes(ctx context.Context, after notes.NoteID, limit int) ([]notes.NoteID, error) {
	var ids []notes.NoteID
	err := s.scan(ctx, func(key Key) bool {
		if id := noteOf(key.PK); key.isHead() && id > after {
			if ids = append(ids, id); len(ids) == 2*limit {
				slices.Sort(ids)
				ids = ids[:limit]
			}
		}
		return true
	})
	slices.Sort(ids)
	return ids[:min(limit, len(ids))], err
}

// count counts what an archive would hold.
func (s *Store) count(ctx context.Context) (c ArchiveCounts, err error) {
	err = s.scan(ctx, func(key Key) bool {
		switch {
		case key.isHead():
			c.Notes++
		case key.isVersion():
			c.Versions++
		case key.isEntry():
			c.Entries++
		}
		return true
	})
	return c, err
}

// empty reports whether the table holds nothing of any note or account.
func (s *Store) empty(ctx context.Context) (empty bool, err error) {
	empty = true
	err = s.scan(ctx, func(key Key) bool {
		empty = !strings.HasPrefix(key.PK, "NOTE#") && !strings.HasPrefix(key.PK, "USER#") && !strings.HasPrefix(key.PK, "LOG#")
		return empty
	})
	return empty, err
}
