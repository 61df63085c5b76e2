package main

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"
)

// Faults of both ancestors' lists, searches and checks of what is asked for.

// listOf returns what an account's list shows, as "id version title", from the plain list and from
// the tRPC API's, which must agree.
func (p *program) listOf(user string) string {
	p.t.Helper()
	var page struct {
		Notes []struct {
			ID, Title string
			Version   int
		}
	}
	if err := json.Unmarshal(p.get("/api/notes", p.token(user)).Body, &page); err != nil {
		p.t.Fatal(err)
	}
	var plain []string
	for _, n := range page.Notes {
		plain = append(plain, fmt.Sprint(n.ID, " ", n.Version, " ", n.Title))
	}
	var boards []string
	for _, item := range p.query("listNotes", `{"sortBy":"lastUpdated"}`, p.token(user))["items"].([]any) {
		n := item.(map[string]any)
		boards = append(boards, fmt.Sprint(n["noteId"], " ", n["version"], " ", n["title"]))
	}
	got, other := strings.Join(plain, ", "), strings.Join(boards, ", ")
	if got != other {
		p.t.Errorf("the lists of %s are %q and %q", user, got, other)
	}
	return got
}

// query calls a query of the tRPC API.
func (p *program) query(procedure, input string, headers ...string) map[string]any {
	p.t.Helper()
	r := p.get("/api/v1/"+procedure+"?input="+url.QueryEscape(input), headers...)
	result, ok := r.JSON(p.t)["result"].(map[string]any)
	if !ok {
		p.t.Fatalf("%s %s: %d %s", procedure, input, r.Status, r.Body)
	}
	return result["data"].(map[string]any)
}

// L5: changes by WebSocket were not in the owner's list, and no change at all in the others';
// deleted notes stayed there.
func TestL5EveryListShowsEveryChange(t *testing.T) {
	p := start(t)
	ann, bob, ctx := p.goClient("ann"), p.goClient("bob"), within(t, patience)
	mutate(t, ann, "create", "n", map[string]any{"title": "one"})
	mutate(t, ann, "create", "other", map[string]any{"title": "other"})
	writer := map[string]any{"members": []any{map[string]any{"userId": "bob", "role": "write"}}}
	mutate(t, ann, "share", "n", writer)
	mutate(t, ann, "share", "n", map[string]any{"access": "public"})
	p.must("/api/v1/trackBoardAccess", `{"noteId":"n"}`, p.token("eve"))
	lists := func(when, want string) {
		t.Helper()
		for user, want := range map[string]string{"ann": want + ", other 1 other", "bob": want} {
			if got := p.listOf(user); got != strings.TrimPrefix(want, ", ") {
				t.Errorf("%s: the list of %s is %q, want %q", when, user, got, want)
			}
		}
		seen := fmt.Sprint(p.query("listNotes", `{}`, p.token("eve"))["items"])
		if version, _, _ := strings.Cut(strings.TrimPrefix(want, "n "), " "); want != "" && !strings.Contains(seen, "version:"+version) || want == "" && seen != "[]" {
			t.Errorf("%s: the list of who opened it is %s", when, seen)
		}
	}
	lists("shared", "n 3 one")
	byBob := noteSocket(t, ctx, bob, "n")
	sendUpdate(t, ctx, byBob, map[string]any{"data": map[string]any{"title": "two", "blob": 1}})
	events(t, ctx, byBob, 1)
	lists("after an update by a note's WebSocket", "n 4 two")
	account, err := ann.OpenAccount(ctx, "websocket", "")
	if err != nil {
		t.Fatal(err)
	}
	defer account.Close()
	if err := account.Send(ctx, map[string]any{"type": "note_update", "noteId": "n", "changes": map[string]any{"title": "three"}}); err != nil {
		t.Fatal(err)
	}
	events(t, ctx, account, 1)
	lists("after an update by an account's WebSocket", "n 5 three")
	mutate(t, bob, "edit", "n", map[string]any{"changes": map[string]any{"title": "four"}})
	lists("after an edit by HTTP", "n 6 four")
	mutate(t, ann, "trash", "n", nil)
	lists("after it was deleted", "")
	mutate(t, ann, "restore", "n", nil)
	lists("after it was restored", "n 8 four")
	mutate(t, ann, "trash", "n", nil)
	mutate(t, ann, "purge", "n", nil)
	lists("after it was purged", "")
}

