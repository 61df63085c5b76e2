package dynamo

import (
	"context"
	"errors"
	"fmt"
	"reflect"

	"notewire/notes"
)

// A batch stays below DynamoDB's 100 ops and 4 MB of a transaction.
const (
	batchOps   = 96
	batchBytes = 3 << 20
)

// importer writes rows in batches.
type importer struct {
	store    *Store
	compare  bool // rows may be there: look before writing
	batch    []importRow
	bytes    int
	accounts map[notes.UserID]bool // whose sequence was written, as far as remembered
	skipped  int64
}

// accountsInMemory bounds importer.accounts. Writing one again has no effect.
const accountsInMemory = 1 << 16

// importRow is a row to be, with what must be written in the same transaction.
type importRow struct {
	item    *Item
	with    []Op
	version *notes.Version // nil for other rows
	what    string
}

func (m *importer) add(ctx context.Context, row *archiveRow) error {
	var rows []importRow
	if row.version != nil {
		if err := m.addVersion(ctx, row.version); err != nil {
			return err
		}
	}
	if h := row.head; h != nil {
		rows = append(rows, importRow{item: headItem(h), what: "the head of note " + string(h.ID)})
		if h.Purged { // while it was exported: the versions before are there
			rows = append(rows, importRow{item: purgeItem(h.ID, h.Version), what: "the mark of note " + string(h.ID)})
		}
	}
	if e := row.entry; e != nil {
		rows = append(rows, importRow{item: entryItem(e), what: fmt.Sprintf("the entry of %s of note %s", e.User, e.Note)})
		rows = append(rows, m.account(e.User)...)
	}
	if f := row.folder; f != nil {
		rows = append(rows, importRow{item: folderItem(f.User, f), what: fmt.Sprintf("folder %s of %s", f.ID, f.User)})
		rows = append(rows, m.account(f.User)...)
	}
	for _, r := range rows {
		if err := m.put(ctx, r); err != nil {
			return err
		}
	}
	return nil
}

// account returns the sequence of an account that has none yet.
func (m *importer) account(user notes.UserID) []importRow {
	if m.accounts[user] {
		return nil
	}
	m.accounts[user] = true
	return []importRow{{item: seqItem(user, importedSeq), what: "the sequence of " + string(user)}}
}

func (m *importer) addVersion(ctx context.Context, v *notes.Version) error {
	item, with, err := m.store.writeVersion(ctx, v)
	if err != nil {
		return err
	}
	row := importRow{item: item, with: with, version: v, what: fmt.Sprintf("version %d of note %s", v.Note.Version, v.ID)}
	if len(with) == 0 {
		return m.put(ctx, row)
	}
	// The next version may refer to the same blob: it must be committed by then.
	if err := m.flush(ctx); err != nil {
		return err
	}
	return m.commit(ctx, []importRow{row})
}

func (m *importer) put(ctx context.Context, row importRow) error {
	weight := weigh(row.item)
	if len(m.batch) == batchOps || m.bytes+weight > batchBytes {
		if err := m.flush(ctx); err != nil {
			return err
		}
	}
	m.batch = append(m.batch, row)
	m.bytes += weight
	return nil
}

func (m *importer) flush(ctx context.Context) error {
	err := m.commit(ctx, m.batch)
	m.batch, m.bytes = m.batch[:0], 0
	if len(m.accounts) > accountsInMemory {
		clear(m.accounts)
	}
	return err
}

// commit writes rows that are not there. Those of an earlier run, or of a transaction whose
// answer was lost, are compared.
func (m *importer) commit(ctx context.Context, rows []importRow) (err error) {
	compare := m.compare
	for range 3 {
		if compare {
			if rows, err = m.missing(ctx, rows); err != nil {
				return err
			}
		}
		if len(rows) == 0 {
			return nil
		}
		var ops []Op
		for _, r := range rows {
			ops = append(append(ops, Op{Put: r.item, If: Cond{Kind: Absent}}), r.with...)
		}
		err = m.store.engine.Transact(ctx, ops)
		if _, clash := errors.AsType[*Clash](err); !clash {
			return err
		}
		compare = true
	}
	return fmt.Errorf("write %s: another program writes into the store: %w", rows[0].what, err)
}

// missing returns the rows that are not there, or an error if one is there and differs.
func (m *importer) missing(ctx context.Context, rows []importRow) ([]importRow, error) {
	keys := make([]Key, len(rows))
	for i, r := range rows {
		keys[i] = r.item.Key
	}
	found, err := m.store.engine.Get(ctx, keys...)
	if err != nil {
		return nil, err
	}
	var missing []importRow
	for i, r := range rows {
		if found[i] == nil {
			missing = append(missing, r)
			continue
		}
		same, err := m.same(ctx, &r, found[i])
		if err != nil {
			return nil, err
		}
		if !same {
			return nil, fmt.Errorf("%s is in the store already, and differs from the archive's: import into an empty store", r.what)
		}
		m.skipped++
	}
	return missing, nil
}

// same compares a version by what it says: it may have been packed by another program.
func (m *importer) same(ctx context.Context, r *importRow, found *Item) (bool, error) {
	if r.version == nil {
		return found.Index == r.item.Index && reflect.DeepEqual(r.item.Attrs, found.Attrs), nil
	}
	v, err := m.store.readVersion(ctx, found)
	return reflect.DeepEqual(v, r.version), err
}

// weigh is about what an item counts in a transaction.
func weigh(item *Item) int {
	n := len(item.PK) + len(item.SK) + len(item.Index.PK) + len(item.Index.SK)
	for name, v := range item.Attrs {
		n += len(name) + 8
		switch v := v.(type) {
		case string:
			n += len(v)
		case []byte:
			n += len(v)
		case []string:
			for _, s := range v {
				n += len(s) + 1
			}
		}
	}
	return n
}
