package feed

import (
	"strings"
	"time"

	"notewire/notes"
)

// onward reads the log from the feed's cursor, which it moves. It leaves out notes that are
// paused.
type onward struct{ *turn }

func (r onward) wants(c *notes.Change) bool { return r.row.paused(c.Note) == nil }

func (r onward) delivered(*notes.Change) {}

func (r onward) passed(seq int64) { r.row.Seq = seq }

func (r onward) refused(c *notes.Change, why error) bool {
	if len(r.row.Paused) >= r.Options.Paused {
		return false
	}
	r.row.Paused = append(r.row.Paused, Paused{Note: c.Note, From: c.Seq})
	r.refuse(&r.row.Paused[len(r.row.Paused)-1], why)
	return true
}

// refuse counts one more refusal of the change that comes next.
func (t *turn) refuse(p *Paused, why error) {
	p.Tries++
	p.Error, p.At, p.RetryAt = excerpt(why), notes.MillisOf(time.Now()), 0
	if p.Tries < t.Options.Tries {
		p.RetryAt = after(t.Options.backoff(p.Tries))
	}
}

// failed keeps what happened, for people.
func (t *turn) failed(err error) {
	t.row.LastError, t.row.LastErrorAt = excerpt(err), notes.MillisOf(time.Now())
}

func after(d time.Duration) notes.Millis { return notes.MillisOf(time.Now().Add(d)) }

// longestError bounds what is kept of an error, in bytes.
const longestError = 200

func excerpt(err error) string {
	s := err.Error()
	return strings.ToValidUTF8(s[:min(len(s), longestError)], "")
}
