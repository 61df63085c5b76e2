package notes

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"sync/atomic"
	"time"
)

// Service is what every surface calls. It loads, decides, commits and retries; the rules
// are in Decide and May. Safe for concurrent use.
type Service struct {
	store  Store
	pub    Publisher
	limits Limits
	newID  func() string
	now    func() time.Time

	// Commits of one account wait for each other here rather than clash in the store;
	// so do commits of one note. An account is always locked before a note.
	accounts, notes queue

	late             late
	commits, retries atomic.Int64
}

// Stats counts what a Service has done since it was made.
type Stats struct {
	Commits int64 // mutations committed
	Retries int64 // tries that met a row that had changed since it was read
}

// Stats returns the counts.
func (s *Service) Stats() Stats { return Stats{s.commits.Load(), s.retries.Load()} }

// Config is what a Service is made of.
type Config struct {
	Store     Store
	Publisher Publisher
	Limits    Limits
	NewID     func() string    // unique ids for notes and mutations that come without one
	Now       func() time.Time // nil: time.Now
}

// NewService returns a Service on a store.
func NewService(c Config) *Service {
	if c.Now == nil {
		c.Now = time.Now
	}
	return &Service{
		store: c.Store, pub: c.Publisher, limits: c.Limits, newID: c.NewID, now: c.Now,
		late: late{running: map[NoteID]bool{}, slots: make(chan struct{}, lateAtOnce)},
	}
}

// Limits returns the limits in force.
func (s *Service) Limits() Limits { return s.limits }

// Epoch names the store's logs.
func (s *Service) Epoch() string { return s.store.Epoch() }

// Mutate carries out a mutation. When it returns no error the change is durable. via is
// the connection that sent the mutation, or empty.
//
// Errors: an *Error is a refusal, and nothing was written, unless its code is
// Unavailable: then the outcome is unknown, and the same mutation id may be sent again.
func (s *Service) Mutate(ctx context.Context, author UserID, via string, m Mutation) (*Outcome, error) {
	if author == "" {
		return nil, Refuse(Unauthenticated, "Authentication required")
	}
	if err := m.Check(s.limits); err != nil {
		return nil, err
	}
	r := Request{Author: author, Via: via, Hash: m.Hash(), Limits: s.limits, Mutation: m}
	if r.Mutation.ID == "" {
		r.Mutation.ID = MutationID(s.newID())
	}
	switch {
	case m.OfFolder():
		if r.Mutation.Note = ""; m.Folder == "" {
			r.Mutation.Folder = FolderID(s.newID())
		}
	case m.Note == "":
		r.Mutation.Note = NoteID(s.newID())
	}
	return s.inTurn(ctx, r)
}

// inTurn waits until no other commit of the same account or note is under way here.
func (s *Service) inTurn(ctx context.Context, r Request) (*Outcome, error) {
	leaveAccount, err := s.accounts.enter(ctx, string(r.Author))
	if err != nil {
		return nil, unavailable(err)
	}
	defer leaveAccount()
	if !r.Mutation.OfFolder() {
		leaveNote, err := s.notes.enter(ctx, string(r.Mutation.Note))
		if err != nil {
			return nil, unavailable(err)
		}
		defer leaveNote()
	}
	if ctx.Err() != nil { // gone while it waited: nothing has begun
		return nil, unavailable(ctx.Err())
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), commitTimeout)
	defer cancel()
	return s.commit(ctx, r)
}

// commitTimeout bounds a commit with all its tries. It is not the client's to cut short: a
// commit that was given up while it was under way could be applied later, and nobody would
// be told.
const commitTimeout = 15 * time.Second

// attempts bounds how often a commit whose outcome is unknown is looked into.
const attempts = 4

// commit reads, decides and writes until no row changed in between.
func (s *Service) commit(ctx context.Context, r Request) (*Outcome, error) {
	var rows Rows
	read := false // rows are the store's, as far as is known
	unknown := 0  // commits that may have been applied, though the answer was lost
	for attempt := 0; ; attempt++ {
		if !read {
			var err error
			if rows, err = s.store.Load(ctx, r.Author, r.Mutation); err != nil {
				return nil, unavailable(err)
			}
		}
		r.Now = MillisOf(s.now())
		decision, err := Decide(rows, r)
		switch {
		case err != nil:
			return s.refuse(ctx, r, err, unknown == 0)
		case decision.Repeat != nil:
			return s.repeat(ctx, r, decision.Repeat, unknown == 0)
		case decision.Torn:
			if err := pause(ctx, attempt); err != nil {
				return nil, unavailable(err)
			}
			read = false
			continue
		case decision.Behind:
			if err := s.catchUp(ctx, rows.Head.Note, []UserID{r.Author}); err != nil {
				return nil, unavailable(err)
			}
			read = false
			continue
		}
		err = s.store.Commit(ctx, decision.Commit)
		if err == nil {
			s.commits.Add(1)
			s.tellOthers(decision.Commit)
			return s.outcome(r, rows, decision.Commit), nil
		}
		if read = rows.refresh(err); errors.Is(err, ErrClash) {
			s.retries.Add(1)
		} else {
			s.tellOthers(decision.Commit) // if it was applied after all, nobody else will say so
			if unknown++; unknown == attempts {
				return nil, unavailable(err)
			}
		}
		if err := pause(ctx, attempt); err != nil {
			return nil, unavailable(err)
		}
	}
}

// refuse answers with a refusal, unless the mutation has been committed after all: the rows
// are no snapshot, and may show what it did beside its receipt's absence from before.
func (s *Service) refuse(ctx context.Context, r Request, refusal error, repeated bool) (*Outcome, error) {
	receipt, err := s.store.Receipt(ctx, r.Author, r.Mutation.ID)
	switch {
	case err != nil:
		return nil, unavailable(err)
	case receipt == nil || receipt.Hash != r.Hash:
		return nil, refusal
	}
	return s.repeat(ctx, r, receipt, repeated)
}

// tellOthers follows a commit: hints to those whose logs have grown, and rows for the rest.
func (s *Service) tellOthers(c *Commit) {
	s.publish(c)
	if c.Late {
		s.tellLate(c.Note)
	}
}

// refresh makes the rows what a clash says they are, if it says so.
func (r *Rows) refresh(err error) bool {
	clash, ok := errors.AsType[*Clash](err)
	if !ok || len(clash.Seqs) == 0 {
		return false
	}
	for user, seq := range clash.Seqs {
		account := r.Account[user]
		account.Seq = seq
		r.Account[user] = account
	}
	return true
}

// pause waits a little longer each time, at random, so that those who clashed spread out.
func pause(ctx context.Context, attempt int) error {
	if attempt == 0 {
		return ctx.Err()
	}
	longest := time.Millisecond << min(attempt, 7)
	timer := time.NewTimer(rand.N(longest))
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-timer.C:
		return nil
	}
}

// unavailable keeps refusals as they are and turns everything else into one that says:
// ask again.
func unavailable(err error) error {
	if _, ok := errors.AsType[*Error](err); ok {
		return err
	}
	refusal := &Error{Code: Unavailable, Message: "The store cannot answer now; send the same mutation again", RetryAfter: 1000}
	return fmt.Errorf("%w: %w", refusal, err)
}

func (s *Service) publish(c *Commit) {
	for i := range c.Accounts {
		s.pub.Publish(Topic{User: c.Accounts[i].User}, c.Accounts[i].Row.Seq)
	}
	if c.Version != nil {
		s.pub.Publish(Topic{Note: c.Note}, c.Version.Version)
	}
}
