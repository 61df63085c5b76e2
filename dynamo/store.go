package dynamo

import (
	"context"
	"errors"
	"fmt"
	"time"

	"notewire/notes"
)

var _ notes.Store = (*Store)(nil)

// layoutVersion is the version of the table's layout, written into its meta row. It only adds
// to the layouts since oldestLayout: a table of one of those becomes one of this when it is
// opened, and older programs refuse it from then on.
const (
	layoutVersion = 3
	oldestLayout  = 2
)

// Store is notes.Store on a table. It holds no state but its engine: any number of
// instances may share one table.
type Store struct {
	engine Engine
	epoch  string
	opts   Options
}

// Options configure a Store.
type Options struct {
	LogDays  int              // how long a row of an account's log is kept
	NewEpoch func() string    // names the logs of a new table; [A-Za-z0-9]+
	Now      func() time.Time // nil: time.Now
}

// Open returns a Store on the engine's table, and writes the meta row of a new one.
// It fails if the table has a layout of another version, or an import into it is not
// complete.
func Open(ctx context.Context, engine Engine, opts Options) (*Store, error) {
	s, err := open(ctx, engine, opts)
	if err == nil {
		err = s.noImport(ctx)
	}
	if err != nil {
		return nil, err
	}
	return s, nil
}

// open is Open for an import.
func open(ctx context.Context, engine Engine, opts Options) (*Store, error) {
	if opts.Now == nil {
		opts.Now = time.Now
	}
	s := &Store{engine: engine, opts: opts}
	meta := &Item{Key: metaKey, Attrs: attrs{"epoch": opts.NewEpoch(), "layout": int64(layoutVersion)}}
	err := engine.Transact(ctx, []Op{{Put: meta, If: Cond{Kind: Absent}}})
	if _, there := errors.AsType[*Clash](err); err != nil && !there {
		return nil, fmt.Errorf("write the table's meta row: %w", err)
	}
	items, err := engine.Get(ctx, metaKey)
	if err != nil {
		return nil, fmt.Errorf("read the table's meta row: %w", err)
	}
	if items[0] == nil {
		return nil, errors.New("the table lost its meta row while it was opened")
	}
	found := attrs(items[0].Attrs)
	switch layout := get[int64](found, "layout"); {
	case layout == layoutVersion:
	case layout >= oldestLayout && layout < layoutVersion:
		if err := raise(ctx, engine, items[0], layout); err != nil {
			return nil, err
		}
	default:
		return nil, fmt.Errorf("the table has layout %d; this program knows layout %d: use the program version that wrote it, or export and import", layout, layoutVersion)
	}
	s.epoch = get[string](found, "epoch")
	return s, nil
}

// raise makes a table of an older layout one of today's.
func raise(ctx context.Context, engine Engine, meta *Item, from int64) error {
	meta.Attrs["layout"] = int64(layoutVersion)
	err := engine.Transact(ctx, []Op{{Put: meta, If: Cond{Kind: Equal, Attr: "layout", N: from}}})
	if _, raised := errors.AsType[*Clash](err); err != nil && !raised {
		return fmt.Errorf("write the table's meta row: %w", err)
	}
	return nil
}

// Epoch implements notes.Store.
func (s *Store) Epoch() string { return s.epoch }

// Load implements notes.Store: what the author alone decides in one read, what the head
// names in a second.
func (s *Store) Load(ctx context.Context, author notes.UserID, m notes.Mutation) (notes.Rows, error) {
	rows := notes.Rows{Account: map[notes.UserID]notes.Account{}}
	if m.OfFolder() {
		return s.loadFolders(ctx, author, m)
	}
	keys := []Key{receiptKey(author, m.ID), headKey(m.Note), seqKey(author), entryKey(author, m.Note)}
	target, by := m.Target()
	if by != "" {
		keys = append(keys, receiptKey(author, by))
	}
	first, err := s.engine.Get(ctx, keys...)
	if err != nil {
		return rows, fmt.Errorf("load %s: %w", m.Note, err)
	}
	if first[0] != nil && !s.expired(first[0]) {
		rows.Receipt = receiptOf(m.ID, first[0])
		return rows, nil
	}
	if by != "" && first[4] != nil && !s.expired(first[4]) {
		if r := receiptOf(by, first[4]); r.Note == m.Note {
			target = r.Version
		}
	}
	rows.Account[author] = account(author, first[2], first[3])
	var note *notes.Note
	var versions []Key
	if first[1] != nil {
		note = versionOf(first[1]).Note
		versions = append(versions, versionKey(m.Note, note.Version))
		if target != 0 && target != note.Version {
			versions = append(versions, versionKey(m.Note, target))
		}
	}
	err = s.loadMore(ctx, &rows, m, versions, notes.AtOnce(note, author, m)[1:]) // the first is the author
	if note != nil && target == note.Version {
		rows.Target = rows.Head
	}
	return rows, err
}

// Receipt implements notes.Store.
func (s *Store) Receipt(ctx context.Context, author notes.UserID, id notes.MutationID) (*notes.Receipt, error) {
	items, err := s.engine.Get(ctx, receiptKey(author, id))
	if err != nil {
		return nil, fmt.Errorf("read the receipt of %s: %w", id, err)
	}
	if items[0] == nil || s.expired(items[0]) {
		return nil, nil
	}
	return receiptOf(id, items[0]), nil
}

// loadMore reads the head's version, the target if there is one, and accounts.
func (s *Store) loadMore(ctx context.Context, rows *notes.Rows, m notes.Mutation, versions []Key, users []notes.UserID) error {
	keys := append(versions, accountKeys(m.Note, users)...)
	if len(keys) == 0 {
		return nil
	}
	items, err := s.engine.Get(ctx, keys...)
	if err != nil {
		return fmt.Errorf("load %s: %w", m.Note, err)
	}
	for i, to := range []**notes.Version{&rows.Head, &rows.Target}[:len(versions)] {
		if items[i] == nil {
			continue
		}
		if *to, err = s.readVersion(ctx, items[i]); err != nil {
			return err
		}
	}
	addAccounts(rows.Account, users, items[len(versions):])
	return nil
}

// accountKeys and addAccounts know which rows are an account's.
func accountKeys(id notes.NoteID, users []notes.UserID) []Key {
	keys := make([]Key, 0, 2*len(users))
	for _, u := range users {
		keys = append(keys, seqKey(u), entryKey(u, id))
	}
	return keys
}

func addAccounts(accounts map[notes.UserID]notes.Account, users []notes.UserID, items []*Item) {
	for i, u := range users {
		accounts[u] = account(u, items[2*i], items[2*i+1])
	}
}

func account(user notes.UserID, seq, entry *Item) notes.Account {
	var a notes.Account
	if seq != nil {
		a.Seq = get[int64](seq.Attrs, "seq")
	}
	if entry != nil {
		a.Entry = entryOf(user, entry)
	}
	return a
}

func (s *Store) expired(item *Item) bool {
	return item.TTL != 0 && item.TTL < s.opts.Now().Unix()
}
