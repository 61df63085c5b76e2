package dynamotest

import (
	"bytes"
	"fmt"
	"slices"
	"strings"

	"notewire/dynamo"
)

var queryRules = []rule{
	{"a query reads from From to To, both included, in either direction", queryBounds},
	{"a query starts behind After, in the direction of reading", queryAfter},
	{"After need not exist any more", queryAfterDeleted},
	{"a query stops at Limit, and says that there is more", queryLimit},
	{"a query stops after the item that reaches Bytes", queryBytes},
	{"pages put together are the whole", queryPages},
	{"a query keeps to its partition", queryPartition},
	{"sort keys are compared as bytes", queryOrder},
	{"a query returns whole items, expired ones too", queryWhole},
}

// row is an item whose place in the index sorts the other way round.
func (t *trial) row(i int) *dynamo.Item { return t.placed(rowKey(i), rowKey(99-i)) }

func rowKey(i int) string { return fmt.Sprintf("row-%02d", i) }

// rows stores rows 0 to n-1.
func (t *trial) rows(n int) {
	t.Helper()
	ops := make([]dynamo.Op, n)
	for i := range ops {
		ops[i].Put = t.row(i)
	}
	if err := t.transact(ops...); err != nil {
		t.Fatal(err)
	}
}

// reads checks the sort keys that q finds in the table, and whether there is more.
func (t *trial) reads(q dynamo.Query, more bool, want ...int) {
	t.Helper()
	if problem := t.misread(q, more, want); problem != "" {
		t.Fatal(problem)
	}
}

// misread compares a page with the rows wanted. More may be true at an exact end.
func (t *trial) misread(q dynamo.Query, more bool, want []int) string {
	t.Helper()
	q.PK = t.pk
	if q.Limit == 0 {
		q.Limit = 50
	}
	page := t.query(q)
	var wanted []string
	for _, i := range want {
		wanted = append(wanted, rowKey(i))
	}
	full := len(page.Items) == q.Limit || q.Bytes > 0
	if got := sortKeys(page.Items); !slices.Equal(got, wanted) || page.More != more && !(full && page.More) {
		return fmt.Sprintf("%+v finds %v, more %v, want %v, more %v", q, got, page.More, wanted, more)
	}
	return ""
}

func sortKeys(items []*dynamo.Item) (sks []string) {
	for _, item := range items {
		sks = append(sks, item.SK)
	}
	return sks
}

// between is the query for rows a to b.
func between(a, b int) dynamo.Query { return dynamo.Query{From: rowKey(a), To: rowKey(b)} }

func descending(q dynamo.Query) dynamo.Query {
	q.Desc = true
	return q
}

func queryBounds(t *trial) {
	t.rows(6)
	t.reads(between(0, 99), false, 0, 1, 2, 3, 4, 5)
	t.reads(between(1, 3), false, 1, 2, 3)
	t.reads(between(2, 2), false, 2)
	t.reads(between(7, 9), false)
	t.reads(dynamo.Query{From: "row-", To: "row-01"}, false, 0, 1)
	t.reads(dynamo.Query{From: "row-00!", To: "row-02!"}, false, 1, 2)
	t.reads(dynamo.Query{From: "!", To: "~"}, false, 0, 1, 2, 3, 4, 5)
	t.reads(descending(between(0, 99)), false, 5, 4, 3, 2, 1, 0)
	t.reads(descending(between(1, 3)), false, 3, 2, 1)
	t.reads(descending(between(2, 2)), false, 2)
	t.reads(descending(between(7, 9)), false)
	t.reads(descending(dynamo.Query{From: "!", To: "~"}), false, 5, 4, 3, 2, 1, 0)
}

func (t *trial) after(q dynamo.Query, i int) dynamo.Query {
	row := t.row(i)
	q.After = &dynamo.Item{Key: row.Key, Index: row.Index} // only keys
	return q
}

func queryAfter(t *trial) {
	t.rows(6)
	t.reads(t.after(between(0, 99), 2), false, 3, 4, 5)
	t.reads(t.after(between(1, 4), 1), false, 2, 3, 4)
	t.reads(t.after(between(1, 4), 4), false)
	t.reads(descending(t.after(between(0, 99), 2)), false, 1, 0)
	t.reads(descending(t.after(between(1, 4), 4)), false, 3, 2, 1)
	t.reads(descending(t.after(between(1, 4), 1)), false)
}

func queryAfterDeleted(t *trial) {
	t.rows(6)
	t.delete(rowKey(2))
	t.reads(t.after(between(0, 99), 2), false, 3, 4, 5)
	t.reads(descending(t.after(between(0, 99), 2)), false, 1, 0)
}

