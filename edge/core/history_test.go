package core_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"math/rand/v2"
	"reflect"
	"slices"
	"testing"

	"notewire/edge/core"
	"notewire/notes"
	"notewire/transport/wire"
)

// vector is one call of the core.
type vector struct {
	Name string
	In   json.RawMessage
}

// history plays random mutations through the core, and keeps every call of it.
type history struct {
	t        *testing.T
	seed     uint64
	rand     *rand.Rand
	head     *notes.Version
	versions map[int64]*notes.Version
	accounts map[notes.UserID]notes.Account
	folders  []*notes.Folder // ada's
	receipts map[string]*notes.Receipt
	now      notes.Millis
	vectors  []vector
	commits  int
}

var people = []notes.UserID{"ada", "ben", "cleo", "dan"}

const theNote notes.NoteID = "n1"

func newHistory(t *testing.T, seed uint64) *history {
	return &history{
		t: t, seed: seed, rand: rand.New(rand.NewPCG(seed, 1)), now: 1763000000000,
		versions: map[int64]*notes.Version{}, accounts: map[notes.UserID]notes.Account{}, receipts: map[string]*notes.Receipt{},
	}
}

func (h *history) call(name string, in any) []byte {
	h.t.Helper()
	data, err := json.Marshal(in)
	if err != nil {
		h.t.Fatal(err)
	}
	h.vectors = append(h.vectors, vector{name, data})
	return core.Call(name, data)
}

func pick[T any](r *rand.Rand, from ...T) T { return from[r.IntN(len(from))] }

var texts = []string{"", "milk\nbread", "<b>&amp;</b> \u2028\u2029 \x00 é e\u0301", "日本 👩‍👩‍👧", `"quoted" \ back`}

// op draws an operation and its body.
func (h *history) op() (string, map[string]any) {
	r := h.rand
	switch pick(r, "create", "edit", "edit", "edit", "edit", "organise", "revert", "trash", "restore", "share", "share", "leave", "folder", "folder", "folder") {
	case "create":
		return "create", map[string]any{"title": pick(r, texts...), "content": pick(r, texts...)}
	case "folder":
		return h.folderOp()
	case "edit":
		changes := map[string]any{"content": pick(r, texts...)}
		if r.IntN(3) == 0 {
			changes["blob"] = json.RawMessage(pick(r, `null`, `{"a":[1,2,{"b":"\u00e9<"}]}`, `12345678901234567890`, `"text"`))
		}
		if r.IntN(4) == 0 {
			changes["addTags"] = []string{pick(r, "home", "work", "日本")}
		}
		if r.IntN(8) == 0 {
			changes["deleted"] = r.IntN(2) == 0
		}
		body := map[string]any{"changes": changes}
		if r.IntN(4) == 0 {
			body[pick(r, "expectedVersion", "baseVersion", "baseVersion")] = 1 + r.IntN(8)
		}
		return "edit", body
	case "organise":
		return "organise", map[string]any{"fields": map[string]any{"starred": r.IntN(2) == 0, "hidden": true}}
	case "revert":
		return "revert", map[string]any{"version": 1 + r.IntN(9), "kept": r.IntN(2) == 0}
	case "share":
		if r.IntN(3) == 0 {
			return "share", map[string]any{"access": pick(r, "public", "private")}
		}
		if r.IntN(4) == 0 {
			return "share", map[string]any{"owner": pick(r, people...)}
		}
		return "share", map[string]any{"members": []any{map[string]any{"userId": pick(r, people[1:]...), "role": pick(r, "read", "write")}}}
	case "leave":
		return "leave", map[string]any{}
	case "trash":
		return "trash", map[string]any{}
	}
	return "restore", map[string]any{}
}

// folderOp draws an operation on one of few folders, which is in its body.
func (h *history) folderOp() (string, map[string]any) {
	r, ids := h.rand, []string{"f1", "f2", "f3"}
	members := map[string]any{"name": pick(r, texts[1:]...), "parentId": pick[any](r, nil, ids[0], ids[1]), "order": r.IntN(3)}
	switch id := pick(r, ids...); pick(r, "create", "create", "update", "update", "update", "delete") {
	case "create":
		return "folder_create", map[string]any{"folder": id, "members": members}
	case "update":
		return "folder_update", map[string]any{"folder": id, "members": map[string]any{"changes": map[string]any{"name": members["name"], "color": "#0099ff"}}}
	default:
		return "folder_delete", map[string]any{"folder": id}
	}
}

