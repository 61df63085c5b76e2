package chaos

import (
	"context"
	"maps"
	"slices"
	"time"
)

const (
	// settleWithin is how long followers may take to arrive once all is healed.
	settleWithin = 20 * time.Second
	// completeWithin is how long rows that come after their commit may take: they may be late,
	// on a busy machine very, but not absent.
	completeWithin = time.Minute
)

// settle waits for the followers, reads everything, and verifies it. What is only late gets
// its time; anything else is looked at twice, because commits may still end.
func (r *run) settle(ctx context.Context) (record *Record, found []Finding, err error) {
	healed := time.Now()
	for sure := false; ; sure = true {
		if !r.alarmed() {
			r.awaitFollowers(ctx, healed.Add(settleWithin))
		}
		record, err = r.collect(ctx)
		if ctx.Err() != nil {
			return nil, nil, ctx.Err()
		}
		if err != nil {
			found = []Finding{{Rule: RuleArrives, What: "what there is at the end cannot be read", Evidence: []string{err.Error()}}}
		} else {
			found = Verify(record)
		}
		r.settled = time.Since(healed)
		within := settleWithin
		if !slices.ContainsFunc(found, func(f Finding) bool { return f.Rule != RuleComplete }) {
			within = completeWithin
		}
		if len(found) == 0 || r.settled > within || r.alarmed() || sure && err == nil && !onlyLate(found) {
			return record, found, nil
		}
		pause(ctx, time.Second)
	}
}

// awaitFollowers returns when every follower of an account is at the head of its log, or at
// the deadline.
func (r *run) awaitFollowers(ctx context.Context, deadline time.Time) {
	ctx, cancel := context.WithDeadline(ctx, deadline)
	defer cancel()
	c := &collector{r.callers, r.keep}
	for ctx.Err() == nil {
		heads, err := c.heads(ctx, r.cast.accounts)
		behind := slices.ContainsFunc(r.cast.followers, func(f *follower) bool {
			f.mu.Lock()
			defer f.mu.Unlock()
			return f.seen.Note == "" && f.last < heads[f.seen.Account]
		})
		if err == nil && !behind {
			return
		}
		pause(ctx, 200*time.Millisecond)
	}
}

// collect reads everything: first what followers saw, which then cannot be more than there is.
func (r *run) collect(ctx context.Context) (*Record, error) {
	ctx, cancel := context.WithTimeout(ctx, 5*time.Minute)
	defer cancel()
	record := &Record{Until: time.Now()}
	for _, f := range r.cast.followers {
		record.Followers = append(record.Followers, f.snapshot())
		record.Rooms = append(record.Rooms, f.roomsNow()...)
	}
	makers := map[string]string{}
	for _, w := range r.cast.writers {
		for _, m := range w.sent {
			if m.Op == "create" && makers[m.Note] == "" {
				makers[m.Note] = m.Author
			}
		}
		record.Mutations = append(record.Mutations, w.sent...)
		record.Sightings = append(record.Sightings, w.seen...)
	}
	c := &collector{r.callers, r.keep}
	var err error
	if record.Accounts, err = c.accounts(ctx, r.cast.all()); err != nil {
		return nil, err
	}
	if record.Notes, err = c.histories(ctx, readers(makers, record.Accounts)); err != nil {
		return nil, err
	}
	record.Gone, err = c.gone(ctx, missing(makers, record.Notes), slices.Concat(r.cast.accounts, r.cast.passers))
	return record, err
}

// readers names for each note somebody in whose lists it is; who made it, if there is nobody.
func readers(makers map[string]string, accounts map[string]*Account) map[string]string {
	all := maps.Clone(makers)
	for _, user := range sorted(accounts) {
		for _, list := range []map[string]int64{accounts[user].Listed, accounts[user].Trashed} {
			for note := range list {
				all[note] = user
			}
		}
	}
	return all
}

func missing(makers map[string]string, notes map[string]*History) (none []string) {
	for _, note := range sorted(makers) {
		if notes[note] == nil {
			none = append(none, note)
		}
	}
	return none
}
