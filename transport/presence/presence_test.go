package presence

import (
	"encoding/json"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"testing"

	"go.uber.org/goleak"

	"notewire/notes"
	"notewire/transport/wire"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// said is what an instance says to others.
type said struct {
	mu       sync.Mutex
	payloads [][]byte
}

func (s *said) Publish(payload []byte) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.payloads = append(s.payloads, payload)
}

// take returns the kinds of what was said since.
func (s *said) take(t *testing.T) (kinds []kind) {
	t.Helper()
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, payload := range s.payloads {
		m, ok := read(payload)
		if !ok {
			t.Fatalf("an instance says %s", payload)
		}
		kinds = append(kinds, m.Kind)
	}
	s.payloads = nil
	return kinds
}

func rooms(bus Bus) *Rooms { return NewRooms("a", bus, slog.New(slog.DiscardHandler)) }

func sender(i int) wire.Sender {
	return wire.Sender{User: notes.UserID(fmt.Sprintf("u%d", i)), ID: fmt.Sprintf("c%d", i)}
}

func (r *Rooms) take(i int) (*Seat, chan struct{}) {
	wake := make(chan struct{}, 1)
	s := r.Take("n", sender(i), NoteDialect, wake)
	s.State()
	return s, wake
}

func show(t *testing.T, s *Seat, data string) {
	t.Helper()
	if err := s.Show([]byte(data), false); err != nil {
		t.Fatal(err)
	}
}

func TestASlowReaderSeesOnlyTheLatestValues(t *testing.T) {
	r := rooms(nil)
	reader, wake := r.take(0)
	a, _ := r.take(1)
	b, _ := r.take(2)
	for i := range 10_000 {
		show(t, a, fmt.Sprint(i))
		show(t, b, fmt.Sprintf(`"%d"`, i))
	}
	<-wake
	frames, more := reader.Read(100)
	if len(frames) != 2 || more || !strings.Contains(string(frames[0]), `"data":9999`) || !strings.Contains(string(frames[1]), `"data":"9999"`) {
		t.Errorf("%s, more %v", frames, more)
	}
	show(t, a, "1")
	a.Leave()
	b.Leave()
	b.Leave()
	if frames, _ := reader.Read(100); len(frames) != 2 || !strings.Contains(string(frames[0])+string(frames[1]), `"data":null`) {
		t.Errorf("%s", frames)
	}
	c, _ := r.take(3)
	show(t, c, "1")
	c.Leave() // it was never told of
	if frames, more := reader.Read(100); len(frames) != 0 || more {
		t.Errorf("%s, more %v", frames, more)
	}
	reader.Leave()
	if n := r.Open(); n != 0 {
		t.Errorf("%d rooms are left", n)
	}
}

func TestASlowReaderMissesCustomMessagesAndARoomKeepsFew(t *testing.T) {
	r := rooms(nil)
	reader, _ := r.take(0)
	say := func(data string) {
		if err := r.Say(Post{Note: "n", From: sender(1), Name: "m", Data: []byte(data)}); err != nil {
			t.Fatal(err)
		}
	}
	for i := range 1000 {
		say(fmt.Sprint(i))
	}
	var got [][]byte
	for more := true; more; {
		var frames [][]byte
		if frames, more = reader.Read(10); len(frames) > 10 {
			t.Fatalf("%d frames at once", len(frames))
		}
		got = append(got, frames...)
	}
	if len(got) != ringMessages || !strings.Contains(string(got[0]), `"data":936`) || !strings.Contains(string(got[63]), `"data":999`) {
		t.Errorf("%d messages: %s", len(got), got)
	}
	large := `"` + strings.Repeat("x", wire.PresenceBytes-2) + `"`
	for range 100 {
		say(large)
	}
	if frames, _ := reader.Read(100); len(frames) != ringBytes/wire.PresenceBytes {
		t.Errorf("%d large messages are kept", len(frames))
	}
}

func TestAtMostSoManyArePresent(t *testing.T) {
	r := rooms(nil)
	var seats []*Seat
	for i := range MostPresent {
		s, _ := r.take(i)
		show(t, s, "1")
		seats = append(seats, s)
	}
	one, _ := r.take(MostPresent)
	if err := one.Show([]byte("1"), false); notes.CodeOf(err) != notes.LimitExceeded {
		t.Errorf("got %v", err)
	}
	r.Hear(wire.Encode(message{From: "b", Kind: kindSet, Note: "n", User: "u", Sender: "remote", Data: []byte("1"), LeaseMS: 1000}))
	show(t, seats[0], "2") // who is present stays
	if frames, more := one.Read(1000); len(frames) != 1 || more {
		t.Errorf("%d frames of what one shows anew", len(frames))
	}
	seats[0].Leave()
	show(t, one, "1")
}

// Seats come and go, show and read, on many goroutines; at the end each reader knows what is so.
func TestReadersAgreeWhateverTheOrder(t *testing.T) {
	r := rooms(nil)
	var group sync.WaitGroup
	for i := range 8 {
		group.Go(func() {
			for n := range 200 {
				s, wake := r.take(i)
				for v := range 5 {
					if s.Show(json.RawMessage(fmt.Sprint(n*10+v)), false) != nil {
						t.Error("refused")
					}
					<-wake
					s.Read(3)
				}
				s.Leave()
			}
		})
	}
	group.Wait()
	if r.Open() != 0 {
		t.Errorf("%d rooms are left", r.Open())
	}
}