// L12: a page of a list began at a number of rows, which skipped and repeated notes when one was
// opened between two pages; and a page that began nowhere was a server error.
func TestL12OpeningANoteBetweenPagesSkipsNothing(t *testing.T) {
	p := start(t)
	ann := p.token("ann")
	const n = 9
	for i := range n {
		p.must("/api/notes", fmt.Sprintf(`{"id":"n%d"}`, i), ann)
		p.must("/api/v1/trackBoardAccess", fmt.Sprintf(`{"noteId":"n%d"}`, i), ann)
	}
	for _, path := range []string{"trpc", "/api/notes?sort=accessed&limit=2"} {
		seen := map[string]int{}
		cursor := ""
		for pages := 0; pages < 2*n; pages++ {
			next, ids := p.accessedPage(path, cursor, ann)
			cursor = next
			for _, id := range ids {
				seen[id]++
			}
			if cursor == "" {
				break
			}
			p.must("/api/v1/trackBoardAccess", `{"noteId":"n0"}`, ann) // it comes to the front: all others move by a row
		}
		for i := 1; i < n; i++ {
			if id := fmt.Sprint("n", i); seen[id] != 1 {
				t.Errorf("%s: %s is on %d pages", path, id, seen[id])
			}
		}
	}
	for _, cursor := range []string{"NaN", "-1", "10", "undefined", "[object Object]"} {
		input := url.QueryEscape(`{"cursor":"` + cursor + `"}`)
		for _, path := range []string{"/api/v1/listNotes?input=" + input, "/api/notes?sort=accessed&after=" + url.QueryEscape(cursor), "/api/notes?after=" + url.QueryEscape(cursor)} {
			if r := p.get(path, ann); r.Status != http.StatusBadRequest {
				t.Errorf("GET %s: %d %s", path, r.Status, r.Body)
			}
		}
	}
}

// accessedPage reads a page of a list by access from one API or the other.
func (p *program) accessedPage(path, cursor, who string) (next string, ids []string) {
	p.t.Helper()
	page, member, name := map[string]any(nil), "notes", "id"
	if path == "trpc" {
		member, name = "items", "noteId"
		input := map[string]any{"limit": 2}
		if cursor != "" {
			input["cursor"] = cursor
		}
		text, err := json.Marshal(input)
		if err != nil {
			p.t.Fatal(err)
		}
		page = p.query("listNotes", string(text), who)
	} else {
		page = p.get(path+"&after="+url.QueryEscape(cursor), who).JSON(p.t)
	}
	for _, item := range page[member].([]any) {
		ids = append(ids, item.(map[string]any)[name].(string))
	}
	next, _ = page["nextCursor"].(string)
	return next, ids
}

// T20: what did not pass validation was a server error.
func TestT20WhatIsWrongWithARequestIsNeverAServerError(t *testing.T) {
	p := start(t)
	ann := p.token("ann")
	p.must("/api/notes", `{"id":"n","title":"t"}`, ann)
	p.must("/api/folders", `{"id":"f","name":"f"}`, ann)
	bodies := []string{
		`{`, `[]`, `null`, `"x"`, `7`, `{"title":7}`, `{"title":["x"]}`, `{"changes":7}`, `{"changes":{"title":7}}`, `{"changes":{"content":null}}`,
		`{"changes":{"tags":[""]}}`, `{"changes":{"tags":"x"}}`, `{"changes":{"unknown":1}}`, `{"changes":{}}`, `{"changes":{"folderId":"a b"}}`,
		`{"changes":{"title":"` + strings.Repeat("x", 501) + `"}}`, `{"changes":{"type":""}}`, `{"id":"a b"}`, `{"id":"n"}`, `{"mutationId":"a b"}`,
		`{"expectedVersion":0}`, `{"baseVersion":-1,"changes":{"title":"x"}}`, `{"version":0}`, `{"version":"x"}`, `{"version":1e99}`, `{"access":"secret"}`,
		`{"members":[{"userId":"a b","role":"read"}]}`, `{"members":[{"userId":"bob","role":"king"}]}`, `{"fields":{"starred":"yes"}}`, `{"name":""}`,
		`{"name":"x","color":"red"}`, `{"name":"x","parentId":"none"}`, `{"expiresInHours":-1}`, `{"expiresInHours":"x"}`, `{"mutations":7}`,
		"{\"title\":\"\xff\"}", `{"title":"\ud800"}`, `{"title":"a","title":"b"}`, strings.Repeat("[", 5000), `{"noteId":7}`, `{"limit":0}`, `{"path":"x"}`,
	}
	routes := []string{
		"/api/notes", "/api/notes/n", "/api/notes/n/organise", "/api/notes/n/revert", "/api/notes/n/share", "/api/notes/n/visit", "/api/notes/n/forget",
		"/api/notes/none", "/api/notes/a%20b", "/api/mutations", "/api/folders", "/api/folders/f", "/api/tickets", "/api/notes/n/presence", "/api/notes/n/custom",
	}
	for _, procedure := range []string{
		"createNote", "updateNote", "revertToVersion", "deleteNote", "toggleShare", "trackBoardAccess", "removeSharedBoard", "getNote", "nothing",
	} {
		routes = append(routes, "/api/v1/"+procedure, "/api/v1/"+procedure+"?batch=1")
	}
	refused := 0
	for _, route := range routes {
		for _, body := range bodies {
			r := p.post(route, body, ann)
			if r.Status >= 500 {
				t.Errorf("POST %s %.60s: %d %s", route, body, r.Status, r.Body)
			}
			if r.Status >= 400 {
				refused++
			}
		}
	}
	if refused < len(routes)*len(bodies)*3/4 {
		t.Errorf("only %d of %d are refused", refused, len(routes)*len(bodies))
	}
	for _, path := range []string{
		"/api/notes?limit=x", "/api/notes?after=x", "/api/notes?deleted=x", "/api/notes?order=x", "/api/notes?sort=x", "/api/notes?search=" + strings.Repeat("x", 101),
		"/api/notes?access=x", "/api/notes?starred=x", "/api/notes/a%20b", "/api/notes/n/versions?limit=x", "/api/notes/n/versions?before=x", "/api/notes/n/versions/x",
		"/api/v1/listNotes?input=%7B", "/api/v1/listNotes?input=7", "/api/v1/getHistory?input=%7B%22id%22%3A7%7D", "/api/v1/getNote", "/api/v1/getVersion?batch=1&input=%5B%5D",
	} {
		if r := p.get(path, ann); r.Status < 400 || r.Status >= 500 {
			t.Errorf("GET %s: %d %s", path, r.Status, r.Body)
		}
	}
}

