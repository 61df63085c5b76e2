package core_test

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"reflect"
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
	rand     *rand.Rand
	head     *notes.Version
	versions map[int64]*notes.Version
	accounts map[notes.UserID]notes.Account
	receipts map[string]*notes.Receipt
	now      notes.Millis
	vectors  []vector
	commits  int
}

var people = []notes.UserID{"ada", "ben", "cleo", "dan"}

const theNote notes.NoteID = "n1"

func newHistory(t *testing.T, seed uint64) *history {
	return &history{
		t: t, rand: rand.New(rand.NewPCG(seed, 1)), now: 1763000000000,
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
	switch pick(r, "create", "edit", "edit", "edit", "edit", "organise", "revert", "trash", "restore", "share", "share", "leave") {
	case "create":
		return "create", map[string]any{"id": theNote, "title": pick(r, texts...), "content": pick(r, texts...)}
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
			body[pick(r, "expectedVersion", "baseVersion")] = 1 + r.IntN(8)
		}
		return "edit", body
	case "organise":
		return "organise", map[string]any{"fields": map[string]any{"starred": r.IntN(2) == 0, "hidden": true}}
	case "revert":
		return "revert", map[string]any{"version": 1 + r.IntN(9)}
	case "share":
		if r.IntN(3) == 0 {
			return "share", map[string]any{"access": pick(r, "public", "private")}
		}
		return "share", map[string]any{"members": []any{map[string]any{"userId": pick(r, people[1:]...), "role": pick(r, "read", "write")}}}
	case "leave":
		return "leave", map[string]any{}
	case "trash":
		return "trash", map[string]any{}
	}
	return "restore", map[string]any{}
}

// play does n mutations; some are repeats of earlier ones, some another op under their id.
func (h *history) play(n int) {
	for i := range n {
		op, body := h.op()
		if i == 0 {
			op, body = "create", map[string]any{"id": theNote, "content": "first"}
		}
		author := pick(h.rand, "ada", "ada", pick(h.rand, people...))
		if i == 0 {
			author = "ada"
		}
		mutation := fmt.Sprintf("m%d", h.rand.IntN(n*3))
		body["mutationId"] = mutation
		h.do(author, mutation, op, body)
	}
}

func (h *history) do(author notes.UserID, mutation, op string, body map[string]any) {
	h.now += 1000
	rows := notes.Rows{Receipt: h.receipts[string(author)+mutation], Head: h.head, Account: h.accounts}
	if v, ok := body["version"].(int); ok {
		rows.Target = h.versions[int64(v)]
	}
	via := pick(h.rand, "", "c1")
	out := h.call("decide", map[string]any{
		"rows": rows, "author": author, "via": via, "op": op, "noteId": theNote, "body": body, "now": h.now,
	})
	var decision struct {
		Fault  string
		Commit *notes.Commit
	}
	if err := json.Unmarshal(out, &decision); err != nil || decision.Fault != "" {
		h.t.Fatalf("%v: %s", err, out)
	}
	if c := decision.Commit; c != nil && c.Version != nil && string(c.Version.Blob) == "null" {
		c.Version.Blob = nil // as the core reads it
	}
	if want := h.decide(rows, author, via, op, body); !reflect.DeepEqual(decision.Commit, want) {
		h.t.Fatalf("%s: on its way through JSON the commit became\n%s\nfrom %+v", op, out, want)
	}
	if decision.Commit != nil {
		h.apply(author, mutation, decision.Commit)
	}
}

// decide is the same without the core: what is committed, or nil.
func (h *history) decide(rows notes.Rows, author notes.UserID, via, op string, body map[string]any) *notes.Commit {
	data, err := json.Marshal(body)
	if err != nil {
		h.t.Fatal(err)
	}
	m, err := wire.DecodeMutation(op, theNote, data)
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
	for _, a := range c.Accounts {
		h.accounts[a.User] = notes.Account{Seq: a.Row.Seq, Entry: a.Entry}
		event := map[string]any{"row": a.Row, "cursor": fmt.Sprintf("epoch-%d", a.Row.Seq)}
		if a.Entry != nil {
			event["version"] = h.head
		}
		h.call("event", event)
	}
}
