package bolt

import (
	"bytes"
	"errors"
	"fmt"
	"math"
	"reflect"
	"strings"
	"testing"

	"go.etcd.io/bbolt"

	"notewire/dynamo"
)

// full returns an item with all that can be stored.
func full() *dynamo.Item {
	return &dynamo.Item{
		Key:   dynamo.Key{PK: "NOTE#1", SK: "HEAD"},
		Index: dynamo.Key{PK: "USER#1", SK: "2026"},
		TTL:   math.MaxInt64,
		Attrs: map[string]any{
			"": "empty name", "text": "naïve\x00\xff", "none": "", "n": int64(math.MinInt64), "m": int64(300),
			"yes": true, "no": false, "bytes": []byte{0, 0xff}, "noBytes": []byte{},
			"list": []string{"b", "a", ""}, "noList": []string{}, "long": strings.Repeat("x", 70_000),
		},
	}
}

func encode(t testing.TB, item *dynamo.Item) []byte {
	t.Helper()
	_, raw, err := encodeItem(item)
	if err != nil {
		t.Fatal(err)
	}
	return raw
}

func TestDecodedItemIsTheEncodedOne(t *testing.T) {
	want := full()
	raw := encode(t, want)
	got, err := decodeItem(want.Key, raw)
	if err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("got %+v, error %v", got, err)
	}
	if bound := encodedSize(want); len(raw) > bound {
		t.Errorf("%d bytes, above the bound of %d", len(raw), bound)
	}
}

func TestEqualItemsAreEqualBytes(t *testing.T) {
	want := encode(t, full())
	for range 20 {
		if !bytes.Equal(encode(t, full()), want) {
			t.Fatal("the encoding is not deterministic")
		}
	}
}

func TestStoredFormatHasNotChanged(t *testing.T) {
	item := &dynamo.Item{
		Index: dynamo.Key{PK: "i", SK: "j"},
		TTL:   258,
		Attrs: map[string]any{"b": []byte("xy"), "a": int64(-2), "c": true, "d": []string{"e"}, "f": "g", "h": false},
	}
	want := "\x00\x00\x00\x00\x00\x00\x01\x02" + "\x03i\x00j" + "\x06" +
		"\x01a\x02\x03" + "\x01b\x05\x02xy" + "\x01c\x04" + "\x01d\x06\x01\x01e" + "\x01f\x01\x01g" + "\x01h\x03"
	if got := string(encode(t, item)); got != want {
		t.Errorf("files of format %s would not be readable:\n got %q\nwant %q", format, got, want)
	}
}

func TestEveryTruncationIsCorrupt(t *testing.T) {
	small := full()
	delete(small.Attrs, "long")
	raw := encode(t, small)
	for n := range raw {
		if _, err := decodeItem(small.Key, raw[:n]); !errors.Is(err, errCorrupt) {
			t.Errorf("the first %d of %d bytes: error %v", n, len(raw), err)
		}
	}
	if _, err := decodeItem(small.Key, append(raw, 0)); !errors.Is(err, errCorrupt) {
		t.Errorf("a byte too many: error %v", err)
	}
}

func FuzzDecodeItem(f *testing.F) {
	small := full()
	delete(small.Attrs, "long") // it only slows the fuzzer down
	f.Add(encode(f, small))
	f.Add(encode(f, &dynamo.Item{}))
	f.Add([]byte{})
	f.Add(append(make([]byte, ttlSize), 0, 0xff, 0xff, 0xff, 0xff, 0x0f))
	f.Fuzz(func(t *testing.T, raw []byte) {
		key := dynamo.Key{PK: "p", SK: "s"}
		item, err := decodeItem(key, raw)
		ttl, _, headErr := storedHead(raw)
		if err != nil {
			_, _ = decodePart(raw, ifEqual(1)) // must not panic
			return
		}
		if headErr != nil || ttl != item.TTL {
			t.Fatalf("head %d, %v, but item %+v", ttl, headErr, item)
		}
		for name, v := range item.Attrs {
			part, err := decodePart(raw, dynamo.Cond{Kind: dynamo.Equal, Attr: name})
			if err != nil || !reflect.DeepEqual(part.Attrs[name], v) {
				t.Fatalf("attribute %q alone is %v, error %v, want %v", name, part, err, v)
			}
		}
		if item.Index != (dynamo.Key{}) && checkKey(item.Index) != nil {
			return // cannot be put
		}
		again, err := decodeItem(key, encode(t, item))
		if err != nil || !reflect.DeepEqual(again, item) {
			t.Fatalf("encoded again: %+v, error %v, want %+v", again, err, item)
		}
	})
}

// corrupt overwrites a stored value.
func corrupt(t testing.TB, e *Engine, key dynamo.Key, raw []byte) {
	t.Helper()
	err := e.db.Update(func(tx *bbolt.Tx) error { return tx.Bucket(itemsBucket).Put(joinKey(key), raw) })
	if err != nil {
		t.Fatal(err)
	}
}

func TestCorruptItemIsAnErrorAndHarmsNoOther(t *testing.T) {
	e := open(t, file(t))
	mustPut(t, e, item("bad", 1), item("good", 1))
	bad := dynamo.Key{PK: "p", SK: "bad"}
	for _, raw := range [][]byte{{1}, []byte("\x00\x00\x00\x00\x00\x00\x00\x00\xff"), bytes.Repeat([]byte{0xff}, 100)} {
		corrupt(t, e, bad, raw)
		_, getErr := e.Get(t.Context(), bad)
		_, queryErr := e.Query(t.Context(), dynamo.Query{PK: "p", To: "~", Limit: 9})
		equalErr := e.Transact(t.Context(), []dynamo.Op{{Check: &bad, If: ifEqual(1)}})
		putErr := e.Transact(t.Context(), []dynamo.Op{{Put: item("new", 1)}, {Put: item("bad", 2)}})
		for i, err := range []error{getErr, queryErr, equalErr, putErr} {
			if !errors.Is(err, errCorrupt) || !strings.Contains(fmt.Sprint(err), "p") {
				t.Errorf("value %q, call %d: error %v", raw, i, err)
			}
		}
		mustPut(t, e, item("good", 2))
		if stored(t, e, "good") != 2 || stored(t, e, "new") != 0 {
			t.Error("a corrupt item has harmed others")
		}
	}
}
