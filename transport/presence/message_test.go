package presence

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"notewire/transport/wire"
)

func TestWhatIsSaidToOtherInstances(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		bus := &said{}
		r := rooms(bus)
		ctx, cancel := context.WithCancel(t.Context())
		go r.Run(ctx)
		wants := func(what string, want ...kind) {
			t.Helper()
			synctest.Wait()
			if got := bus.take(t); fmt.Sprint(got) != fmt.Sprint(want) {
				t.Errorf("%s: said %v, want %v", what, got, want)
			}
		}
		s, _ := r.take(1)
		wants("a first seat", kindWho)
		other, _ := r.take(2)
		wants("another")
		show(t, s, "1")
		show(t, other, "2")
		wants("two show something", kindSet, kindSet)
		time.Sleep(9500 * time.Millisecond)
		wants("not yet again")
		time.Sleep(time.Second)
		wants("again", kindSet, kindSet)
		who := wire.Encode(message{From: "b", Kind: kindWho, Note: "n"})
		time.Sleep(2 * time.Second)
		for range 100 {
			r.Hear(who)
		}
		wants("asked a hundred times", kindSet, kindSet)
		time.Sleep(2 * time.Second)
		wants("answered once more", kindSet, kindSet)
		other.Leave()
		show(t, s, "0")
		_ = s.Show(nil, false)
		_ = s.Show(nil, false)
		wants("who leaves", kindClear, kindSet, kindClear)
		s.Leave()
		r.Hear(who)
		time.Sleep(time.Minute)
		wants("nobody there")
		cancel()
	})
}

// Whoever can reach the bus can say anything on it.
func TestWhatIsNoMessageIsIgnored(t *testing.T) {
	r := rooms(nil)
	r.Serve(forwarded(func(Post) { t.Error("a post that is none is forwarded") }))
	reader, _ := r.take(0)
	mine, _ := r.take(1)
	show(t, mine, "1")
	reader.Read(100)
	good := map[string]any{"from": "b", "kind": "set", "note": "n", "user": "u", "sender": "c", "data": 1, "leaseMs": 1000}
	var bad []string
	for member, values := range map[string][]any{
		"from": {nil, "", 7, "a"}, "kind": {nil, "", "x", 1}, "note": {nil, "", "a/b", strings.Repeat("x", 65), 1}, "user": {nil, "", "../u", 5},
		"sender": {nil, "", "c d", strings.Repeat("x", 65)}, "data": {nil, strings.Repeat("x", 5000)}, "leaseMs": {nil, 0, -1, 1 << 40, 1e300, "1000"},
	} {
		for _, value := range values {
			m := map[string]any{}
			for name, v := range good {
				m[name] = v
			}
			m[member] = value
			text, err := json.Marshal(m)
			if err != nil {
				t.Fatal(err)
			}
			bad = append(bad, string(text))
		}
	}
	bad = append(bad, "", "x", "null", "[]", "7", "{}", "\xff\x00", `{"from":"b","kind":"set","note":"n","user":"u","sender":"c","data":"`+"\xff"+`","leaseMs":1}`,
		`{"from":"b","kind":"set","note":"n","user":"u","sender":"c","data":{"a":1,"a":2},"leaseMs":1}`, strings.Repeat("[", 100_000),
		`{"from":"b","kind":"custom","note":"n","user":"u","sender":"c","name":"a b"}`, `{"from":"b","kind":"custom","note":"n","user":"u"}`,
		`{"from":"b","kind":"post","note":"n","user":"u","data":1}`, `{"from":"b","kind":"post","note":"n","user":"u","sender":"c","name":"a b"}`,
		`{"from":"b","kind":"clear","note":"n","user":"u1","sender":"c1"}`, // what a connection here shows is nobody else's to take away
		`{"from":"b","kind":"set","note":"n","user":"u1","sender":"c1","data":"forged","leaseMs":1000}`,
	)
	for _, payload := range bad {
		r.Hear([]byte(payload))
		if frames, _ := reader.Read(100); len(frames) != 0 {
			t.Errorf("%.200q shows %s", payload, frames)
		}
	}
	text, _ := json.Marshal(good)
	r.Hear(text)
	if frames, _ := reader.Read(100); len(frames) != 1 {
		t.Errorf("a good one shows %s", frames)
	}
}

func FuzzHear(f *testing.F) {
	for _, k := range []kind{kindWho, kindSet, kindClear, kindCustom, kindPost} {
		f.Add(wire.Encode(message{From: "b", Kind: k, Note: "n", User: "u", Sender: "c", Name: "x", Data: []byte(`{"a":[1]}`), LeaseMS: 1000}))
	}
	f.Add([]byte(`{"from":"b","kind":"set","note":"n","user":"u","sender":"c","data":"\ud800","leaseMs":1}`))
	f.Fuzz(func(t *testing.T, payload []byte) {
		r := rooms(&said{})
		r.Serve(forwarded(func(p Post) {
			if err := p.check(); err != nil && !errors.Is(err, errName) {
				t.Error(err)
			}
		}))
		s, _ := r.take(1)
		show(t, s, "1")
		r.Hear(payload)
		frames, _ := s.Read(100)
		for _, frame := range frames {
			if !json.Valid(frame) {
				t.Errorf("%s", frame)
			}
		}
		s.Leave()
	})
}

type forwarded func(Post)

func (f forwarded) Forward(p Post) { f(p) }