// play does n mutations, and then the note goes; some are repeats of earlier ones, some another op under their id.
func (h *history) play(n int) {
	for i := range n {
		op, body := h.op()
		if i == 0 {
			op, body = "create", map[string]any{"content": "first"}
			if h.seed == 2 {
				body["expiresInHours"] = 0.013 // most of the mutations later
			}
		}
		author := pick(h.rand, "ada", "ada", pick(h.rand, people...))
		if i == 0 {
			author = "ada"
		}
		mutation := fmt.Sprintf("m%d", h.rand.IntN(n*3))
		body["mutationId"] = mutation
		h.do(author, mutation, op, maps.Clone(body))
		if i%8 == 0 {
			h.do(author, mutation, op, body)
		}
	}
	for _, op := range []string{"trash", "purge", "edit"} {
		h.do(h.head.Owner, "last-"+op, op, map[string]any{"mutationId": "last-" + op})
	}
}

func (h *history) do(author notes.UserID, mutation, op string, body map[string]any) {
	h.now += 1000
	rows := notes.Rows{Receipt: h.receipts[string(author)+mutation], Head: h.head, Account: h.accounts}
	for _, name := range []string{"version", "baseVersion"} {
		if v, ok := body[name].(int); ok {
			rows.Target = h.versions[int64(v)]
		}
	}
	via := pick(h.rand, "", "c1")
	subject, id := "noteId", string(theNote)
	if folder, ok := body["folder"].(string); ok {
		subject, id, author = "folderId", folder, "ada"
		rows = notes.Rows{Receipt: h.receipts["ada"+mutation], Folders: h.folders, Account: map[notes.UserID]notes.Account{"ada": {Seq: h.accounts["ada"].Seq}}}
		members, _ := body["members"].(map[string]any)
		body = maps.Clone(members)
		if body == nil {
			body = map[string]any{}
		}
		body["mutationId"] = mutation
	}
	seqs := map[notes.FolderID]int64{}
	for _, f := range rows.Folders {
		seqs[f.ID] = f.Seq
	}
	out := h.call("decide", map[string]any{
		"rows": rows, "author": author, "via": via, "op": op, subject: id, "body": body, "now": h.now, "folderSeqs": seqs,
	})
	var decision struct {
		Fault  string
		Commit *notes.Commit
	}
	if err := json.Unmarshal(out, &decision); err != nil || decision.Fault != "" {
		h.t.Fatalf("%v: %s", err, out)
	}
	if c := decision.Commit; c != nil && c.Version != nil {
		for _, b := range []*notes.Body{&c.Version.Body, c.Version.Posted} {
			if b != nil && string(b.Blob) == "null" {
				b.Blob = nil // as the core reads it
			}
		}
	}
	if c := decision.Commit; c != nil && c.Folder != nil && c.Folder.Put != nil {
		row := &c.Accounts[0].Row
		c.Folder.Put.Seq, row.Folder.Seq = row.Seq, row.Seq
	}
	if want := h.decide(rows, author, via, op, id, body); !reflect.DeepEqual(decision.Commit, want) {
		h.t.Fatalf("%s: on its way through JSON the commit became\n%s\nfrom %+v", op, out, want)
	}
	if decision.Commit != nil {
		h.apply(author, mutation, decision.Commit)
	}
}

// decide is the same without the core: what is committed, or nil.
func (h *history) decide(rows notes.Rows, author notes.UserID, via, op, id string, body map[string]any) *notes.Commit {
	data, err := json.Marshal(body)
	if err != nil {
		h.t.Fatal(err)
	}
	m, err := wire.DecodeMutation(op, id, data)
	if err != nil || m.Check(notes.DefaultLimits()) != nil {
		return nil
	}
	d, err := notes.Decide(rows, notes.Request{
		Author: author, Via: via, Mutation: m, Hash: m.Hash(), Now: h.now, Limits: notes.DefaultLimits(),
	})
	if err != nil {
		return nil
	}
	return d.Commit
}

func (h *history) apply(author notes.UserID, mutation string, c *notes.Commit) {
	h.commits++
	h.receipts[string(author)+mutation] = c.Receipt
	if c.Version != nil {
		h.head = c.Version
		h.versions[c.Version.Note.Version] = c.Version
		for _, member := range []bool{true, false} {
			h.call("event", map[string]any{"version": c.Version, "member": member, "cursor": fmt.Sprintf("epoch-%d", c.Version.Note.Version)})
		}
	}
	if w := c.Folder; w != nil {
		h.folders = slices.DeleteFunc(slices.Clone(h.folders), func(f *notes.Folder) bool { return f.ID == w.ID })
		if w.Put != nil {
			h.folders = append(h.folders, w.Put)
		}
	}
	for _, a := range c.Accounts {
		entry := a.Entry
		if c.Folder != nil {
			entry = h.accounts[a.User].Entry
		}
		h.accounts[a.User] = notes.Account{Seq: a.Row.Seq, Entry: entry}
		event := map[string]any{"row": a.Row, "cursor": fmt.Sprintf("epoch-%d", a.Row.Seq)}
		if a.Entry != nil && c.Version != nil || a.Row.Note != "" && a.Row.Kind != notes.KindDeleted {
			event["version"] = h.head
		}
		h.call("event", event)
	}
}
