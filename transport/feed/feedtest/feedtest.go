// Package feedtest holds what every keeper of feeds promises, as tests.
package feedtest

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"notewire/notes"
	"notewire/transport/feed"
)

// Run puts the contract of feed.Rows to what open returns: empty rows, for each rule anew.
func Run(t *testing.T, open func(t *testing.T) feed.Rows) {
	for name, rule := range map[string]func(*testing.T, feed.Rows){
		"a feed is kept until it is deleted":                        kept,
		"a write names the revision that it replaces":               revisions,
		"of writes that replace the same revision one is done":      fenced,
		"an account has no more feeds than it may, whoever adds":    bounded,
		"a listing has every feed, and those of an account its own": listed,
	} {
		t.Run(name, func(t *testing.T) { rule(t, open(t)) })
	}
}

func kept(t *testing.T, rows feed.Rows) {
	ctx := t.Context()
	content := []byte(strings.Repeat(`{"a":"\u0000日"}`, 1000))
	if added, err := rows.AddFeed(ctx, "ann", "one", content, 5); !added || err != nil {
		t.Fatal(added, err)
	}
	if added, err := rows.AddFeed(ctx, "ann", "one", []byte("x"), 5); added && err == nil {
		t.Error("the same id was added twice")
	}
	if got, rev, err := rows.Feed(ctx, "ann", "one"); string(got) != string(content) || rev != 1 || err != nil {
		t.Errorf("%.50q, revision %d, %v", got, rev, err)
	}
	for _, other := range []struct {
		user notes.UserID
		id   string
	}{{"bob", "one"}, {"ann", "two"}, {"an", "none"}} {
		if got, rev, err := rows.Feed(ctx, other.user, other.id); got != nil || rev != 0 || err != nil {
			t.Errorf("%v: %q, revision %d, %v", other, got, rev, err)
		}
		if deleted, err := rows.DeleteFeed(ctx, other.user, other.id); deleted || err != nil {
			t.Errorf("%v was deleted: %v", other, err)
		}
	}
	for _, want := range []bool{true, false} {
		if deleted, err := rows.DeleteFeed(ctx, "ann", "one"); deleted != want || err != nil {
			t.Errorf("deleted: %v, %v", deleted, err)
		}
	}
	if got, _, err := rows.Feed(ctx, "ann", "one"); got != nil || err != nil {
		t.Errorf("it is still there: %q, %v", got, err)
	}
	if added, err := rows.AddFeed(ctx, "ann", "one", []byte("again"), 1); !added || err != nil {
		t.Errorf("again: %v, %v", added, err)
	}
}

func revisions(t *testing.T, rows feed.Rows) {
	ctx := t.Context()
	if written, err := rows.WriteFeed(ctx, "ann", "one", []byte("x"), 1); written || err != nil {
		t.Errorf("what is not there was written: %v", err)
	}
	if _, err := rows.AddFeed(ctx, "ann", "one", []byte("1"), 5); err != nil {
		t.Fatal(err)
	}
	for _, w := range []struct {
		content string
		rev     int64
		written bool
	}{{"0", 0, false}, {"3", 2, false}, {"2", 1, true}, {"2", 1, false}, {"3", 2, true}} {
		if written, err := rows.WriteFeed(ctx, "ann", "one", []byte(w.content), w.rev); written != w.written || err != nil {
			t.Errorf("%+v: %v, %v", w, written, err)
		}
	}
	if got, rev, err := rows.Feed(ctx, "ann", "one"); string(got) != "3" || rev != 3 || err != nil {
		t.Errorf("%q, revision %d, %v", got, rev, err)
	}
	if _, err := rows.DeleteFeed(ctx, "ann", "one"); err != nil {
		t.Fatal(err)
	}
	if written, err := rows.WriteFeed(ctx, "ann", "one", []byte("4"), 3); written || err != nil {
		t.Errorf("what was deleted was written: %v", err)
	}
}

func fenced(t *testing.T, rows feed.Rows) {
	if _, err := rows.AddFeed(t.Context(), "ann", "one", []byte("1"), 5); err != nil {
		t.Fatal(err)
	}
	var writers sync.WaitGroup
	var done atomic.Int32
	for n := range 8 {
		writers.Go(func() {
			written, err := rows.WriteFeed(t.Context(), "ann", "one", []byte(fmt.Sprint(n)), 1)
			if err != nil {
				t.Error(err)
			}
			if written {
				done.Add(1)
			}
		})
	}
	writers.Wait()
	if done.Load() != 1 {
		t.Errorf("%d were", done.Load())
	}
}

func bounded(t *testing.T, rows feed.Rows) {
	var adding sync.WaitGroup
	var added atomic.Int32
	for n := range 6 {
		adding.Go(func() {
			for { // it may say that others are at it
				ok, err := rows.AddFeed(t.Context(), "ann", fmt.Sprint("id-", n), []byte("x"), 3)
				if ok && err == nil {
					added.Add(1)
				}
				if err == nil {
					return
				}
			}
		})
	}
	adding.Wait()
	ids, err := rows.FeedsOf(t.Context(), "ann")
	if added.Load() != 3 || len(ids) != 3 || err != nil {
		t.Fatalf("%d were added, there are %q, %v", added.Load(), ids, err)
	}
	if _, err := rows.DeleteFeed(t.Context(), "ann", ids[0]); err != nil {
		t.Fatal(err)
	}
	for _, want := range []bool{true, false} {
		if ok, err := rows.AddFeed(t.Context(), "ann", fmt.Sprint("more-", want), []byte("x"), 3); ok != want || err != nil {
			t.Errorf("in a place that is free: %v, want %v, %v", ok, want, err)
		}
	}
}

func listed(t *testing.T, rows feed.Rows) {
	ctx := t.Context()
	want := map[notes.UserID][]string{}
	for _, user := range []notes.UserID{"ann", "ann-2", "an", "Z_"} {
		for _, id := range []string{"A", "a", "b-1"} {
			if added, err := rows.AddFeed(ctx, user, id, []byte("x"), 5); !added || err != nil {
				t.Fatal(added, err)
			}
			want[user] = append(want[user], id)
		}
	}
	if _, err := rows.DeleteFeed(ctx, "an", "a"); err != nil {
		t.Fatal(err)
	}
	want["an"] = []string{"A", "b-1"}
	all, err := rows.AllFeeds(ctx)
	if err != nil {
		t.Fatal(err)
	}
	for _, ids := range all {
		slices.Sort(ids)
	}
	if !reflect.DeepEqual(all, want) {
		t.Errorf("all: %v, want %v", all, want)
	}
	for user, ids := range want {
		if got, err := rows.FeedsOf(ctx, user); !slices.Equal(got, ids) || err != nil {
			t.Errorf("of %s: %q, want %q, %v", user, got, ids, err)
		}
	}
	if got, err := rows.FeedsOf(ctx, "nobody"); len(got) != 0 || err != nil {
		t.Errorf("of nobody: %q, %v", got, err)
	}
}
