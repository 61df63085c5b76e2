package bolt

import (
	"fmt"
	"strings"
	"testing"

	"go.etcd.io/bbolt"

	"notewire/dynamo"
)

// rows stores a to e, at the same places of the index.
func rows(t *testing.T) *Engine {
	t.Helper()
	e := open(t, file(t))
	for _, sk := range []string{"a", "b", "c", "d", "e"} {
		row := item(sk, 1)
		row.Index = row.Key
		mustPut(t, e, row)
	}
	return e
}

// read returns what q finds, in one word; a dot if there is more.
func read(t *testing.T, e *Engine, q dynamo.Query) string {
	t.Helper()
	var word strings.Builder
	var both [2]string
	for i, index := range []bool{false, true} {
		q.PK, q.Index = "p", index
		if q.Limit == 0 {
			q.Limit = 50
		}
		page, err := e.Query(t.Context(), q)
		if err != nil {
			t.Fatal(err)
		}
		word.Reset()
		for _, item := range page.Items {
			word.WriteString(item.SK)
		}
		if page.More {
			word.WriteByte('.')
		}
		both[i] = word.String()
	}
	if both[0] != both[1] {
		t.Fatalf("%+v: the table has %s, the index %s", q, both[0], both[1])
	}
	return both[0]
}

// after is a position in the table and in the index.
func after(sk string) *dynamo.Item {
	key := dynamo.Key{PK: "p", SK: sk}
	return &dynamo.Item{Key: key, Index: key}
}

// The contract leaves these open; here they are exact.
func TestEdgesOfQueries(t *testing.T) {
	e := rows(t)
	for _, c := range []struct {
		q    dynamo.Query
		want string
	}{
		{dynamo.Query{From: "", To: "~"}, "abcde"},
		{dynamo.Query{From: "a", To: ""}, ""},
		{dynamo.Query{From: "d", To: "b"}, ""},
		{dynamo.Query{From: "d", To: "b", Desc: true}, ""},
		{dynamo.Query{From: "", To: "\xff"}, "abcde"},
		{dynamo.Query{From: "a", To: "e", Limit: 5}, "abcde"},
		{dynamo.Query{From: "a", To: "e", Limit: 4}, "abcd."},
		{dynamo.Query{From: "a", To: "d", Limit: 4}, "abcd"},
		{dynamo.Query{From: "b", To: "e", Limit: 4, Desc: true}, "edcb"},
		{dynamo.Query{From: "a", To: "e", Bytes: 1}, "a."},
		{dynamo.Query{From: "e", To: "e", Bytes: 1}, "e"},
		{dynamo.Query{From: "c", To: "e", After: after("a")}, "cde"},
		{dynamo.Query{From: "a", To: "c", After: after("d")}, ""},
		{dynamo.Query{From: "a", To: "c", After: after("e"), Desc: true}, "cba"},
		{dynamo.Query{From: "c", To: "e", After: after("b"), Desc: true}, ""},
		{dynamo.Query{From: "a", To: "e", After: after("bb")}, "cde"},
		{dynamo.Query{From: "a", To: "e", After: after("bb"), Desc: true}, "ba"},
	} {
		if got := read(t, e, c.q); got != c.want {
			t.Errorf("%+v finds %q, want %q", c.q, got, c.want)
		}
	}
}

func TestIllegalQueriesAreRefused(t *testing.T) {
	e := rows(t)
	for _, q := range []dynamo.Query{{PK: "p", To: "~"}, {To: "~", Limit: 1}, {PK: "p\x00a", To: "~", Limit: 1}} {
		if _, err := e.Query(t.Context(), q); err == nil {
			t.Errorf("%+v was answered", q)
		}
	}
	if _, err := e.Get(t.Context(), dynamo.Key{PK: "p\x00a", SK: "b"}); err == nil {
		t.Error("a key with a separator was looked up")
	}
}

func TestIndexHasOneEntryForEachPlacedItem(t *testing.T) {
	e := rows(t)
	for i := range 20 {
		row := item("a", int64(i))
		row.Index = dynamo.Key{PK: "p", SK: fmt.Sprint(i % 3)}
		mustPut(t, e, row)
	}
	mustPut(t, e, item("b", 1))
	if err := e.Transact(t.Context(), []dynamo.Op{{Delete: &dynamo.Key{PK: "p", SK: "c"}}}); err != nil {
		t.Fatal(err)
	}
	entries := 0
	err := e.db.View(func(tx *bbolt.Tx) error {
		return tx.Bucket(indexBucket).ForEach(func(_, _ []byte) error { entries++; return nil })
	})
	if err != nil || entries != 3 { // a, d, e
		t.Errorf("%d entries, error %v", entries, err)
	}
}
