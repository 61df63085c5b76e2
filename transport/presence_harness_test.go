package transport

import (
	"bytes"
	"context"
	"fmt"
	"log/slog"
	"slices"
	"sync"
	"testing/synctest"

	"notewire/notes"
	"notewire/transport/presence"
	"notewire/transport/wire"
)

// network is what carries presence between the servers of a test, in order, at once.
type network struct {
	payloads chan []byte

	mu    sync.Mutex
	rooms []*presence.Rooms // who hears
	muted string            // in what nobody hears; empty: all is heard
}

// Publish implements presence.Bus.
func (n *network) Publish(payload []byte) { n.payloads <- payload }

func (n *network) carry(ctx context.Context) {
	for {
		select {
		case payload := <-n.payloads:
			n.mu.Lock()
			rooms := slices.Clone(n.rooms)
			if n.muted != "" && bytes.Contains(payload, []byte(n.muted)) {
				rooms = nil
			}
			n.mu.Unlock()
			for _, r := range rooms {
				r.Hear(payload)
			}
		case <-ctx.Done():
			return
		}
	}
}

// openRooms makes the rooms of a server.
func (s *server) openRooms() *presence.Rooms {
	if s.network == nil {
		return presence.NewRooms("alone", nil, slog.New(slog.DiscardHandler))
	}
	s.network.mu.Lock()
	defer s.network.mu.Unlock()
	s.instance = fmt.Sprintf("server-%d", len(s.network.rooms))
	r := presence.NewRooms(s.instance, s.network, slog.New(slog.DiscardHandler))
	s.network.rooms = append(s.network.rooms, r)
	return r
}

// fleet makes servers on the store of the first, which tell each other who is present.
func (s *server) fleet(size int) []*server {
	ctx, cancel := context.WithCancel(s.Context())
	n := &network{payloads: make(chan []byte, 10_000)}
	s.network = n
	s.serveStore()
	servers := []*server{s}
	for i := range size - 1 {
		other := &server{T: s.T, store: s.store, network: n}
		other.ids.Store(int64(i+1) * 1_000_000)
		other.serveStore()
		servers = append(servers, other)
	}
	go n.carry(ctx)
	for _, other := range servers {
		go other.Rooms.Run(ctx)
	}
	s.Cleanup(func() {
		for _, other := range servers {
			other.leave()
		}
		cancel()
		synctest.Wait()
	})
	return servers
}

// sits opens a note's stream of a member, past its initial, and returns its connection id.
func (s *server) sits(user notes.UserID, note notes.NoteID) (*client, string) {
	s.Helper()
	c := s.live(user, note, "")
	id, _ := c.gets(`{"type":"initial"}`)["sessionId"].(string)
	return c, id
}

// joins opens a socket of an account that has joined a note, and returns its connection id.
func (s *server) joins(user string, note notes.NoteID) (*client, string) {
	s.Helper()
	c := s.connect()
	id, _ := c.gets(`{"type":"connection_established"}`)["connectionId"].(string)
	c.send(`{"type":"auth","token":"` + user + `"}`)
	c.gets(`{"type":"auth_success"}`)
	c.send(`{"type":"join_note","noteId":"` + string(note) + `"}`)
	c.gets(`{"type":"note_joined","noteId":"` + string(note) + `"}`)
	return c, id
}

// post has a connection show something, as if by HTTP.
func (s *server) post(user notes.UserID, id string, note notes.NoteID, data string) error {
	p := presence.Post{Note: note, From: wire.Sender{User: user, ID: id}}
	if data != "null" {
		p.Data = []byte(data)
	}
	return s.Post(s.Context(), p)
}

// silence has nobody hear what a server says.
func (n *network) silence(s *server) { n.mute(s, true) }

// unsilence lets it be heard again.
func (n *network) unsilence(s *server) { n.mute(s, false) }

func (n *network) mute(s *server, mute bool) {
	synctest.Wait()
	n.mu.Lock()
	defer n.mu.Unlock()
	n.muted = ""
	if mute {
		n.muted = `"from":"` + s.instance + `"`
	}
}
