package sse

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"testing/synctest"

	"notewire/transport"
)

var hostile = []transport.Frame{
	{},
	{Cursor: "1"},
	{Data: []byte("a\nevent: evil")},
	{Data: []byte("a\rdata: evil")},
	{Data: []byte("a\r\n\r\nid: evil")},
	{Data: []byte("\n")},
	{Data: []byte("a\n")},
	{Data: []byte("a"), Cursor: "1\ndata: evil"},
	{Data: []byte("a"), Cursor: "1\rdata: evil"},
	{Data: []byte("a"), Cursor: "1 2"},
	{Data: []byte("a"), Cursor: "1\x002"},
	{Data: []byte("a"), Cursor: "é"},
	{Data: []byte("a"), Cursor: ":"},
}

func TestAFrameThatIsMoreThanOneEventIsRefusedAndLeavesNoTrace(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		got := dump(t, Options{}, func(ctx context.Context, c transport.Conn) error {
			for _, f := range hostile {
				if err := c.Write(ctx, f); !errors.Is(err, ErrBadFrame) {
					return fmt.Errorf("%q: %w", f, err)
				}
			}
			return c.Write(ctx, at("ok", "good"))
		})
		if got != "id: ok\ndata: good\n\n" {
			t.Errorf("%q", got)
		}
	})
}

func TestAnInitialIDThatIsNoCursorIsIgnored(t *testing.T) {
	for _, id := range []string{"1\ndata: evil", "1\rdata: evil", "a b", "\x00", ""} {
		synctest.Test(t, func(t *testing.T) {
			got := dump(t, Options{LastID: id}, func(ctx context.Context, c transport.Conn) error {
				return c.Write(ctx, frame("good"))
			})
			if got != "data: good\n\n" {
				t.Errorf("%q: %q", id, got)
			}
		})
	}
}

func TestTheClientsLastEventIDIsNeverReset(t *testing.T) {
	for _, c := range []struct{ initial, cursors, want string }{
		{"", "- a - - b - h -", ",a,a,a,b,b,b"},
		{"e-7", "- - a h -", "e-7,e-7,a,a"},
		{"e-7", "h a", "a"},
	} {
		synctest.Test(t, func(t *testing.T) {
			got := dump(t, Options{LastID: c.initial}, func(ctx context.Context, conn transport.Conn) error {
				var all error
				for _, cursor := range strings.Fields(c.cursors) {
					switch cursor {
					case "h":
						all = errors.Join(all, conn.Heartbeat(ctx))
					case "-":
						all = errors.Join(all, conn.Write(ctx, frame("x")))
					default:
						all = errors.Join(all, conn.Write(ctx, at(cursor, "x")))
					}
				}
				return all
			})
			if strings.Contains(got, "id: \n") || strings.Contains(got, "id:\n") {
				t.Errorf("an empty id resets the client's: %q", got)
			}
			events, _ := parse(got)
			var ids []string
			for _, e := range events {
				ids = append(ids, e.id)
			}
			if strings.Join(ids, ",") != c.want {
				t.Error(ids)
			}
		})
	}
}

func TestRetryComesWithTheFirstEventOnly(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		got := dump(t, Options{Retry: 1500e6}, func(ctx context.Context, c transport.Conn) error {
			return errors.Join(c.Heartbeat(ctx), c.Write(ctx, frame("a")), c.Write(ctx, frame("b")))
		})
		if got != ": hb\n\ndata: a\nretry: 1500\n\ndata: b\n\n" {
			t.Errorf("%q", got)
		}
	})
}

// Whatever is accepted arrives as exactly one event, with exactly its data.
func FuzzAFrameIsRefusedOrArrivesAsItIs(f *testing.F) {
	for _, h := range hostile {
		f.Add(h.Data, h.Cursor)
	}
	f.Add([]byte(`{"type":"note_sync"}`), "e1-5")
	f.Add([]byte(": comment"), "")
	f.Add([]byte("id: "), "0")
	f.Fuzz(func(t *testing.T, data []byte, cursor string) {
		synctest.Test(t, func(t *testing.T) {
			accepted := false
			got := dump(t, Options{LastID: "before"}, func(ctx context.Context, c transport.Conn) error {
				accepted = c.Write(ctx, transport.Frame{Data: data, Cursor: cursor}) == nil
				return c.Write(ctx, at("after", "after"))
			})
			want := []event{{id: "after", data: "after"}}
			if accepted {
				id := cursor
				if id == "" {
					id = "before"
				}
				want = []event{{id: id, data: string(data)}, want[0]}
			}
			events, retry := parse(got)
			if fmt.Sprint(events) != fmt.Sprint(want) || retry != 0 {
				t.Errorf("%q %q: %q", data, cursor, got)
			}
		})
	})
}
