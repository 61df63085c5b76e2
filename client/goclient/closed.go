package goclient

import (
	"encoding/json"
	"errors"
	"fmt"
	"time"
)

// What the server means by the end of a connection; PROTOCOL.md, section 7, has them all.
const (
	CodeDeleted      = 1000 // the note was deleted
	CodeTooLarge     = 1009 // a frame that was sent up is far above the limit
	CodeTokenExpired = 4003 // come back with a fresh token
	CodeAuthFailed   = 4500 // the token is no good
	CodeAccessLost   = 4501 // not, or no longer, a reader of the note
)

// Closed says that the server has ended a connection on purpose. On an event stream and
// behind a gateway, which have no close codes of their own, Code is the one that the last
// frame stands for.
type Closed struct {
	Code       int
	Reason     string
	Reconnect  bool          // whether to come back, with the cursor
	RetryAfter time.Duration // how long to wait before; 0: the server does not say
	AtOnce     bool          // the server asks not to wait: nobody else is told to come back now
}

func (c *Closed) Error() string {
	return fmt.Sprintf("the server ended the connection: %s (%d)", c.Reason, c.Code)
}

// reconnects says whether to come back after a close code: in the protocol's own ranges
// they say it themselves; of the rest, which proxies and crashes cause, only those that
// would come again do not.
func reconnects(code int) bool {
	switch {
	case code == CodeDeleted, code == CodeTooLarge:
		return false
	default:
		return code < 4500 || code > 4999
	}
}

func closed(code int, reason string, retryAfter time.Duration) *Closed {
	return &Closed{Code: code, Reason: reason, Reconnect: reconnects(code), RetryAfter: retryAfter}
}

// ErrCutOff is wrapped by the error of a connection that ended without a word: the server
// or the network is gone, or the client did not read.
var ErrCutOff = errors.New("the connection was cut off")

// goodbye is what the last frame of a connection says about its end, or nil. ended says
// that the server ended it, and that there is no close code that says why: only then are
// frames the last word that are ordinary elsewhere.
func goodbye(last *Event, ended bool) *Closed {
	var m struct {
		Code         json.RawMessage
		Reason       string
		Message      string
		RetryAfterMs *int64
	}
	if last == nil || last.Decode(&m) != nil {
		return nil
	}
	switch {
	case last.Type == "reconnect":
		var code int
		if json.Unmarshal(m.Code, &code) != nil {
			return nil
		}
		c := closed(code, m.Reason, 0)
		if m.RetryAfterMs != nil {
			c.RetryAfter, c.AtOnce = time.Duration(*m.RetryAfterMs)*time.Millisecond, *m.RetryAfterMs == 0
		}
		return c
	case last.Type == "auth_failed":
		if m.Reason == "token-expired" {
			return closed(CodeTokenExpired, m.Message, 0)
		}
		return closed(CodeAuthFailed, m.Message, 0)
	case last.Type == "error" && ended:
		return closed(CodeAccessLost, m.Message, 0)
	case last.Type == "delete" && ended:
		return closed(CodeDeleted, "Note deleted", 0)
	}
	return nil
}
