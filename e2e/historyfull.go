package e2e

import (
	"encoding/json"
	"fmt"
	"slices"
)

var fullHistoryRules = []rule{
	{"a history is read from either end, in pages without skip or repeat", nil, historyPages},
	{"versions of one sitting are shown as one, on pages of any size", nil, historyGroups},
	{"a diff says what changed between any two versions, either way", nil, historyDiff},
	{"a passer-by compares only what was public, and sees no authors in groups", nil, publicDiff},
	{"a diff to what a conflict kept shows what the note did not take", nil, keptDiff},
}

// read gets JSON from below a note, which must be there.
func (u *user) read(note, below string, into any) {
	u.t.Helper()
	status, answer, err := u.Do(u.t.ctx, "GET", "/api/notes/"+note+below, nil)
	if err != nil || status != 200 || json.Unmarshal(answer, into) != nil {
		u.t.Fatalf("%s: %d %.500s, %v", below, status, answer, err)
	}
}

// isAnswered checks how a read below a note is refused.
func (u *user) isAnswered(note, below string, status int) {
	u.t.Helper()
	got, answer, err := u.Do(u.t.ctx, "GET", "/api/notes/"+note+below, nil)
	if err != nil || got != status {
		u.t.Errorf("%s: %d %.500s, %v; want %d", below, got, answer, err, status)
	}
}

func historyPages(t *trial) {
	ann := t.user("ann")
	id := ann.create(nil)
	want := []int64{1}
	for n := range 6 {
		want = append(want, ann.edit(id, members{"content": fmt.Sprint(n)}).Version)
	}
	type page struct {
		Versions []struct{ Version int64 }
		Next     *int64
	}
	for _, direction := range []string{"asc", "desc"} {
		for limit := 1; limit <= 8; limit += 2 {
			var got []int64
			below := fmt.Sprintf("/versions?direction=%s&limit=%d", direction, limit)
			for query := below; ; {
				var p page
				ann.read(id, query, &p)
				for _, v := range p.Versions {
					got = append(got, v.Version)
				}
				if p.Next == nil {
					break
				}
				query = fmt.Sprintf("%s&%s=%d", below, map[string]string{"asc": "after", "desc": "before"}[direction], *p.Next)
			}
			equal(t, fmt.Sprintf("%s in pages of %d", direction, limit), got, want)
		}
		slices.Reverse(want)
	}
	for _, below := range []string{"/versions?direction=up", "/versions?after=1", "/versions?direction=asc&before=1", "/versions?group=0", "/versions?group=1441"} {
		ann.isAnswered(id, below, 400)
	}
}

type shownGroup struct {
	From, To     int64
	Author       string
	Versions     int
	Ops, Changed []string
	RevertedFrom int64
}

// groups returns all groups, oldest first.
func (u *user) groups(note string, limit int) (all []shownGroup) {
	u.t.Helper()
	for query := ""; ; {
		var p struct {
			Groups []shownGroup
			Next   *int64
		}
		u.read(note, fmt.Sprintf("/versions?group=60&direction=asc&limit=%d%s", limit, query), &p)
		if all = append(all, p.Groups...); p.Next == nil {
			return all
		}
		query = fmt.Sprintf("&after=%d", *p.Next)
	}
}

func historyGroups(t *trial) {
	ann, bob := t.user("ann"), t.user("bob")
	id := ann.create(nil)
	ann.shareWith(id, "write", bob)
	for n := range 3 {
		ann.edit(id, members{"content": fmt.Sprint(n)})
	}
	ann.edit(id, members{"title": "t"})
	bob.edit(id, members{"content": "by bob"})
	ann.do("revert", id, members{"version": 3})
	want := []shownGroup{
		{1, 1, ann.name, 1, []string{"create"}, []string{}, 0},
		{2, 2, ann.name, 1, []string{"share"}, []string{"collaborators", "roles"}, 0},
		{3, 6, ann.name, 4, []string{"edit"}, []string{"content", "title"}, 0},
		{7, 7, bob.name, 1, []string{"edit"}, []string{"content"}, 0},
		{8, 8, ann.name, 1, []string{"revert"}, []string{"content", "title"}, 3},
	}
	for limit := 1; limit <= 6; limit++ {
		got := bob.groups(id, limit)
		for i := range got { // their order says nothing
			slices.Sort(got[i].Changed)
		}
		equal(t, fmt.Sprintf("groups in pages of %d", limit), got, want)
	}
}

