package feed

import (
	"time"

	"notewire/notes"
)

// until is how long it is to a time; negative if it is past, or not set.
func until(at notes.Millis) time.Duration { return time.Until(time.UnixMilli(int64(at))) }

// nextTry is how long it is until a paused note is tried again; onNews if none is.
func (s *State) nextTry() time.Duration {
	next := onNews
	for i := range s.Paused {
		if p := &s.Paused[i]; !p.Dead() {
			if wait := max(until(p.RetryAt), time.Millisecond); next == onNews || wait < next {
				next = wait
			}
		}
	}
	return next
}

// due returns the notes that are to be tried again.
func (s *State) due(at notes.Millis) map[notes.NoteID]*Paused {
	var due map[notes.NoteID]*Paused
	for i := range s.Paused {
		if p := &s.Paused[i]; !p.Dead() && p.RetryAt <= at {
			if due == nil {
				due = map[notes.NoteID]*Paused{}
			}
			due[p.Note] = p
		}
	}
	return due
}
