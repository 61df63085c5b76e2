package dynamotest

import (
	"fmt"
	"slices"

	"notewire/dynamo"
)

var indexRules = []rule{
	{"the index is read by place, in either direction", indexOrder},
	{"the index obeys After, Limit and Bytes", indexPages},
	{"items at one place of the index are all found, page by page", indexTies},
	{"the index returns whole items", indexWhole},
	{"an item without a place is not in the index", indexSparse},
	{"a replaced item leaves its old place", indexMoves},
	{"an item that loses its place leaves the index", indexLeft},
	{"a deleted item leaves the index", indexDeleted},
	{"a transaction that clashes leaves the index as it was", indexClash},
}

// indexReads checks what q finds in the index, as soon as it has caught up.
func (t *trial) indexReads(q dynamo.Query, more bool, want ...int) {
	t.Helper()
	q.Index = true
	settles(t, func() string { return t.misread(q, more, want) })
}

// indexHas checks that the index of the trial's partition holds just these items.
func (t *trial) indexHas(want ...*dynamo.Item) {
	t.Helper()
	settles(t, func() string {
		got := t.query(dynamo.Query{PK: t.pk, Index: true, From: " ", To: "~", Limit: 50}).Items
		if slices.EqualFunc(got, want, same) {
			return ""
		}
		return fmt.Sprintf("the index holds %v, want %v", sortKeys(got), sortKeys(want))
	})
}

func indexOrder(t *trial) {
	t.rows(6) // row i is at place 99-i
	t.indexReads(between(0, 99), false, 5, 4, 3, 2, 1, 0)
	t.indexReads(descending(between(0, 99)), false, 0, 1, 2, 3, 4, 5)
	t.indexReads(between(96, 98), false, 3, 2, 1)
	t.indexReads(descending(between(96, 98)), false, 1, 2, 3)
	t.indexReads(between(97, 97), false, 2)
	t.indexReads(between(0, 50), false)
}

func indexPages(t *trial) {
	t.rows(6)
	t.indexReads(between(94, 99), false, 5, 4, 3, 2, 1, 0)
	t.indexReads(t.after(between(94, 99), 3), false, 2, 1, 0)
	t.indexReads(descending(t.after(between(94, 99), 3)), false, 4, 5)
	t.indexReads(limited(between(94, 99), 2), true, 5, 4)
	t.indexReads(limited(t.after(between(94, 99), 4), 2), true, 3, 2)
	small := between(94, 99)
	small.Bytes = 1
	t.indexReads(small, true, 5)
}

func indexTies(t *trial) {
	want := []string{"a", "b", "c", "d", "e"}
	for _, sk := range want {
		t.put(t.placed(sk, "same"))
	}
	for _, desc := range []bool{false, true} {
		settles(t, func() string {
			got := sortKeys(t.pages(dynamo.Query{PK: t.pk, Index: true, From: "same", To: "same", Limit: 2, Desc: desc}))
			if slices.Sort(got); slices.Equal(got, want) {
				return ""
			}
			return fmt.Sprintf("descending %v: found %v, want %v", desc, got, want)
		})
	}
}

func indexWhole(t *trial) {
	want := t.changeable()
	want.Index, want.TTL = dynamo.Key{PK: t.pk, SK: "place"}, 1
	t.put(want)
	t.indexHas(want)
	spoil(t.query(dynamo.Query{PK: t.pk, Index: true, From: "place", To: "place", Limit: 1}).Items[0])
	t.holds(want)
}

func indexSparse(t *trial) {
	in := t.placed("in", "place")
	t.put(t.item("out", 1), in)
	t.indexHas(in)
}

func indexMoves(t *trial) {
	t.put(t.placed("item", "m"), t.placed("other", "n"))
	for _, place := range []string{"z", "a", "a", "m"} {
		moved := t.placed("item", place)
		t.put(moved)
		want := []*dynamo.Item{t.placed("other", "n"), moved}
		if place <= "n" {
			slices.Reverse(want)
		}
		t.indexHas(want...)
	}

	elsewhere := t.item("item", 1)
	elsewhere.Index = dynamo.Key{PK: t.pk + "#2", SK: "n"}
	t.put(elsewhere)
	t.indexHas(t.placed("other", "n"))
}

func indexLeft(t *trial) {
	t.put(t.placed("item", "place"))
	t.indexHas(t.placed("item", "place"))
	t.put(t.item("item", 2))
	t.indexHas()
	t.holds(t.item("item", 2))
}

func indexDeleted(t *trial) {
	t.put(t.placed("a", "a"), t.placed("b", "b"))
	t.indexHas(t.placed("a", "a"), t.placed("b", "b"))
	t.delete("a")
	t.indexHas(t.placed("b", "b"))
}

func indexClash(t *trial) {
	t.put(t.placed("item", "place"))
	err := t.transact(
		dynamo.Op{Put: t.placed("item", "moved")},
		dynamo.Op{Put: t.placed("new", "new")},
		t.op("check", "none", dynamo.Cond{Kind: dynamo.Present}),
	)
	t.clashed(err, false, false, true)
	t.indexHas(t.placed("item", "place"))
}
