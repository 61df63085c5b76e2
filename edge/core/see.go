package core

import (
	"slices"

	"notewire/notes"
)

// readers is what a version says of who may read it.
type readers struct {
	Owner   notes.UserID   `json:"owner"`
	Members []notes.UserID `json:"members"`
	Access  notes.Access   `json:"access"`
	Deleted bool           `json:"deleted"` // it is in the trash
	Deletes bool           `json:"deletes"` // this version put it there
}

// seeIn is a reader of a note, and the version that is next for him.
type seeIn struct {
	Viewer  notes.UserID `json:"viewer"`
	Member  bool         `json:"member"` // when his session began
	Opened  int64        `json:"opened"` // the note's version then
	Version int64        `json:"version"`
	Readers readers      `json:"readers"`
}

// seeOut is what he gets: the event; or he must go on from the note as it is now; or he is no
// longer what he was, and his session ends.
type seeOut struct {
	Verdict string `json:"verdict"` // give, gone or changed
}

// see is the rule of the server's sessions: what a member sees from before his session began
// was his to see when it began.
func see(in seeIn) (seeOut, error) {
	v := in.Readers
	is := in.Viewer != "" && (in.Viewer == v.Owner || slices.Contains(v.Members, in.Viewer))
	switch {
	case in.Member && (in.Version <= in.Opened || is):
		return seeOut{"give"}, nil
	case !in.Member && v.Access == notes.Public && (!v.Deleted || v.Deletes):
		return seeOut{"give"}, nil
	case !in.Member && in.Version <= in.Opened:
		return seeOut{"gone"}, nil
	}
	return seeOut{"changed"}, nil
}
