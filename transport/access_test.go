package transport

import (
	"strings"
	"testing"

	"notewire/notes"
)

func TestAMemberWhoIsRemovedLosesTheStreamAtOnce(t *testing.T) {
	bubble(t, func(s *server) {
		s.board(notes.Private)
		removed, left, stays := s.live("rea", "board", ""), s.live("ann", "board", "epoch-2"), s.live("bob", "board", "epoch-2")
		account := s.signIn("rea", "")
		removed.gets(`{"type":"initial"}`)
		s.do("bob", "board", notes.Share{Remove: []notes.UserID{"rea"}})
		removed.gets(`{"type":"error","code":"forbidden","noteId":"board"}`)
		removed.over(CloseAccessLost, "Unauthorized")
		account.gets(`{"type":"note_deleted_sync","noteId":"board","reason":"access_lost"}`)
		left.gets(`{"type":"update","version":3}`)
		s.do("ann", "board", notes.Leave{})
		left.gets(`{"type":"error","code":"forbidden"}`)
		left.over(CloseAccessLost, "Unauthorized")
		stays.gets(`{"type":"update","version":3,"data":{"collaborators":["ann"]}}`)
		stays.gets(`{"type":"update","version":4,"data":{"collaborators":[]}}`)
		stays.silent()
	})
}

// The answer to whether he may read it comes from before, the place in the log from after.
func TestAMemberWhoIsRemovedWhileHisStreamOpensLosesItAtOnce(t *testing.T) {
	for _, access := range []notes.Access{notes.Private, notes.Public} {
		for _, cursor := range []string{"", "0", "epoch-2", "garbage"} {
			bubble(t, func(s *server) {
				s.board(access)
				s.log.onHead = func() { s.do("bob", "board", notes.Share{Remove: []notes.UserID{"rea"}}) }
				c := s.live("rea", "board", cursor)
				for _, f := range c.take() {
					if strings.Contains(string(f.Data), `"version":3`) {
						t.Errorf("%s board, cursor %q: he sees %s", access, cursor, f.Data)
					}
				}
				if access == notes.Public { // he may come back as a passer-by
					c.over(CloseAccessChanged, "access to the note changed")
					return
				}
				c.over(CloseAccessLost, "Unauthorized")
			})
		}
	}
}

func TestPassersByOfAPublicNoteDoNotSeeItsMembers(t *testing.T) {
	bubble(t, func(s *server) {
		s.board(notes.Public)
		member, anonymous, stranger := s.live("rea", "board", ""), s.live("", "board", ""), s.live("eve", "board", "")
		member.gets(`{"type":"initial","data":{"collaborators":["ann","rea"],"roles":{"ann":"write","rea":"read"}}}`)
		for _, c := range []*client{anonymous, stranger} {
			c.gets(`{"type":"initial","data":{"title":"Board","access":"public","collaborators":[],"roles":{}}}`)
		}
		s.write("ann", "board", "x")
		member.gets(`{"type":"update","fromUserId":"ann","data":{"content":"x","collaborators":["ann","rea"]}}`)
		for _, c := range []*client{anonymous, stranger} {
			c.gets(`{"type":"update","version":3,"fromUserId":null,"mutationId":null,"data":{"content":"x","collaborators":[],"roles":{}}}`)
		}
		if n := s.Hub.Streams(); n != 2 {
			t.Errorf("%d streams for two audiences", n)
		}
	})
}

func TestPassersByLoseTheStreamWhenTheNoteBecomesPrivate(t *testing.T) {
	bubble(t, func(s *server) {
		s.board(notes.Public)
		passer, member := s.live("", "board", ""), s.live("rea", "board", "")
		passer.gets(`{"type":"initial"}`)
		member.gets(`{"type":"initial"}`)
		s.do("bob", "board", share(notes.Private))
		passer.gets(`{"type":"error","code":"forbidden"}`)
		passer.over(CloseAccessLost, "Unauthorized")
		member.gets(`{"type":"update","data":{"access":"private"}}`)
		member.silent()
	})
}

// Version 1 was private, 2 is public, 3 and 4 private again, 5 public.
func TestPassersByDoNotReplayWhatWasPrivate(t *testing.T) {
	bubble(t, func(s *server) {
		s.board(notes.Public)
		s.do("bob", "board", share(notes.Private))
		s.write("bob", "board", "secret")
		s.do("bob", "board", share(notes.Public))
		const first, resync, initial, last = `{"type":"update","version":2}`,
			`{"type":"resync","cursor":"epoch-5","reason":"expired"}`, `{"type":"initial","version":5}`, `{"type":"update","version":5}`
		for cursor, frames := range map[string][]string{
			"0": {resync, initial}, "epoch-1": {first, resync, initial}, "epoch-2": {resync, initial},
			"epoch-3": {resync, initial}, "epoch-4": {last}, "epoch-5": nil,
		} {
			c := s.live("", "board", cursor)
			for _, want := range frames {
				c.gets(want)
			}
			c.silent()
		}
	})
}

func TestADeletedNoteEndsItsStreams(t *testing.T) {
	bubble(t, func(s *server) {
		s.board(notes.Public)
		clients := []*client{s.live("rea", "board", ""), s.live("", "board", ""), s.live("bob", "board", "")}
		for _, c := range clients {
			c.gets(`{"type":"initial"}`)
		}
		s.do("bob", "board", notes.Trash{})
		for _, c := range clients {
			c.gets(`{"type":"delete","version":3,"data":{"id":"board","title":null}}`)
			c.over(CloseNormal, "Note deleted")
		}
		replay := s.live("rea", "board", "epoch-1")
		replay.gets(`{"type":"update","version":2}`)
		replay.gets(`{"type":"delete","version":3}`)
		replay.over(CloseNormal, "Note deleted")
	})
}

func TestANoteInTheTrashIsThereForMembersOnly(t *testing.T) {
	bubble(t, func(s *server) {
		s.board(notes.Public)
		s.do("bob", "board", notes.Trash{})
		member := s.live("ann", "board", "")
		member.gets(`{"type":"initial","data":{"deleted":true}}`)
		for _, viewer := range []notes.UserID{"eve", ""} {
			c := s.live(viewer, "board", "")
			c.matches(c.next(), `{"type":"error","noteId":"board"}`)
			c.over(CloseAccessLost, "Unauthorized")
		}
		s.write("ann", "board", "in the trash")
		member.gets(`{"type":"update","version":4,"data":{"deleted":true,"content":"in the trash"}}`)
		s.do("bob", "board", notes.Restore{})
		member.gets(`{"type":"update","version":5,"data":{"deleted":false}}`)
		member.silent()
	})
}

// The trash was not the end: a replay goes on behind it.
func TestAReplayGoesOnBehindATrashThatWasUndone(t *testing.T) {
	bubble(t, func(s *server) {
		s.board(notes.Private)
		s.do("bob", "board", notes.Trash{})
		s.do("bob", "board", notes.Restore{})
		c := s.live("ann", "board", "epoch-2")
		c.gets(`{"type":"delete","version":3}`)
		c.gets(`{"type":"update","version":4,"data":{"deleted":false}}`)
		c.silent()
	})
}
