package dynamo

import (
	"context"
	"errors"
	"fmt"
	"time"

	"notewire/notes"
)

var _ notes.Store = (*Store)(nil)

// layoutVersion is the version of the table's layout, written into its meta row.
const layoutVersion = 2

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
	if layout := get[int64](found, "layout"); layout != layoutVersion {
		return nil, fmt.Errorf("the table has layout %d; this program knows layout %d: use the program version that wrote it, or export and import", layout, layoutVersion)
	}
	s.epoch = get[string](found, "epoch")
	return s, nil
}

// Epoch implements notes.Store.
func (s *Store) Epoch() string { return s.epoch }

// Load implements notes.Store: what the author alone decides in one read, what the head
// names in a second.
func (s *Store) Load(ctx context.Context, author notes.UserID, m notes.Mutation) (notes.Rows, error) {
	rows := notes.Rows{Account: map[notes.UserID]notes.Account{}}
	first, err := s.engine.Get(ctx, receiptKey(author, m.ID), headKey(m.Note), seqKey(author), entryKey(author, m.Note))
	if err != nil {
		return rows, fmt.Errorf("load %s: %w", m.Note, err)
	}
	if first[0] != nil && !s.expired(first[0]) {
		rows.Receipt = receiptOf(m.ID, first[0])
		return rows, nil
	}
	rows.Account[author] = account(author, first[2], first[3])
	var note *notes.Note
	var keys []Key
	if first[1] != nil {
		head := versionOf(first[1])
		note = head.Note
		keys = append(keys, versionKey(m.Note, head.Note.Version))
		if target := m.Target(); target != 0 {
			keys = append(keys, versionKey(m.Note, target))
		}
	}
	return rows, s.loadMore(ctx, &rows, m, keys, notes.AtOnce(note, author, m)[1:]) // the first is the author
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

// Commit implements notes.Store. Every row that was read is checked: the head by its
// version, an account by its sequence, an entry by the sequence of its last change.
func (s *Store) Commit(ctx context.Context, c *notes.Commit) error {
	ops := make([]Op, 0, 5+opsOfAccount*len(c.Accounts))
	for i := range c.Accounts { // first: clashOf knows their places
		ops = append(ops, s.accountOps(c.Note, &c.Accounts[i])...)
	}
	now := s.opts.Now()
	if c.Receipt != nil {
		ops = append(ops, Op{Put: receiptItem(c.Author, c.Receipt), If: Cond{Kind: Absent, N: now.Unix()}})
	}
	headAsRead := Cond{Kind: Absent}
	if c.Expect != 0 {
		headAsRead = Cond{Kind: Equal, Attr: "version", N: c.Expect}
	}
	switch {
	case c.Version != nil:
		version, bodies, err := s.writeVersion(ctx, c.Version)
		if err != nil {
			return err
		}
		ops = append(ops, bodies...)
		ops = append(ops, Op{Put: headItem(c.Version.Note), If: headAsRead}, Op{Put: version, If: Cond{Kind: Absent}})
		if c.Late {
			ops = append(ops, Op{Put: lateItem(c.Note, c.Version.Note.Version, notes.MillisOf(now))})
		}
	case len(c.Accounts) == 0:
		key := headKey(c.Note)
		ops = append(ops, Op{Check: &key, If: headAsRead})
	}
	return clashOf(c, transact(ctx, s.engine, ops))
}

// opsOfAccount is how many ops an account has in a commit: its sequence, its log, its entry.
const opsOfAccount = 3

// clashOf makes an engine's clash one of the commit. If nothing but sequences has moved on,
// it says where to.
func clashOf(c *notes.Commit, err error) error {
	clash, ok := errors.AsType[*Clash](err)
	if !ok {
		return err
	}
	seqs := map[notes.UserID]int64{}
	for i, failed := range clash.Failed {
		if !failed {
			continue
		}
		found := clash.Found[i]
		if found == nil || found.SK != seqSK {
			return notes.ErrClash
		}
		seqs[c.Accounts[i/opsOfAccount].User] = get[int64](found.Attrs, "seq")
	}
	return &notes.Clash{Seqs: seqs}
}

func (s *Store) accountOps(id notes.NoteID, w *notes.AccountWrite) []Op {
	entryAsRead, seqAsRead := Cond{Kind: Absent}, Cond{Kind: Absent}
	if w.EntryRead != 0 {
		entryAsRead = Cond{Kind: Equal, Attr: "seq", N: w.EntryRead}
	}
	if w.Row.Seq > 1 {
		seqAsRead = Cond{Kind: Equal, Attr: "seq", N: w.Row.Seq - 1}
	}
	ttl := int64(w.Row.At)/1000 + int64(s.opts.LogDays)*24*3600
	ops := []Op{
		{Put: seqItem(w.User, w.Row.Seq), If: seqAsRead, Show: true},
		{Put: logItem(w.User, &w.Row, ttl)}, // its place is free: the sequence says so
	}
	if w.Entry != nil {
		return append(ops, Op{Put: entryItem(w.Entry), If: entryAsRead})
	}
	key := entryKey(w.User, id)
	return append(ops, Op{Delete: &key, If: entryAsRead})
}

func (s *Store) expired(item *Item) bool {
	return item.TTL != 0 && item.TTL < s.opts.Now().Unix()
}
