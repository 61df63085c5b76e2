package transport

import (
	"context"
	"time"

	"notewire/notes"
	"notewire/transport/wire"
)

// stay lets the connection live until its token is stale; then it gets that frame. A token that
// is older than the one it has changes nothing: refreshes may overtake each other.
func (s *session) stay(login Login, frame []byte) {
	if !login.IssuedAt.IsZero() && login.IssuedAt.Before(s.login.IssuedAt) {
		login = s.login
	}
	s.login, s.warned = login, false
	s.running.identify(s, login.SID)
	s.hearNews(login.SID)
	s.overdue = &ending{code: CloseTokenExpired, reason: "the token is too old", frame: frame}
	s.due.Stop()
	if end := s.Options.staleAt(login); !end.IsZero() {
		s.due.Reset(time.Until(end.Add(-s.Options.warning())))
	}
}

// staleAt is when a token is too old to go on with; zero: never.
func (o *Options) staleAt(login Login) time.Time {
	if login.IssuedAt.IsZero() {
		return time.Time{}
	}
	return login.IssuedAt.Add(o.TokenStaleness)
}

// stale reports whether the token is too old to go on with.
func (s *session) stale() bool {
	end := s.Options.staleAt(s.login)
	return !end.IsZero() && !time.Now().Before(end)
}

// isDue tells the client that its token gets stale, and ends the session when it has.
func (s *session) isDue(ctx context.Context) error {
	end := s.Options.staleAt(s.login)
	if end.IsZero() || s.warned || s.stale() {
		return s.overdue
	}
	left := time.Until(end)
	s.due.Reset(left)
	if s.warned = true; s.inTurn {
		return nil // each of its turns would warn
	}
	return s.write(ctx, Frame{Data: wire.TokenExpiring(s.id, notes.MillisOf(end), left.Milliseconds())})
}

// hearNews ends a session whose sign-in has ended here while the session began.
func (s *session) hearNews(sid string) {
	if ended, _ := s.heard.about(sid, time.Now()); ended {
		s.running.end([]string{sid})
	}
}

// signOut is the end of a session whose sign-in has ended.
func (s *session) signOut() *ending {
	return &ending{code: CloseSignedOut, reason: "signed out", frame: s.farewell()}
}

// Refresh lets a connection that runs here live on with a fresh token of the same account and
// sign-in, and returns until when; zero: it does not get stale. It is for connections that
// carry nothing up.
// Errors: NotFound, if no connection of that sign-in has the id here.
func (x *Sessions) Refresh(ctx context.Context, id string, login Login) (until time.Time, err error) {
	s := x.running.find(id)
	if s == nil {
		return until, errNoConnection
	}
	err = s.consult(ctx, func() error {
		if s.login.User != login.User || s.login.SID != login.SID {
			return errNoConnection
		}
		s.stay(login, s.overdue.frame)
		until = s.Options.staleAt(s.login)
		return nil
	})
	return until, err
}
