package functions

import (
	"encoding/base64"
	"encoding/json"
	"net/url"

	"github.com/labstack/echo/v4"

	"notewire/notes"
)

// findParams are the query parameters that make a list one in any order, by any filter.
var findParams = []string{"search", "folderId", "starred", "archived", "hidden", "owned", "access", "type", "tag", "sort", "direction"}

// finds reports whether a list asks for an order or a filter of its own.
func finds(q url.Values) bool {
	for _, name := range findParams {
		if q.Has(name) {
			return true
		}
	}
	return false
}

// findQuery reads what a list is asked for.
func findQuery(c echo.Context) (q notes.FindQuery, err error) {
	p := c.QueryParams()
	q.Search, q.Type, q.Tag = p.Get("search"), p.Get("type"), p.Get("tag")
	q.Sort, q.Access = notes.Sort(p.Get("sort")), notes.Access(p.Get("access"))
	if q.Sort == "" {
		q.Sort = notes.SortUpdated
	}
	switch q.Access {
	case "", notes.Private, notes.Public:
	default:
		return q, notes.Refuse(notes.Invalid, `access must be "private" or "public"`)
	}
	if p.Has("folderId") {
		folder := notes.FolderID(p.Get("folderId"))
		if folder == "none" {
			folder = ""
		}
		q.Folder = &folder
	}
	if p.Has("order") {
		return q, notes.Refuse(notes.Invalid, "order goes with no filter, and no other order; use sort")
	}
	switch p.Get("direction") {
	case "":
		q.Ascending = q.Sort == notes.SortTitle
	case "desc":
	case "asc":
		q.Ascending = true
	default:
		return q, notes.Refuse(notes.Invalid, `direction must be "asc" or "desc"`)
	}
	for name, to := range map[string]*notes.Opt[bool]{"starred": &q.Starred, "archived": &q.Archived, "hidden": &q.Hidden, "owned": &q.Owned} {
		if *to, err = flagParam(p, name); err != nil {
			return q, err
		}
	}
	trashed, err := flagParam(p, "deleted")
	if err != nil {
		return q, err
	}
	q.Trashed = trashed.Value
	if q.Limit, err = intParam(c, "limit"); err != nil {
		return q, err
	}
	q.After, err = parsePlace(q.Sort, p.Get("after"))
	return q, err
}

func flagParam(p url.Values, name string) (notes.Opt[bool], error) {
	switch p.Get(name) {
	case "":
		return notes.Opt[bool]{}, nil
	case "true":
		return notes.Some(true), nil
	case "false":
		return notes.Some(false), nil
	}
	return notes.Opt[bool]{}, notes.Refuse(notes.Invalid, name+` must be "true" or "false"`)
}

// pagePlace is a place in an order, as a page's cursor has it.
type pagePlace struct {
	Sort   notes.Sort   `json:"s"`
	Number int64        `json:"n,omitempty"`
	Text   string       `json:"t,omitempty"`
	Note   notes.NoteID `json:"i"`
}

// placeCursor is where the next page starts, as text that only parsePlace reads.
func placeCursor(sort notes.Sort, p *notes.Place) *string {
	if p == nil {
		return nil
	}
	text, err := json.Marshal(pagePlace{sort, p.Number, p.Text, p.Note})
	if err != nil {
		panic("functions: a place cannot be encoded: " + err.Error()) // it holds plain values
	}
	s := base64.RawURLEncoding.EncodeToString(text)
	return &s
}

func parsePlace(sort notes.Sort, s string) (*notes.Place, error) {
	if s == "" {
		return nil, nil
	}
	var p pagePlace
	text, err := base64.RawURLEncoding.DecodeString(s)
	if err != nil || json.Unmarshal(text, &p) != nil || p.Sort != sort || !notes.ValidID(string(p.Note)) {
		return nil, notes.Refuse(notes.Invalid, "after must be the nextCursor of an earlier page of the same list")
	}
	return &notes.Place{Number: p.Number, Text: p.Text, Note: p.Note}, nil
}
