package lambda

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"notewire/dynamo"
	"notewire/notes"
	"notewire/transport"
	"notewire/transport/gateway"
)

// Registry is gateway.Registry in the table of the notes.
//
//	row         PK              SK
//	connection  CONN#id         CONN    changes with every turn; rev names its state
//	follower    FOLLOW#USER#u   id      so that a log finds its connections
//	            FOLLOW#NOTE#n   id
type Registry struct{ Engine dynamo.Engine }

var _ gateway.Registry = Registry{}

// outlived is when a row ends: API Gateway ends a connection after two hours.
const outlived = 2*time.Hour + 10*time.Minute

const connectionPrefix = "CONN#"

func connectionKey(id string) dynamo.Key { return dynamo.Key{PK: connectionPrefix + id, SK: "CONN"} }

// ConnectionOf returns the connection that a key of the table is the row of.
func ConnectionOf(key dynamo.Key) (id string, ok bool) {
	return strings.CutPrefix(key.PK, connectionPrefix)
}

func followPK(t notes.Topic) string {
	if t.Note != "" {
		return "FOLLOW#NOTE#" + string(t.Note)
	}
	return "FOLLOW#USER#" + string(t.User)
}

// Add implements gateway.Registry.
func (r Registry) Add(ctx context.Context, c *gateway.Connection) error {
	ops := append(followOps(c), dynamo.Op{Put: itemOf(c, row{rev: 1}), If: dynamo.Cond{Kind: dynamo.Absent}})
	return r.Engine.Transact(ctx, ops)
}

// followOps makes the row by which a log finds the connection, if it follows one.
func followOps(c *gateway.Connection) []dynamo.Op {
	topic := c.Topic()
	if topic == (notes.Topic{}) {
		return nil
	}
	key := dynamo.Key{PK: followPK(topic), SK: c.ID}
	return []dynamo.Op{{Put: &dynamo.Item{Key: key, TTL: ttlOf(c)}}}
}

func ttlOf(c *gateway.Connection) int64 { return c.Since.Add(outlived).Unix() }

// row is what the registry keeps of a connection besides what it was given.
type row struct {
	rev   int64 // counts the states
	lease int64 // the rev that took it; 0: nobody has it
	until int64 // when the lease is over, in ms
	word  bool  // somebody came while it was leased
}

// read returns a connection with its row.
func (r Registry) read(ctx context.Context, id string) (*gateway.Connection, row, error) {
	items, err := r.Engine.Get(ctx, connectionKey(id))
	if err != nil {
		return nil, row{}, fmt.Errorf("read connection %s: %w", id, err)
	}
	if items[0] == nil || items[0].TTL < time.Now().Unix() {
		return nil, row{}, gateway.ErrNoConnection
	}
	c, state := connectionOf(id, items[0].Attrs)
	return c, state, nil
}

// write replaces a row that is still in the state before.
func (r Registry) write(ctx context.Context, c *gateway.Connection, state row, more ...dynamo.Op) error {
	was := state.rev
	state.rev++
	put := dynamo.Op{Put: itemOf(c, state), If: dynamo.Cond{Kind: dynamo.Equal, Attr: "rev", N: was}}
	return r.Engine.Transact(ctx, append(more, put))
}

// change reads and writes a row until nobody came in between.
func (r Registry) change(ctx context.Context, id string, change func(*gateway.Connection, *row) (write bool, more []dynamo.Op, err error)) (*gateway.Connection, error) {
	for {
		c, state, err := r.read(ctx, id)
		if err != nil {
			return nil, err
		}
		write, more, answer := change(c, &state)
		if !write {
			return c, answer
		}
		err = r.write(ctx, c, state, more...)
		if _, clash := errors.AsType[*dynamo.Clash](err); clash {
			continue
		}
		if err != nil {
			return nil, fmt.Errorf("write connection %s: %w", id, err)
		}
		return c, answer
	}
}

// Get implements gateway.Registry.
func (r Registry) Get(ctx context.Context, id string) (*gateway.Connection, error) {
	c, _, err := r.read(ctx, id)
	return c, err
}

// Lease implements gateway.Registry.
func (r Registry) Lease(ctx context.Context, id string) (*gateway.Connection, error) {
	return r.change(ctx, id, func(c *gateway.Connection, state *row) (bool, []dynamo.Op, error) {
		now := time.Now()
		if state.lease != 0 && now.UnixMilli() < state.until {
			left := !state.word
			state.word = true
			return left, nil, gateway.ErrBusy
		}
		state.lease, state.until, state.word = state.rev, now.Add(gateway.LeaseTime).UnixMilli(), false
		c.Lease = state.lease
		return true, nil, nil
	})
}

