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

// Outcome is the answer to an accepted mutation. Repeating the mutation gives an equal one.
type Outcome struct {
	Op       string
	Mutation MutationID
	Note     NoteID
	Version  int64  // of the note, after the mutation
	Cursor   Cursor // of the author's log, after the mutation
	At       Millis // when it was committed
	// View is the note at that version as the author sees it; nil after Leave.
	View *View
	// Logged is true if the mutation has a row in the author's log; one that found its
	// effect already there has none.
	Logged bool
	// Repeated is true if an earlier commit is answered again.
	Repeated bool
}

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
	if r.Mutation.Note == "" {
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
	leaveNote, err := s.notes.enter(ctx, string(r.Mutation.Note))
	if err != nil {
		return nil, unavailable(err)
	}
	defer leaveNote()
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

// outcome is the answer to a commit, made of the rows that it read and wrote.
func (s *Service) outcome(r Request, rows Rows, c *Commit) *Outcome {
	out := s.answer(r, c.Receipt)
	note := rows.Head
	if c.Version != nil {
		note = c.Version
	}
	out.At = note.UpdatedAt
	view := View{Note: note.Note}
	if row := c.row(); row != nil {
		out.At = row.At
		if row.Kind == KindDeleted && row.Reason == ReasonAccessLost {
			return out
		}
		view.Fields = &row.Fields
	} else if entry := rows.Account[r.Author].Entry; entry != nil {
		view.Fields = &entry.Fields
	}
	out.View = &view
	return out
}

func (s *Service) answer(r Request, receipt *Receipt) *Outcome {
	return &Outcome{
		Op: r.Op.Name(), Mutation: r.Mutation.ID, Note: receipt.Note, Version: receipt.Version,
		Cursor: Cursor{Epoch: s.store.Epoch(), Seq: receipt.Seq}, Logged: receipt.Logged,
	}
}

// repeat answers an earlier commit again, from its rows. repeated is false if that commit
// was this very call's, and only its answer was lost.
func (s *Service) repeat(ctx context.Context, r Request, receipt *Receipt, repeated bool) (*Outcome, error) {
	out := s.answer(r, receipt)
	out.Repeated = repeated
	versions, err := s.store.VersionsOf(ctx, VersionRef{receipt.Note, receipt.Version})
	if err != nil {
		return nil, unavailable(err)
	}
	if versions[0] == nil {
		return out, nil
	}
	row, err := s.rowOf(ctx, r.Author, receipt)
	if err != nil {
		return nil, err
	}
	out.At = versions[0].UpdatedAt
	if row != nil {
		out.At = row.At
	}
	if _, left := r.Op.(Leave); left {
		return out, nil
	}
	out.View = &View{Note: versions[0].Note, Fields: &Fields{}}
	if row != nil {
		out.View.Fields = &row.Fields
		return out, nil
	}
	entries, err := s.store.EntriesOf(ctx, r.Author, receipt.Note)
	if err != nil {
		return nil, unavailable(err)
	}
	if entries[0] != nil { // the row is no longer kept: the fields are as they are now
		out.View.Fields = &entries[0].Fields
	}
	return out, nil
}

// rowOf returns the log row of the receipt's mutation, or nil if it has none, or none any
// more.
func (s *Service) rowOf(ctx context.Context, author UserID, receipt *Receipt) (*LogRow, error) {
	if !receipt.Logged {
		return nil, nil
	}
	rows, err := s.store.Log(ctx, author, receipt.Seq-1, 1)
	if err != nil {
		return nil, unavailable(err)
	}
	if len(rows) == 0 || rows[0].Seq != receipt.Seq {
		return nil, nil
	}
	return &rows[0], nil
}

// BatchItem is one mutation of a batch, or why it could not be read.
type BatchItem struct {
	Mutation Mutation
	Err      error
}

// Result is what became of one mutation of a batch. Exactly one member is set.
type Result struct {
	Outcome *Outcome
	Err     error
}

// Batch carries out mutations in order, each for itself. After a refusal, later ones for
// the same note are not tried and answer Skipped: they were made on top of it.
// Errors: LimitExceeded.
func (s *Service) Batch(ctx context.Context, author UserID, batch []BatchItem) ([]Result, error) {
	if len(batch) > s.limits.BatchSize {
		return nil, Refuse(LimitExceeded, countMessage("mutations", len(batch), s.limits.BatchSize))
	}
	results := make([]Result, len(batch))
	refused := map[NoteID]bool{}
	for i, item := range batch {
		r, id := &results[i], item.Mutation.Note
		switch {
		case id != "" && refused[id]:
			r.Err = Refuse(Skipped, "an earlier mutation of this note was refused")
		case item.Err != nil:
			r.Err = item.Err
		default:
			r.Outcome, r.Err = s.Mutate(ctx, author, "", item.Mutation)
		}
		refused[id] = refused[id] || r.Err != nil
	}
	return results, nil
}
