package main

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"strconv"
	"strings"
	"sync"
)

// archive is all that the program shows of logs and histories, read through its doors:
// event streams and version pages. Reading it checks what holds for any archive.
type archive struct {
	logs      map[string][]logEvent    // by account; [0] is sequence 1
	histories map[string][]pastVersion // by note; [0] is version 1
	epoch     string

	inLog     map[string]map[deed]int // by account: where in its log a mutation is
	inHistory map[deed]pastVersion
}

// deed names a mutation: its id is its author's.
type deed struct{ author, mutation string }

// logEvent is one event of an account's stream.
type logEvent struct {
	Type        string
	NoteID      string
	Version     int64
	FromUserID  string
	MutationID  string
	Cursor      string
	NoteData    *shownNote // of note_created_sync
	UpdatedNote *shownNote // of note_sync

	bytes string
}

func (e *logEvent) deed() deed { return deed{e.FromUserID, e.MutationID} }

func (e *logEvent) note() *shownNote {
	if e.NoteData != nil {
		return e.NoteData
	}
	return e.UpdatedNote
}

// pastVersion is one version of a note.
type pastVersion struct {
	Version      int64
	Op           string
	Author       string
	MutationID   string
	RevertedFrom int64
	Note         shownNote
}

func (v *pastVersion) deed() deed { return deed{v.Author, v.MutationID} }

func (v pastVersion) equal(w pastVersion) bool { return reflect.DeepEqual(v, w) }

type shownNote struct {
	ID            string
	UserID        string
	Version       int64
	Content       string
	Collaborators []string
	Roles         map[string]string
	Tags          []string
}

func newArchive() *archive {
	return &archive{
		logs: map[string][]logEvent{}, histories: map[string][]pastVersion{},
		inLog: map[string]map[deed]int{}, inHistory: map[deed]pastVersion{},
	}
}

// extend reads what is new in the logs of all users and in all notes that those tell of, and
// returns it as an archive of its own.
func (a *archive) extend(as map[string]caller) (fresh *archive, err error) {
	fresh = newArchive()
	if fresh.logs, err = each(as, a.readLog); err != nil {
		return nil, err
	}
	fresh.histories, err = each(fresh.notes(), func(note, user string) ([]pastVersion, error) {
		return a.readHistory(note, as[user])
	})
	if err != nil {
		return nil, err
	}
	return fresh, a.add(fresh)
}

// notes are those in the logs, each with an account that sees it.
func (a *archive) notes() map[string]string {
	notes := map[string]string{}
	for user, events := range a.logs {
		for _, e := range events {
			notes[e.NoteID] = user
		}
	}
	return notes
}

// add joins what was read, in which no mutation may be twice.
func (a *archive) add(fresh *archive) error {
	for user, events := range fresh.logs {
		if a.inLog[user] == nil {
			a.inLog[user] = map[deed]int{}
		}
		for _, e := range events {
			if seq, twice := a.inLog[user][e.deed()]; twice {
				return fmt.Errorf("%s's log has %v twice, first at %d: %s", user, e.deed(), seq, e.bytes)
			}
			epoch, _, _ := strings.Cut(e.Cursor, "-")
			if a.epoch = cmp.Or(a.epoch, epoch); epoch != a.epoch {
				return fmt.Errorf("%s's log is in epoch %s, another in %s", user, epoch, a.epoch)
			}
			a.logs[user] = append(a.logs[user], e)
			a.inLog[user][e.deed()] = len(a.logs[user])
		}
	}
	for note, versions := range fresh.histories {
		for _, v := range versions {
			if first, twice := a.inHistory[v.deed()]; twice {
				return fmt.Errorf("%v made two versions: %d of %s and %d of %s", v.deed(), first.Version, first.Note.ID, v.Version, note)
			}
			a.inHistory[v.deed()] = v
		}
		a.histories[note] = append(a.histories[note], versions...)
	}
	return nil
}

