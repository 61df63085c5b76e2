package chaos

import "testing"

// tellOfPassers tells of a note that is public for a while, and of eve who passes by.
func tellOfPassers() *story {
	s := newStory()
	s.commit(&Mutation{Author: "ada", Op: "create", Text: "a1\n"})
	s.commit(&Mutation{Author: "ada", Op: "share", Access: "public"})
	s.commit(&Mutation{Author: "ada", Op: "share", Members: map[string]string{"ben": "write"}})
	s.commit(&Mutation{Author: "ben", Op: "edit", Text: "a2\n"})
	s.commit(&Mutation{Author: "ada", Op: "share", Access: "private"})
	s.refuse(&Mutation{Author: "eve", Op: "edit", Text: "q1"}, "forbidden")
	s.Followers = append(s.Followers, &Seen{Name: "eve", Account: "eve", Note: note, Passer: true, Transport: "sse"})
	for _, i := range []int{1, 3} {
		e := s.Notes[note].Replay[i]
		edit(&e.Data, func(f map[string]any) {
			data := f["data"].(map[string]any)
			data["Collaborators"], data["Roles"] = nil, nil
			delete(f, "fromUserId")
			delete(f, "mutationId")
		})
		s.Followers[0].Events = append(s.Followers[0].Events, e)
	}
	s.Sightings = []Sighting{{Account: "eve", Note: note, Version: 4, Where: "a read"}, {Account: "ben", Note: note, Version: 2, Where: "a kept side", Kept: true}}
	for _, user := range []string{"ada", "ben"} {
		s.Accounts[user].Listed[note] = 5
	}
	return s
}

func TestEveryWrongViewOfAPasserByIsFound(t *testing.T) {
	right(t, tellOfPassers())
	shows := func(change func(f map[string]any)) func(*story) {
		return func(s *story) { edit(&s.Followers[0].Events[1].Data, change) }
	}
	for _, test := range []spoiled{
		{"he sees a version that was private", func(s *story) { s.Followers[0].Events[1].Seq = 5 }, RuleAudience},
		{"he sees who the members are", shows(func(f map[string]any) { f["data"].(map[string]any)["Collaborators"] = []string{"ben"} }), RuleAudience},
		{"he sees the members' roles", shows(func(f map[string]any) { f["data"].(map[string]any)["Roles"] = map[string]string{"ben": "write"} }), RuleAudience},
		{"he sees who wrote", shows(func(f map[string]any) { f["fromUserId"] = "ben" }), RuleAudience},
		{"he sees a mutation's id", shows(func(f map[string]any) { f["mutationId"] = "m3" }), RuleAudience},
		{"he is told where a conflict is kept", shows(func(f map[string]any) { f["conflict"] = Conflict{Kept: "/api"} }), RuleAudience},
		{"he sees another text", shows(func(f map[string]any) { f["data"].(map[string]any)["Content"] = "q1" }), RuleHistory},
		{"he is told that it is gone", shows(func(f map[string]any) { f["type"] = "delete" }), RuleHistory},
		{"he sees a version again", func(s *story) { e := s.Followers[0].Events; e[1] = e[0] }, RuleGap},
		{"he reads what is private", func(s *story) { s.Sightings[0].Version = 5 }, RuleAudience},
		{"he reads what a conflict kept", func(s *story) { s.Sightings[0].Kept = true }, RuleAudience},
		{"he writes", func(s *story) { s.by(4).Author, s.Notes[note].Versions[3].Author = "eve", "eve" }, "its mutation cannot have made"},
		{"it is shown as private", func(s *story) { s.Notes[note].Versions[1].Shown.Access = "private" }, RuleHistory},
	} {
		t.Run(test.what, func(t *testing.T) { finds(t, tellOfPassers(), test.do, test.rule) })
	}
}

// What is there when he comes has no word of how it came about.
func TestAPasserByMayComeInAtAMerge(t *testing.T) {
	s := newStory()
	s.commit(&Mutation{Author: "ada", Op: "create", Text: "a1\nb1\nc1\n"})
	s.commit(&Mutation{Author: "ada", Op: "share", Access: "public"})
	s.commit(&Mutation{Author: "ada", Op: "edit", Text: "a1 x1\nb1\nc1\n"})
	s.merge(&Mutation{Author: "ada", Op: "edit", Base: 1, Text: "a1\nb1\nc1 y1\n"}, body{content: "a1\nb1\nc1\n"}, body{content: "a1 x1\nb1\nc1 y1\n"})
	e := s.Notes[note].Replay[3]
	edit(&e.Data, func(f map[string]any) {
		f["type"] = "initial"
		for _, name := range []string{"fromUserId", "mutationId", "merged"} {
			delete(f, name)
		}
	})
	s.Followers = append(s.Followers, &Seen{Name: "eve", Account: "eve", Note: note, Passer: true, Transport: "sse", Events: []Event{e}})
	s.Accounts["ada"].Listed[note] = 4
	right(t, s)
}