func limited(q dynamo.Query, n int) dynamo.Query {
	q.Limit = n
	return q
}

func queryLimit(t *trial) {
	t.rows(6)
	t.reads(limited(between(0, 99), 1), true, 0)
	t.reads(limited(between(1, 4), 3), true, 1, 2, 3)
	t.reads(limited(between(1, 4), 4), false, 1, 2, 3, 4)
	t.reads(limited(between(1, 4), 5), false, 1, 2, 3, 4)
	t.reads(limited(descending(between(1, 4)), 2), true, 4, 3)
	t.reads(limited(descending(t.after(between(0, 99), 4)), 2), true, 3, 2)
}

func queryBytes(t *trial) {
	for i := range 5 {
		row := t.row(i)
		row.Attrs["body"] = bytes.Repeat([]byte{'x'}, 20_000)
		t.put(row)
	}
	sized := func(q dynamo.Query, n int) dynamo.Query { q.Bytes = n; return q }
	t.reads(sized(between(0, 99), 1), true, 0)
	t.reads(sized(between(0, 99), 50_000), true, 0, 1, 2)
	t.reads(sized(descending(between(0, 99)), 50_000), true, 4, 3, 2)
	t.reads(sized(t.after(between(0, 99), 2), 25_000), false, 3, 4)
	t.reads(sized(between(0, 99), 1_000_000), false, 0, 1, 2, 3, 4)
	t.reads(limited(sized(between(0, 99), 50_000), 2), true, 0, 1)
}

func queryPages(t *trial) {
	t.rows(10)
	for _, desc := range []bool{false, true} {
		q := dynamo.Query{PK: t.pk, From: rowKey(1), To: rowKey(9), Limit: 3, Desc: desc}
		items := t.pages(q)
		want := []int{1, 2, 3, 4, 5, 6, 7, 8, 9}
		if desc {
			slices.Reverse(want)
		}
		if len(items) != len(want) {
			t.Fatalf("descending %v: rows %v, want %v", desc, sortKeys(items), want)
		}
		for i, item := range items {
			if !same(item, t.row(want[i])) {
				t.Fatalf("descending %v: at %d is %s", desc, i, show(item))
			}
		}
	}
}

// pages reads on until there is no more.
func (t *trial) pages(q dynamo.Query) (items []*dynamo.Item) {
	t.Helper()
	for range 100 {
		page := t.query(q)
		items = append(items, page.Items...)
		if !page.More {
			return items
		}
		if len(page.Items) == 0 {
			t.Fatalf("%+v finds nothing, but more", q)
		}
		q.After = page.Items[len(page.Items)-1]
	}
	t.Fatal("there is always more")
	return nil
}

func queryPartition(t *trial) {
	t.rows(2)
	for _, neighbour := range []string{t.pk + "!", t.pk + " ", t.pk + "~", t.pk[:len(t.pk)-1]} {
		t.put(&dynamo.Item{Key: dynamo.Key{PK: neighbour, SK: rowKey(1)}})
	}
	all := dynamo.Query{From: " ", To: strings.Repeat("~", 20)}
	t.reads(all, false, 0, 1)
	t.reads(descending(all), false, 1, 0)
}

func queryOrder(t *trial) {
	want := []string{" ", "!", "#", "0", "1", "10", "2", "A", "B", "Z", "_", "a", "a ", "a!", "a#", "aa", "ab", "b", "~"}
	for _, i := range []int{3, 18, 0, 11, 7, 15, 1, 9, 13, 5, 2, 17, 10, 4, 16, 6, 14, 8, 12} {
		t.put(t.item(want[i], 1))
	}
	q := dynamo.Query{PK: t.pk, From: " ", To: "~", Limit: 50}
	if got := sortKeys(t.query(q).Items); !slices.Equal(got, want) {
		t.Fatalf("in order %q, want %q", got, want)
	}
	slices.Reverse(want)
	if got := sortKeys(t.query(descending(q)).Items); !slices.Equal(got, want) {
		t.Fatalf("descending %q, want %q", got, want)
	}
}

func queryWhole(t *trial) {
	want := t.changeable()
	want.TTL = 1
	t.put(want)
	page := t.query(dynamo.Query{PK: t.pk, From: "item", To: "item", Limit: 9})
	if len(page.Items) != 1 || !same(page.Items[0], want) {
		t.Fatalf("%d items, want %s", len(page.Items), show(want))
	}
}