// readLog replays an account's log over SSE from where the archive ends. Its events must be
// numbered without a gap.
func (a *archive) readLog(user string, c caller) (events []logEvent, err error) {
	var list struct{ Cursor string }
	if err := c.read("/api/notes?limit=1", &list); err != nil {
		return nil, err
	}
	epoch, seq, _ := strings.Cut(list.Cursor, "-")
	head, err := strconv.Atoi(seq)
	from := len(a.logs[user])
	if err != nil || head < from || a.epoch != "" && epoch != a.epoch {
		return nil, fmt.Errorf("%s's log was at %s-%d, and is now at %q", user, a.epoch, from, list.Cursor)
	}
	if head == from {
		return nil, nil
	}
	res, err := c.request("GET", fmt.Sprintf("/api/events?cursor=%s-%d", epoch, from), "")
	if err != nil {
		return nil, err
	}
	defer res.Body.Close()
	end := readEvents(res.Body, func(data []byte) {
		e := logEvent{bytes: string(data)}
		if err = errors.Join(err, json.Unmarshal(data, &e)); e.Type == "auth_success" {
			return
		}
		events = append(events, e)
		if want := fmt.Sprintf("%s-%d", epoch, from+len(events)); e.Cursor != want {
			err = errors.Join(err, fmt.Errorf("%s's log goes on with %s, want %s: %s", user, e.Cursor, want, data))
		}
		if err != nil || from+len(events) == head {
			res.Body.Close() // the end of what is read here; the stream has none
		}
	})
	if err == nil && from+len(events) < head {
		err = fmt.Errorf("%s's stream ended at %d of %d: %s, %w", user, from+len(events), head, res.Status, end)
	}
	return events, err
}

// readHistory reads the versions of a note that are newer than the archive's, page by page,
// and each with its text. They must be numbered without a gap, up to the note's own.
func (a *archive) readHistory(note string, c caller) ([]pastVersion, error) {
	var head shownNote
	if err := c.read("/api/notes/"+note, &head); err != nil {
		return nil, err
	}
	from := int64(len(a.histories[note]))
	versions := make([]pastVersion, max(0, head.Version-from))
	for before := head.Version + 1; before > from+1; {
		var page struct{ Versions []pastVersion }
		if err := c.read(fmt.Sprintf("/api/notes/%s/versions?before=%d", note, before), &page); err != nil {
			return nil, err
		}
		if len(page.Versions) == 0 {
			return nil, fmt.Errorf("the history of %s, whose version is %d, has nothing before %d", note, head.Version, before)
		}
		for _, row := range page.Versions {
			if before--; row.Version != before {
				return nil, fmt.Errorf("the history of %s has %d where %d must be", note, row.Version, before)
			}
			if before <= from {
				break
			}
			v := &versions[before-from-1]
			if err := c.read(fmt.Sprintf("/api/notes/%s/versions/%d", note, before), v); err != nil {
				return nil, err
			}
			if v.deed() != row.deed() || v.Version != before || v.Note.Version != before {
				return nil, fmt.Errorf("version %d of %s is %+v in the list and %+v by itself", before, note, row, v)
			}
		}
	}
	if n := len(versions); n > 0 && versions[n-1].Note.Content != head.Content {
		return nil, fmt.Errorf("%s shows %q, its newest version %q", note, head.Content, versions[n-1].Note.Content)
	}
	return versions, nil
}

// each calls f for every key, several at once, and joins the errors.
func each[V, R any](m map[string]V, f func(string, V) (R, error)) (map[string]R, error) {
	var (
		group   sync.WaitGroup
		slots   = make(chan struct{}, 8)
		mu      sync.Mutex // guards what follows
		results = map[string]R{}
		errs    error
	)
	for k, v := range m {
		slots <- struct{}{}
		group.Go(func() {
			defer func() { <-slots }()
			r, err := f(k, v)
			mu.Lock()
			defer mu.Unlock()
			results[k], errs = r, errors.Join(errs, err)
		})
	}
	group.Wait()
	return results, errs
}
