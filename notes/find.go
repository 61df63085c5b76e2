package notes

import (
	"cmp"
	"slices"
	"strings"
	"unicode/utf8"
)

// Filter says which of an account's notes are meant. What is not set does not matter. Notes in
// the trash are meant only if it says so.
type Filter struct {
	Search   string    // in title, content and tags, whatever the case of letters; never in ciphertext
	InTitle  string    // the same in the title alone, which needs no bodies
	Folder   *FolderID // in that folder; "" : in none that exists
	Starred  Opt[bool]
	Archived Opt[bool]
	Hidden   Opt[bool]
	Owned    Opt[bool]
	Access   Access
	Type     string
	Tag      string
	Trashed  bool
}

// Sort is an order of notes. Ties are broken by id.
type Sort string

const (
	SortUpdated  Sort = "updated"
	SortCreated  Sort = "created"
	SortAccessed Sort = "accessed" // when the account last opened it, as far as it said so
	SortTitle    Sort = "title"    // whatever the case of letters; without a title first
)

// FindQuery asks for a page of an account's notes.
type FindQuery struct {
	Filter
	Sort      Sort // empty: SortUpdated
	Ascending bool
	Visited   bool // also public notes of others that the account has opened; SortAccessed always has them
	Limit     int
	After     *Place // start behind it
}

// Place is a note's place in an order: pages begin behind one, so that changes between two
// pages neither repeat nor skip notes that stay where they are.
type Place struct {
	Number int64  // of orders by time
	Text   string // of the order by title
	Note   NoteID
}

// Item is a note in a list: without its body, except for the title.
type Item struct {
	*Note
	Fields     *Fields // nil: the account only visits it
	AccessedAt Millis
	size       int64 // bytes of the body, as far as is known without it
	at         Place // in the order that was asked for
}

// check refuses a query that is wrong whatever the store holds.
func (q *FindQuery) check(l *Limits) error {
	switch q.Sort {
	case "":
		q.Sort = SortUpdated
	case SortUpdated, SortCreated, SortAccessed, SortTitle:
	default:
		return Refuse(Invalid, `sort must be "updated", "created", "accessed" or "title"`)
	}
	for _, search := range []string{q.Search, q.InTitle} {
		if n := utf8.RuneCountInString(search); n > l.SearchChars {
			return Refuse(Invalid, countMessage("characters to search for", n, l.SearchChars))
		}
	}
	return nil
}

// place is where the order has an item.
func (q *FindQuery) place(it *Item) Place {
	p := Place{Note: it.ID}
	switch q.Sort {
	case SortCreated:
		p.Number = int64(it.CreatedAt)
	case SortAccessed:
		p.Number = int64(it.AccessedAt)
	case SortTitle:
		p.Text = strings.ToLower(deref(it.Title))
	default:
		p.Number = int64(it.UpdatedAt)
	}
	return p
}

// compare orders two places as the query wants them.
func (q *FindQuery) compare(a, b Place) int {
	c := cmp.Or(cmp.Compare(a.Number, b.Number), strings.Compare(a.Text, b.Text), strings.Compare(string(a.Note), string(b.Note)))
	if !q.Ascending {
		return -c
	}
	return c
}

// rest puts items in the query's order, and returns those behind its place.
func (q *FindQuery) rest(items []Item) []Item {
	for i := range items {
		items[i].at = q.place(&items[i])
	}
	slices.SortFunc(items, func(a, b Item) int { return q.compare(a.at, b.at) })
	if q.After == nil {
		return items
	}
	i, exact := slices.BinarySearchFunc(items, *q.After, func(it Item, p Place) int { return q.compare(it.at, p) })
	if exact {
		i++
	}
	return items[i:]
}

// matches reports whether an item is meant, as far as one can tell without its body. known are
// the account's folders.
func (f *Filter) matches(it *Item, user UserID, known []*Folder) bool {
	fields := it.Fields
	if fields == nil {
		fields = &Fields{}
	}
	flag := func(want Opt[bool], is bool) bool { return !want.Set || want.Value == is }
	return it.Deleted == f.Trashed &&
		flag(f.Starred, fields.Starred) && flag(f.Archived, fields.Archived) && flag(f.Hidden, fields.Hidden) &&
		flag(f.Owned, it.Owner == user) &&
		(f.Access == "" || f.Access == it.Access) &&
		(f.Type == "" || f.Type == it.Type) &&
		(f.Tag == "" || slices.Contains(fields.Tags, f.Tag)) &&
		(f.InTitle == "" || holds(deref(it.Title), f.InTitle)) &&
		(f.Folder == nil || *f.Folder == folderOf(fields, known))
}

// folderOf is the folder that a note is in; empty if it is in none that exists.
func folderOf(f *Fields, known []*Folder) FolderID {
	id := FolderID(deref(f.FolderID))
	if findFolder(known, id) == nil {
		return ""
	}
	return id
}

// placeholder stands in for a title or a text that is encrypted, as the ancestor's clients
// write it.
const placeholder = "[ENCRYPTED]"

// found reports whether the text that is searched for is in a note.
func (f *Filter) found(n *Note, fields *Fields) bool {
	if f.Search == "" {
		return true
	}
	tagged := func(tag string) bool { return holds(tag, f.Search) }
	return holds(deref(n.Title), f.Search) || holds(n.Content, f.Search) || fields != nil && slices.ContainsFunc(fields.Tags, tagged)
}

// holds reports whether a text that is no placeholder has search in it.
func holds(text, search string) bool {
	return text != placeholder && strings.Contains(strings.ToLower(text), strings.ToLower(search))
}

// Counts is how many of an account's notes there are, as its lists show them.
type Counts struct {
	All      int `json:"all"` // neither archived nor in the trash
	Starred  int `json:"starred"`
	Public   int `json:"public"`
	Hidden   int `json:"hidden"`
	Archived int `json:"archived"`
	Trash    int `json:"trash"`
}

func (c *Counts) add(it *Item) {
	switch {
	case it.Deleted:
		c.Trash++
		return
	case it.Fields.Archived:
		c.Archived++
		return
	}
	c.All++
	for _, of := range []struct {
		is bool
		to *int
	}{{it.Fields.Starred, &c.Starred}, {it.Access == Public, &c.Public}, {it.Fields.Hidden, &c.Hidden}} {
		if of.is {
			*of.to++
		}
	}
}
