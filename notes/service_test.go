package notes

import (
	"context"
	"errors"
	"reflect"
	"testing"
	"testing/synctest"
	"time"
)

// scripted is a store that answers as a test says. What is not scripted panics.
type scripted struct {
	Store
	load    func() (Rows, error)
	commit  func(*Commit) error
	loads   int
	commits []*Commit
	receipt *Receipt
}

func (s *scripted) Epoch() string { return "E" }

func (s *scripted) Load(context.Context, UserID, Mutation) (Rows, error) {
	s.loads++
	if s.load == nil {
		return rowsOf(noteOf(Private, false)), nil
	}
	return s.load()
}

func (s *scripted) Commit(ctx context.Context, c *Commit) error {
	s.commits = append(s.commits, c)
	if s.commit == nil || ctx.Err() != nil {
		return ctx.Err()
	}
	return s.commit(c)
}

func (s *scripted) Receipt(context.Context, UserID, MutationID) (*Receipt, error) {
	return s.receipt, nil
}

func (s *scripted) VersionsOf(_ context.Context, refs ...VersionRef) ([]*Version, error) {
	return make([]*Version, len(refs)), nil
}

func (s *scripted) Log(context.Context, UserID, int64, int) ([]LogRow, error) { return nil, nil }

type nobody struct{}

func (nobody) Publish(Topic, int64) {}

func serviceOn(store Store) *Service {
	return NewService(Config{Store: store, Publisher: nobody{}, Limits: DefaultLimits(), NewID: func() string { return "chosen" }})
}

var editOfNote = Mutation{ID: "m", Note: theNote, Op: edit("x")}

// A clash is decided again on fresh rows, as often as it takes, and never shown.
func TestServiceDecidesAgainAfterAClash(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		store := &scripted{}
		head := noteOf(Private, false)
		store.load = func() (Rows, error) {
			head.Note.Version++
			return rowsOf(head), nil
		}
		store.commit = func(*Commit) error {
			if len(store.commits) < 20 {
				return ErrClash
			}
			return nil
		}
		out, err := serviceOn(store).Mutate(t.Context(), anOwner, "", editOfNote)
		if err != nil || out.Version != headOfNote+21 || store.loads != 20 {
			t.Errorf("%+v, error %v, after %d loads", out, err, store.loads)
		}
	})
}

func TestServiceRefusesWhatFreshRowsRefuse(t *testing.T) {
	head := noteOf(Private, false)
	store := &scripted{load: func() (Rows, error) { return rowsOf(head), nil }}
	store.commit = func(*Commit) error {
		head.Note.Version++
		return ErrClash
	}
	strict := edit("x")
	strict.ExpectedVersion = headOfNote
	_, err := serviceOn(store).Mutate(t.Context(), anOwner, "", Mutation{Note: theNote, Op: strict})
	if refusal := refusedWith(t, err, VersionMismatch); refusal.Current.Version != headOfNote+1 {
		t.Errorf("shows version %d", refusal.Current.Version)
	}
}

func TestServiceGivesUpOnAClashWhenItsCallerDoes(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		store := &scripted{commit: func(*Commit) error { return ErrClash }}
		service := serviceOn(store)
		_, err := service.Mutate(ctx, anOwner, "", editOfNote)
		refusedWith(t, err, Unavailable)
		if n := len(store.commits); n < 100 || n > 10_000 {
			t.Errorf("%d attempts in a minute", n)
		}
		service.accounts.idle(t)
		service.notes.idle(t)
	})
}

