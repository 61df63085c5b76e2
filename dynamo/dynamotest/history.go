package dynamotest

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"slices"

	"pgregory.net/rapid"

	"notewire/dynamo"
)

var historyRules = []rule{
	{"any history of transactions ends as in the model", anyHistory},
}

// history is a random one, told to an engine and to the model.
type history struct {
	*rapid.T
	ctx    context.Context
	engine dynamo.Engine
	model  *model
	pk     string
}

// A small world, so that the ops of a history meet.
var (
	historyKeys   = []string{"a", "a!", "aa", "b"}
	historyPlaces = []string{"", "p", "q", "q!"}
)

const historyNow = 150

func anyHistory(t *trial) {
	rapid.Check(t.T, func(r *rapid.T) {
		h := &history{T: r, ctx: t.Context(), engine: t.engine, model: newModel(), pk: rand.Text()}
		for range rapid.IntRange(1, 12).Draw(r, "transactions") {
			h.step()
		}
		h.sameItems()
		for range 4 {
			h.sameQuery()
		}
	})
}

// step runs one transaction on both and compares the answers.
func (h *history) step() {
	keys := rapid.SliceOfNDistinct(rapid.SampledFrom(historyKeys), 1, len(historyKeys), rapid.ID).Draw(h.T, "keys")
	ops := make([]dynamo.Op, len(keys))
	for i, sk := range keys {
		ops[i] = h.op(dynamo.Key{PK: h.pk, SK: sk})
	}
	want, got := h.model.Transact(h.ctx, ops), h.engine.Transact(h.ctx, ops)
	var wantClash, gotClash *dynamo.Clash
	errors.As(want, &wantClash)
	errors.As(got, &gotClash)
	if (want == nil) != (got == nil) || !sameClash(wantClash, gotClash) {
		h.Fatalf("%+v is answered %v, by the model %v", ops, got, want)
	}
}

func sameClash(a, b *dynamo.Clash) bool {
	if a == nil || b == nil {
		return a == b
	}
	return slices.Equal(a.Failed, b.Failed) && slices.EqualFunc(a.Found, b.Found, same)
}

func (h *history) op(key dynamo.Key) (op dynamo.Op) {
	switch rapid.IntRange(0, 4).Draw(h.T, "kind") {
	case 0:
		op.Delete = &key
	case 1:
		op.Check = &key
	default:
		op.Put = h.item(key)
	}
	op.If, op.Show = h.cond(), rapid.Bool().Draw(h.T, "show")
	return op
}

func (h *history) item(key dynamo.Key) *dynamo.Item {
	item := &dynamo.Item{
		Key: key,
		TTL: rapid.SampledFrom([]int64{0, 0, 100, 200}).Draw(h.T, "ttl"),
		Attrs: map[string]any{
			"n":    rapid.Int64Range(0, 2).Draw(h.T, "n"),
			"text": rapid.StringN(0, 8, -1).Draw(h.T, "text"),
			"list": rapid.SliceOfN(rapid.SampledFrom(historyKeys), 0, 3).Draw(h.T, "list"),
		},
	}
	if place := rapid.SampledFrom(historyPlaces).Draw(h.T, "place"); place != "" {
		item.Index = dynamo.Key{PK: h.pk, SK: place}
	}
	return item
}

// cond favours conditions that hold, or little would happen.
func (h *history) cond() dynamo.Cond {
	switch rapid.IntRange(0, 7).Draw(h.T, "cond") {
	case 0:
		return dynamo.Cond{Kind: dynamo.Absent, N: historyNow}
	case 1:
		return dynamo.Cond{Kind: dynamo.Present}
	case 2, 3:
		return dynamo.Cond{Kind: dynamo.Equal, Attr: "n", N: rapid.Int64Range(0, 2).Draw(h.T, "equal")}
	}
	return dynamo.Cond{}
}

func (h *history) sameItems() {
	keys := make([]dynamo.Key, len(historyKeys))
	for i, sk := range historyKeys {
		keys[i] = dynamo.Key{PK: h.pk, SK: sk}
	}
	want, _ := h.model.Get(h.ctx, keys...)
	got, err := h.engine.Get(h.ctx, keys...)
	if err != nil {
		h.Fatal(err)
	}
	for i := range want {
		if !same(got[i], want[i]) {
			h.Fatalf("%q is %s, in the model %s", keys[i].SK, show(got[i]), show(want[i]))
		}
	}
}

// sameQuery compares a random query. Within one place of the index the order is free, so
// index pages are not cut.
func (h *history) sameQuery() {
	q := dynamo.Query{
		PK:    h.pk,
		Index: rapid.Bool().Draw(h.T, "index"),
		Desc:  rapid.Bool().Draw(h.T, "desc"),
		Limit: rapid.IntRange(1, 5).Draw(h.T, "limit"),
	}
	sks := historyKeys
	if q.Index {
		sks, q.Limit = historyPlaces[1:], 50
	}
	from := rapid.IntRange(0, len(sks)-1).Draw(h.T, "from")
	to := rapid.IntRange(from, len(sks)-1).Draw(h.T, "to")
	q.From, q.To = sks[from], sks[to]
	if !q.Index && rapid.Bool().Draw(h.T, "resumed") {
		at := rapid.IntRange(from, to).Draw(h.T, "after")
		q.After = &dynamo.Item{Key: dynamo.Key{PK: h.pk, SK: sks[at]}}
	}
	settles(h, func() string { return h.differs(q) })
}

func (h *history) differs(q dynamo.Query) string {
	want, _ := h.model.Query(h.ctx, q)
	got, err := h.engine.Query(h.ctx, q)
	if err != nil {
		h.Fatal(err)
	}
	if !sameSequence(q, got.Items, want.Items) || want.More && !got.More || got.More && len(got.Items) < q.Limit {
		return fmt.Sprintf("%+v finds %v, more %v, in the model %v, more %v",
			q, sortKeys(got.Items), got.More, sortKeys(want.Items), want.More)
	}
	return ""
}

// sameSequence compares results; in the index only places have an order.
func sameSequence(q dynamo.Query, got, want []*dynamo.Item) bool {
	if len(got) != len(want) {
		return false
	}
	found := map[dynamo.Key]*dynamo.Item{}
	for i, item := range got {
		if q.Index && item.Index.SK != want[i].Index.SK || !q.Index && item.SK != want[i].SK {
			return false
		}
		found[item.Key] = item
	}
	for _, item := range want {
		if !same(found[item.Key], item) {
			return false
		}
	}
	return true
}