// Release implements gateway.Registry.
func (r Registry) Release(ctx context.Context, c *gateway.Connection) (again bool, err error) {
	_, err = r.change(ctx, c.ID, func(stored *gateway.Connection, state *row) (bool, []dynamo.Op, error) {
		if state.lease != c.Lease {
			return false, nil, gateway.ErrNoConnection
		}
		var more []dynamo.Op
		if stored.Topic() != c.Topic() {
			more = followOps(c)
		}
		*stored = *c
		state.until = time.Now().Add(gateway.LeaseTime).UnixMilli()
		if again = state.word; !again {
			state.lease, state.until = 0, 0
		}
		state.word = false
		return true, more, nil
	})
	return again, err
}

// Remove implements gateway.Registry.
func (r Registry) Remove(ctx context.Context, id string) error {
	c, _, err := r.read(ctx, id)
	if errors.Is(err, gateway.ErrNoConnection) {
		return nil
	}
	if err != nil {
		return err
	}
	key := connectionKey(id)
	ops := []dynamo.Op{{Delete: &key}}
	if topic := c.Topic(); topic != (notes.Topic{}) {
		ops = append(ops, dynamo.Op{Delete: &dynamo.Key{PK: followPK(topic), SK: id}})
	}
	return r.Engine.Transact(ctx, ops)
}

// followers is how many followers one read returns.
const followers = 100

// Following implements gateway.Registry.
func (r Registry) Following(ctx context.Context, t notes.Topic) (ids []string, err error) {
	now := time.Now().Unix()
	q := dynamo.Query{PK: followPK(t), From: " ", To: "~", Limit: followers}
	for {
		page, err := r.Engine.Query(ctx, q)
		if err != nil {
			return nil, fmt.Errorf("read who follows %s: %w", strings.TrimPrefix(q.PK, "FOLLOW#"), err)
		}
		for _, item := range page.Items {
			if item.TTL >= now {
				ids = append(ids, item.SK)
			}
		}
		if !page.More {
			return ids, nil
		}
		q.After = page.Items[len(page.Items)-1]
	}
}

func itemOf(c *gateway.Connection, state row) *dynamo.Item {
	attrs := map[string]any{
		"rev": state.rev, "lease": state.lease, "until": state.until, "word": state.word,
		"user": string(c.Login.User), "sid": c.Login.SID, "secret": c.Secret, "note": string(c.Note), "cursor": c.Cursor, "begun": c.Begun,
		"member": c.Member, "opened": c.Opened, "deleted": c.Deleted, "messages": int64(c.Messages),
		"since": c.Since.UnixMilli(), "tokenless": string(c.Tokenless),
	}
	for name, t := range map[string]time.Time{"issuedAt": c.Login.IssuedAt, "window": c.Window} {
		if !t.IsZero() {
			attrs[name] = t.UnixMilli()
		}
	}
	return &dynamo.Item{Key: connectionKey(c.ID), TTL: ttlOf(c), Attrs: attrs}
}

func connectionOf(id string, a map[string]any) (*gateway.Connection, row) {
	text := func(name string) string { s, _ := a[name].(string); return s }
	number := func(name string) int64 { n, _ := a[name].(int64); return n }
	truth := func(name string) bool { b, _ := a[name].(bool); return b }
	moment := func(name string) time.Time {
		if n, ok := a[name].(int64); ok {
			return time.UnixMilli(n)
		}
		return time.Time{}
	}
	c := &gateway.Connection{
		Saved: transport.Saved{
			ID: id, Login: transport.Login{User: notes.UserID(text("user")), SID: text("sid"), IssuedAt: moment("issuedAt")},
			Secret: text("secret"), Note: notes.NoteID(text("note")), Cursor: text("cursor"), Begun: truth("begun"), Member: truth("member"),
			Opened: number("opened"), Deleted: truth("deleted"), Window: moment("window"), Messages: int(number("messages")),
		},
		Since: moment("since"), Tokenless: notes.UserID(text("tokenless")), Lease: number("lease"),
	}
	return c, row{rev: number("rev"), lease: number("lease"), until: number("until"), word: truth("word")}
}
