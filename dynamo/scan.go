package dynamo

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"strings"
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

func (k Key) isFolder() bool {
	return strings.HasPrefix(k.SK, folderSK("")) && strings.HasPrefix(k.PK, "USER#")
}

func (k Key) compare(other Key) int {
	return cmp.Or(strings.Compare(k.PK, other.PK), strings.Compare(k.SK, other.SK))
}

// nextKeys returns, in order, the first keys of a kind behind after, at most limit. It holds no
// more than twice as many in memory, however many there are.
func (s *Store) nextKeys(ctx context.Context, kind func(Key) bool, after Key, limit int) ([]Key, error) {
	var keys []Key
	err := s.scan(ctx, func(key Key) bool {
		if kind(key) && key.compare(after) > 0 {
			if keys = append(keys, key); len(keys) == 2*limit {
				slices.SortFunc(keys, Key.compare)
				keys = keys[:limit]
			}
		}
		return true
	})
	slices.SortFunc(keys, Key.compare)
	return keys[:min(limit, len(keys))], err
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
		case key.isFolder():
			c.Folders++
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
