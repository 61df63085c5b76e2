package dynamo

import (
	"context"
	"errors"

	"notewire/notes"
)

// Commit implements notes.Store. Every row that was read is checked: the head by its
// version, an account by its sequence, an entry by the sequence of its last change.
func (s *Store) Commit(ctx context.Context, c *notes.Commit) error {
	ops := make([]Op, 0, 5+opsOfAccount*len(c.Accounts))
	for i := range c.Accounts { // first: clashOf knows their places
		ops = append(ops, s.logOps(&c.Accounts[i])...)
		if c.Note != "" {
			ops = append(ops, entryOp(c.Note, &c.Accounts[i]))
		}
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
		ops = append(ops, namedOps(c.Version)...)
		ops = append(ops, Op{Put: headItem(c.Version.Note), If: headAsRead}, Op{Put: version, If: Cond{Kind: Absent}})
		if c.Late {
			ops = append(ops, Op{Put: lateItem(c.Note, c.Version.Note.Version, notes.MillisOf(now))})
		}
		if c.Version.Purged {
			ops = append(ops, Op{Put: purgeItem(c.Note, c.Version.Note.Version)})
		}
	case c.Folder != nil:
		ops = append(ops, folderOp(c.Author, c.Folder))
	case len(c.Accounts) == 0 && c.Note != "":
		key := headKey(c.Note)
		ops = append(ops, Op{Check: &key, If: headAsRead})
	}
	return clashOf(c, transact(ctx, s.engine, ops))
}

// opsOfAccount is how many ops an account has in a commit: its sequence, its log, its entry.
const opsOfAccount = 3

// clashOf makes an engine's clash one of the commit. If nothing but sequences has moved on,
// it says where to; not for a folder, which was decided by all folders of its account: only
// the sequence says that another one has changed.
func clashOf(c *notes.Commit, err error) error {
	clash, ok := errors.AsType[*Clash](err)
	if !ok {
		return err
	}
	if c.Folder != nil {
		return notes.ErrClash
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

// logOps add a row to an account's log.
func (s *Store) logOps(w *notes.AccountWrite) []Op {
	ttl := int64(w.Row.At)/1000 + int64(s.opts.LogDays)*24*3600
	return []Op{
		{Put: seqItem(w.User, w.Row.Seq), If: asRead(w.Row.Seq - 1), Show: true},
		{Put: logItem(w.User, &w.Row, ttl)}, // its place is free: the sequence says so
	}
}

// entryOp writes or removes an account's entry of a note.
func entryOp(id notes.NoteID, w *notes.AccountWrite) Op {
	if w.Entry != nil {
		return Op{Put: entryItem(w.Entry), If: asRead(w.EntryRead)}
	}
	key := entryKey(w.User, id)
	return Op{Delete: &key, If: asRead(w.EntryRead)}
}

// asRead holds while a row is still of that sequence; 0: while there is none.
func asRead(seq int64) Cond {
	if seq == 0 {
		return Cond{Kind: Absent}
	}
	return Cond{Kind: Equal, Attr: "seq", N: seq}
}
