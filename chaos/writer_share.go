package chaos

// Who sees a note: mutations of its owner.

func (w *writer) share(note string, users ...string) *Mutation {
	var members []map[string]string
	roles := map[string]string{}
	for _, user := range users {
		roles[user] = []string{"read", "write", "write"}[w.rand.IntN(3)]
		members = append(members, map[string]string{"userId": user, "role": roles[user]})
	}
	m := w.mutation("share", note, map[string]any{"members": members})
	m.Members = roles
	return m
}

// unshare removes one or two members; with nobody to remove it adds somebody.
func (w *writer) unshare(b *believed) *Mutation {
	members := sorted(b.members)
	if len(members) == 0 || b.owner != w.account {
		return w.share(b.id, w.others[w.rand.IntN(len(w.others))])
	}
	w.rand.Shuffle(len(members), func(i, j int) { members[i], members[j] = members[j], members[i] })
	members = members[:1+w.rand.IntN(min(2, len(members)))]
	m := w.mutation("share", b.id, map[string]any{"remove": members})
	m.Remove = members
	return m
}

// transfer gives the note to somebody else, who mostly becomes a member by it.
func (w *writer) transfer(b *believed) *Mutation {
	to := w.others[w.rand.IntN(len(w.others))]
	var m *Mutation
	if w.rand.IntN(4) > 0 {
		m = w.share(b.id, to)
	} else {
		m = w.mutation("share", b.id, nil)
	}
	m.Owner, m.Body["owner"] = to, to
	return m
}

// publish shows a note to everybody, or to nobody else any more. Nobody follows it who would
// then be a passer-by on it.
func (w *writer) publish(b *believed) *Mutation {
	if !b.passing() && b.id != publicNote {
		return nil
	}
	access := "public"
	if b.public {
		access = "private"
	}
	return w.open(b.id, access)
}

func (w *writer) open(note, access string) *Mutation {
	m := w.mutation("share", note, map[string]any{"access": access})
	m.Access = access
	return m
}
