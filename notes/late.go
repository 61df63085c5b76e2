package notes

import "slices"

// A note may have more members than a transaction has room for. A change then tells owner,
// author, those whose membership it changes and MembersAtOnce others; its transaction marks
// the note, and the rest are told right after it, or by the sweep of any instance if this one
// dies. Who has been told what is in his entry: its Version. A late row is written only onto
// the row of the version before, so that everybody is told in order, once, whoever does it;
// and only onto an entry, so that nobody is told who is no longer a member.

// AtOnce lists the accounts whose rows a mutation of the note reads, and writes in its own
// transaction: author, owner, those whose membership may change, and the first members.
func AtOnce(head *Note, author UserID, m Mutation) []UserID {
	users := []UserID{author}
	add := func(user UserID) {
		if !slices.Contains(users, user) {
			users = append(users, user)
		}
	}
	if head != nil {
		add(head.Owner)
	}
	full := len(users) + MembersAtOnce
	for _, user := range m.Users() {
		add(user)
	}
	if head != nil {
		for _, member := range head.Members {
			if len(users) >= full {
				break
			}
			add(member.User)
		}
	}
	return users
}

// behind reports whether user is a member who has yet to be told of the head.
func (d *decision) behind(user UserID) bool {
	entry := d.rows.Account[user].Entry
	return d.note != nil && entry != nil && entry.Version < d.note.Version
}

// DecideLate returns the rows that tell accounts of the version after, which followed before.
// Those who have been told already, or have yet to be told of before, get none.
func DecideLate(before, after *Version, accounts map[UserID]Account) *Commit {
	c := &Commit{Note: after.ID}
	for user, account := range accounts {
		if account.Entry == nil || account.Entry.Version != before.Note.Version || after.RoleOf(user) == Stranger {
			continue
		}
		row := LogRow{
			Op: after.Op, Changed: after.Changed, Fields: account.Entry.Fields,
			Author: after.Author, Mutation: after.Mutation, At: after.UpdatedAt,
		}
		c.Accounts = append(c.Accounts, tell(user, account, before.Note, after.Note, row))
	}
	return c
}
