package notes

import (
	"context"
	"errors"
	"testing"
)

var errBroken = errors.New("broken")

// broken is a store that answers the first few reads and no others.
type broken struct {
	Store
	answers int
}

func (b *broken) fails() error {
	if b.answers--; b.answers >= 0 {
		return nil
	}
	return errBroken
}

func (b *broken) Heads(context.Context, ...NoteID) ([]*Version, error) {
	return []*Version{noteOf(Private, false)}, b.fails()
}

func (b *broken) HeadVersion(context.Context, NoteID) (int64, error) { return 1, b.fails() }

func (b *broken) VersionsOf(context.Context, ...VersionRef) ([]*Version, error) {
	return []*Version{nil}, b.fails()
}

func (b *broken) History(context.Context, NoteID, Range) ([]*Version, error) { return nil, b.fails() }

func (b *broken) EntriesOf(context.Context, UserID, ...NoteID) ([]*Entry, error) {
	return []*Entry{nil}, b.fails()
}

func (b *broken) Entries(context.Context, UserID, ListQuery) ([]*Entry, error) {
	return []*Entry{{Note: theNote}}, b.fails()
}

func (b *broken) Folders(context.Context, UserID) ([]*Folder, error) { return nil, b.fails() }

func (b *broken) Seq(context.Context, UserID) (int64, error) { return 0, b.fails() }

func (b *broken) Log(context.Context, UserID, int64, int) ([]LogRow, error) {
	return []LogRow{{Seq: 1, Note: theNote}}, b.fails()
}

// Whichever read of a query fails, its reader is told to ask again, and why in the log.
func TestQueriesSayUnavailableOfAnyFault(t *testing.T) {
	ctx := t.Context()
	for name, query := range map[string]func(*Service) error{
		"Get":         func(s *Service) error { _, err := s.Get(ctx, anOwner, theNote); return err },
		"List":        func(s *Service) error { _, _, err := s.List(ctx, anOwner, ListQuery{}); return err },
		"History":     func(s *Service) error { _, err := s.History(ctx, anOwner, theNote, HistoryQuery{}); return err },
		"Version":     func(s *Service) error { _, _, err := s.Version(ctx, anOwner, theNote, 1); return err },
		"NoteHead":    func(s *Service) error { _, err := s.NoteHead(ctx, anOwner, theNote); return err },
		"NoteVersion": func(s *Service) error { _, err := s.NoteVersion(ctx, theNote); return err },
		"NoteLog":     func(s *Service) error { _, err := s.NoteLog(ctx, theNote, 0, 1); return err },
		"Kept":        func(s *Service) error { _, err := s.Kept(ctx, anOwner, theNote, 1); return err },
		"Folders":     func(s *Service) error { _, err := s.Folders(ctx, anOwner); return err },
		"AccountHead": func(s *Service) error { _, err := s.AccountHead(ctx, anOwner); return err },
		"AccountLog":  func(s *Service) error { _, err := s.AccountLog(ctx, anOwner, 0, 1); return err },
	} {
		reads := map[string]int{"Get": 2, "List": 2, "History": 2, "Version": 2, "Kept": 2, "AccountLog": 3}[name]
		for answers := range max(reads, 1) {
			err := query(serviceOn(&broken{answers: answers}))
			if CodeOf(err) != Unavailable || !errors.Is(err, errBroken) {
				t.Errorf("%s after %d answers: %v", name, answers, err)
			}
		}
		if err := query(serviceOn(&broken{answers: 9})); CodeOf(err) == Unavailable && err != nil {
			t.Errorf("%s of a store that works: %v", name, err)
		}
	}
}