// Commits of one account, and of one note, wait for each other before they read: that saves
// the store their clashes.
func TestServiceTakesTurnsByAccountAndByNote(t *testing.T) {
	for what, c := range map[string]struct {
		second UserID
		note   NoteID
		waits  bool
	}{"the account": {aWriter, "other", true}, "the note": {anOwner, theNote, true}, "neither": {anOwner, "other", false}} {
		synctest.Test(t, func(t *testing.T) {
			hold := make(chan struct{})
			store := &scripted{commit: func(*Commit) error { <-hold; return nil }}
			service := serviceOn(store)
			send := func(author UserID, m Mutation) {
				if _, err := service.Mutate(t.Context(), author, "", m); err != nil {
					t.Error(err)
				}
			}
			go send(aWriter, editOfNote)
			synctest.Wait()
			go send(c.second, Mutation{Note: c.note, Op: edit("y")})
			synctest.Wait()
			if waits := store.loads == 1; waits != c.waits {
				t.Errorf("with %s in common, the second waits: %v", what, waits)
			}
			close(hold)
			synctest.Wait()
			if store.loads != 2 {
				t.Errorf("%d loads", store.loads)
			}
		})
	}
}

func TestServiceSaysUnavailableOfAnyFault(t *testing.T) {
	broken := errors.New("broken")
	for what, store := range map[string]*scripted{
		"load":   {load: func() (Rows, error) { return Rows{}, broken }},
		"commit": {commit: func(*Commit) error { return broken }},
		"repeat": {load: func() (Rows, error) { return Rows{}, Refuse(RateLimited, "slow down") }},
	} {
		_, err := serviceOn(store).Mutate(t.Context(), anOwner, "", editOfNote)
		if what == "repeat" { // a refusal of the store's own stays one
			refusedWith(t, err, RateLimited)
			continue
		}
		if refusal := refusedWith(t, err, Unavailable); !errors.Is(err, broken) || refusal.RetryAfter == 0 {
			t.Errorf("%s: %v", what, err)
		}
		if what == "commit" && len(store.commits) != attempts {
			t.Errorf("%d attempts at a commit that keeps failing", len(store.commits))
		}
	}
}

func TestServiceHashesARequestWithoutTheIDsItChooses(t *testing.T) {
	store := &scripted{load: func() (Rows, error) { return rowsOf(nil), nil }}
	op := Create{BodyPatch: text("x")}
	out, err := serviceOn(store).Mutate(t.Context(), anOwner, "", Mutation{Op: op})
	if err != nil || out.Note != "chosen" || out.Mutation != "chosen" {
		t.Fatalf("%+v, error %v", out, err)
	}
	asked := Mutation{Op: op}
	if store.commits[0].Receipt.Hash != asked.Hash() {
		t.Error("the receipt has another hash than the request")
	}
}

// A repeated mutation whose version was thinned away is still acknowledged.
func TestServiceRepeatsWithoutAVersion(t *testing.T) {
	receipt := &Receipt{Mutation: "m", Hash: editOfNote.Hash(), Note: theNote, Version: 3, Seq: 7, Logged: true}
	store := &scripted{load: func() (Rows, error) { return Rows{Receipt: receipt}, nil }}
	out, err := serviceOn(store).Mutate(t.Context(), anOwner, "", editOfNote)
	want := Outcome{Op: "edit", Mutation: "m", Note: theNote, Version: 3, Cursor: Cursor{"E", 7}, Logged: true, Repeated: true}
	if err != nil || !reflect.DeepEqual(*out, want) {
		t.Errorf("%+v, error %v", out, err)
	}
}

func TestServiceChecksBeforeItLoads(t *testing.T) {
	store := &scripted{}
	service := serviceOn(store)
	_, err := service.Mutate(t.Context(), signedOut, "", editOfNote)
	refusedWith(t, err, Unauthenticated)
	_, err = service.Mutate(t.Context(), anOwner, "", Mutation{ID: "m m", Note: theNote, Op: edit("x")})
	refusedWith(t, err, Invalid)
	if store.loads != 0 {
		t.Errorf("%d loads", store.loads)
	}
}

func TestEveryCodeIsListedOnce(t *testing.T) {
	seen := map[Code]bool{}
	for _, code := range Codes {
		if seen[code] || code == "" {
			t.Errorf("%q is listed twice, or is empty", code)
		}
		seen[code] = true
		if CodeOf(errors.Join(errors.New("around"), Refuse(code, "x"))) != code {
			t.Errorf("%q is not found in an error", code)
		}
	}
	if CodeOf(errors.New("x")) != Internal {
		t.Error("an error without a code is not internal")
	}
}