// T21: a search by the server looked into the placeholders of what is encrypted.
func TestT21ASearchFindsNoPlaceholders(t *testing.T) {
	p := start(t)
	ann := p.token("ann")
	p.must("/api/notes", `{"id":"plain","title":"About encrypted notes","content":"what [ENCRYPTED] means"}`, ann)
	p.must("/api/notes", `{"id":"secret","title":"[ENCRYPTED]","content":"[ENCRYPTED]","encryptedTitle":"milk","encryptedContent":"milk","iv":"milk","salt":"milk"}`, ann)
	p.must("/api/notes", `{"id":"list","title":"Shopping","content":"oat milk"}`, ann)
	for search, want := range map[string]string{"encrypted": "[plain]", "[ENCRYPTED]": "[plain]", "[": "[plain]", "MILK": "[list]", "shop": "[list]", "salt": "[]"} {
		var page struct{ Notes []struct{ ID string } }
		if err := json.Unmarshal(p.get("/api/notes?search="+url.QueryEscape(search), ann).Body, &page); err != nil {
			t.Fatal(err)
		}
		ids := []string{}
		for _, n := range page.Notes {
			ids = append(ids, n.ID)
		}
		if got := fmt.Sprint(ids); got != want {
			t.Errorf("%q finds %s, want %s", search, got, want)
		}
	}
	if found := p.query("listNotes", `{"search":"encrypted"}`, ann); found["totalCount"] != 1.0 {
		t.Errorf("a search of titles finds %v", found)
	}
}

// T23: the first page of a folder was kept for all who asked, of whatever length.
func TestT23APageIsAsLongAsItIsAskedToBe(t *testing.T) {
	p := start(t)
	ann := p.token("ann")
	p.must("/api/folders", `{"id":"f","name":"f"}`, ann)
	n := 0
	add := func() {
		n++
		p.must("/api/notes", fmt.Sprintf(`{"id":"n%02d","folderId":"f"}`, n), ann)
	}
	for range 12 {
		add()
	}
	for _, limit := range []int{5, 2, 10, 1, 50, 5, 2} {
		for _, query := range []string{"folderId=f&", "sort=title&", "", "order=id&"} {
			page := p.get(fmt.Sprintf("/api/notes?%slimit=%d", query, limit), ann).JSON(t)
			if got := len(page["notes"].([]any)); got != min(limit, n) || (page["nextCursor"] == nil) != (limit >= n) {
				t.Errorf("?%slimit=%d of %d notes: %d, nextCursor %v", query, limit, n, got, page["nextCursor"])
			}
		}
		if got := len(p.query("listNotes", fmt.Sprintf(`{"limit":%d}`, limit), ann)["items"].([]any)); got != min(limit, n) {
			t.Errorf("listNotes of %d: %d", limit, got)
		}
		add()
	}
}
