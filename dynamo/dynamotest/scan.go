package dynamotest

import (
	"cmp"
	"context"
	"slices"

	"notewire/dynamo"
)

// scanRules are for engines that can list their table; others skip them.
var scanRules = []rule{
	{"a scan finds every item exactly once, page by page", scanAll},
	{"a scan finds expired items, and none that is deleted", scanGone},
	{"a scan goes on behind a key that is deleted", scanBehind},
}

// scanned returns the sort keys of the trial's partition in the order of the scan.
// It calls between, with the last key of a page, before it reads the next one.
func (t *trial) scanned(limit int, between func(last dynamo.Key)) (sks []string) {
	t.Helper()
	scanner, ok := t.engine.(dynamo.Scanner)
	if !ok {
		t.Skip("this engine is no Scanner")
	}
	for after := (dynamo.Key{}); ; between(after) {
		keys, more, err := scanner.Scan(t.Context(), after, limit)
		if err != nil {
			t.Fatal(err)
		}
		for _, key := range keys {
			if key.PK == t.pk {
				sks = append(sks, key.SK)
			}
		}
		if !more {
			return sks
		}
		if len(keys) == 0 || len(keys) > limit {
			t.Fatalf("a page of %d keys, and more; the limit is %d", len(keys), limit)
		}
		after = keys[len(keys)-1]
	}
}

func (t *trial) scans(limit int, want ...string) {
	t.Helper()
	got := t.scanned(limit, func(dynamo.Key) {})
	if slices.Sort(got); !slices.Equal(got, want) {
		t.Fatalf("pages of %d: the scan finds %v, want %v", limit, got, want)
	}
}

func scanAll(t *trial) {
	t.rows(4)
	t.put(t.item("!", 1), t.placed("~", "place"))
	for _, limit := range []int{25, 1000} {
		t.scans(limit, "!", rowKey(0), rowKey(1), rowKey(2), rowKey(3), "~")
	}
}

func scanGone(t *trial) {
	expired := t.item("expired", 1)
	expired.TTL = 1
	t.put(expired, t.item("gone", 1), t.item("here", 1))
	t.delete("gone")
	t.scans(1000, "expired", "here")
}

func scanBehind(t *trial) {
	t.rows(60) // a page or two ends among them
	got := t.scanned(25, func(last dynamo.Key) {
		if last.PK == t.pk {
			t.delete(last.SK)
		}
	})
	slices.Sort(got)
	for i := range 60 {
		if i >= len(got) || got[i] != rowKey(i) {
			t.Fatalf("the scan finds %v", got)
		}
	}
}

// Scan implements dynamo.Scanner.
func (m *model) Scan(ctx context.Context, after dynamo.Key, limit int) (keys []dynamo.Key, more bool, err error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	compare := func(a, b dynamo.Key) int { return cmp.Or(cmp.Compare(a.PK, b.PK), cmp.Compare(a.SK, b.SK)) }
	for key := range m.items {
		if compare(key, after) > 0 {
			keys = append(keys, key)
		}
	}
	slices.SortFunc(keys, compare)
	more = len(keys) > limit
	return keys[:min(limit, len(keys))], more, ctx.Err()
}
