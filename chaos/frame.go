package chaos

import (
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"time"
)

// frame is what any event of both dialects says, as far as anybody here looks at it.
type frame struct {
	Type        string
	NoteID      string
	Reason      string
	Op          string
	FromUserID  string
	MutationID  string
	Cursor      string
	Version     int64
	NoteData    *Shown // note_created_sync
	UpdatedNote *Shown // note_sync, and confirmations
	Data        *Shown // the note dialect
	Code        string // error
	Merged      bool
	Conflict    *Conflict

	FolderID      string
	FolderData    *Folder // folder_created_sync
	UpdatedFolder *Folder // folder_updated_sync
	Folder        *Folder // mutation_ack

	at time.Time // of an answer that was waited for
}

func parse(data string) (*frame, error) {
	var f frame
	if err := json.Unmarshal([]byte(data), &f); err != nil {
		return nil, fmt.Errorf("not a frame: %w", err)
	}
	return &f, nil
}

// shown is the note in the frame; nil if it shows none. A delete shows only its id.
func (f *frame) shown() *Shown {
	switch {
	case f.NoteData != nil:
		return f.NoteData
	case f.UpdatedNote != nil:
		return f.UpdatedNote
	case f.Type == "delete":
		return nil
	}
	return f.Data
}

// confirms reports whether the frame is a sender's confirmation, which stands in the place of
// the event on the connection that sent the mutation.
func (f *frame) confirms() bool { return f.Type == "note_update_success" || f.Type == "mutation_ack" }

// hides reports whether the frame is what any row of a note reads as once access is lost.
func (f *frame) hides() bool { return f.Type == "note_deleted_sync" && f.Reason == "access_lost" }

// place returns the number in a cursor: "epoch-42", or "0", the beginning.
func place(cursor string) (int64, error) {
	_, number, found := strings.Cut(cursor, "-")
	if !found {
		number = cursor
	}
	n, err := strconv.ParseInt(number, 10, 64)
	if err != nil || n < 0 {
		return 0, fmt.Errorf("not a cursor: %q", cursor)
	}
	return n, nil
}

// frames parses each frame once.
type frames map[string]*frame

// of returns the frame in some data; one that cannot be read is empty, and finds nothing equal.
func (fs frames) of(data string) *frame {
	f := fs[data]
	if f == nil {
		var err error
		if f, err = parse(data); err != nil {
			f = &frame{Type: err.Error()}
		}
		fs[data] = f
	}
	return f
}