type shownDiff struct {
	From, To int64
	Fields   []struct {
		Name          string
		Before, After any
	}
	Content struct {
		Hunks []struct {
			Op, Text string
			Lines    int
		}
	}
	Blob []struct {
		Path          string
		Before, After json.RawMessage
	}
	Members *struct {
		Added, Removed []struct{ UserID, Role string }
	}
}

// texts makes both texts of a diff.
func (d *shownDiff) texts() (before, after string) {
	for _, h := range d.Content.Hunks {
		if h.Op != "insert" {
			before += h.Text
		}
		if h.Op != "delete" {
			after += h.Text
		}
	}
	return before, after
}

func historyDiff(t *trial) {
	ann, bob := t.user("ann"), t.user("bob")
	one, two := "grüß\nGott\n3\n4\n5\n6\n", "grüß\nEuch\n3\n4\n5\n6\n7"
	id := ann.create(members{"title": "a", "content": one, "blob": members{"x": []any{1, 2}, "y": "<"}})
	ann.edit(id, members{"title": "b", "content": two, "blob": members{"x": []any{1, 3}}})
	ann.shareWith(id, "read", bob)
	var d shownDiff
	bob.read(id, "/diff?from=1&to=3", &d)
	before, after := d.texts()
	equal(t, "both texts", []string{before, after}, []string{one, two})
	equal(t, "from and to", []int64{d.From, d.To}, []int64{1, 3})
	equal(t, "the field", []any{d.Fields[0].Name, d.Fields[0].Before, d.Fields[0].After}, []any{"title", "a", "b"})
	var blob []string
	for _, c := range d.Blob {
		blob = append(blob, fmt.Sprintf("%s %s %s", c.Path, c.Before, c.After))
	}
	equal(t, "the blob", blob, []string{"/x/1 2 3", `/y "<" `})
	equal(t, "the member", fmt.Sprint(d.Members.Added), fmt.Sprintf("[{%s read}]", bob.name))

	var back shownDiff
	ann.read(id, "/diff?from=3&to=1", &back)
	before, after = back.texts()
	equal(t, "the other way", []string{before, after}, []string{two, one})
	var short shownDiff
	ann.read(id, "/diff?from=1&to=2&context=1", &short)
	skipped := 0
	for _, h := range short.Content.Hunks {
		skipped += h.Lines
	}
	equal(t, "lines that are left out", skipped, 2)
	var same shownDiff
	ann.read(id, "/diff?from=2&to=2", &same)
	equal(t, "of a version and itself", len(same.Fields)+len(same.Content.Hunks)+len(same.Blob), 0)
	for below, status := range map[string]int{
		"/diff?from=1": 400, "/diff?from=0&to=1": 400, "/diff?from=1&to=2&kept=true": 400, "/diff?from=1&to=9": 404, "/diff?from=2&to=2&kept=true": 404,
	} {
		ann.isAnswered(id, below, status)
	}
}

func publicDiff(t *trial) {
	ann, bob, passer := t.user("ann"), t.user("bob"), t.user("passer")
	id := ann.create(members{"content": "secret"})
	ann.shareWith(id, "write", bob)
	ann.do("share", id, members{"access": "public"})
	ann.edit(id, members{"content": "by ann"})
	bob.edit(id, members{"content": "by bob"})
	var d shownDiff
	passer.read(id, "/diff?from=4&to=5", &d)
	if d.Members != nil || len(d.Content.Hunks) == 0 {
		t.Errorf("a passer-by sees %+v", d)
	}
	passer.isAnswered(id, "/diff?from=1&to=5", 404)
	var spans []string
	for _, g := range passer.groups(id, 10) {
		spans = append(spans, fmt.Sprintf("%d-%d%s", g.From, g.To, g.Author))
	}
	equal(t, "groups that are his to see", spans, []string{"3-3", "4-5"})
}

func keptDiff(t *trial) {
	ann := t.user("ann")
	id := ann.create(members{"content": "the cat sat\n"})
	ann.edit(id, members{"content": "the dog sat\n"})
	n := ann.do("edit", id, members{"changes": members{"content": "the cow sat\n"}, "baseVersion": 1}).Version
	var d shownDiff
	ann.read(id, fmt.Sprintf("/diff?from=%d&to=%d&kept=true", n, n), &d)
	before, after := d.texts()
	equal(t, "what is in the note and what was posted", []string{before, after}, []string{"the dog sat\n", "the cow sat\n"})
}
