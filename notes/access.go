package notes

// Role is what an account is to a note.
type Role string

const (
	Stranger Role = ""      // not a member
	Reader   Role = "read"  // a member who may read
	Writer   Role = "write" // a member who may also edit and revert
	Owner    Role = "owner" // everything
)

// Action is something that a role allows or not.
type Action string

// The actions that change a note carry the names of their operations.
const (
	ActRead     Action = "read"
	ActEdit     Action = "edit"
	ActOrganise Action = "organise"
	ActRevert   Action = "revert"
	ActTrash    Action = "trash"
	ActRestore  Action = "restore"
	ActPurge    Action = "purge"
	ActShare    Action = "share"
	ActLeave    Action = "leave"
)

// allowed is the whole rule of who may do what to a private note. ACCESS.md shows it
// together with what Decide makes of it.
var allowed = map[Action][]Role{
	ActRead:     {Reader, Writer, Owner},
	ActEdit:     {Writer, Owner},
	ActOrganise: {Reader, Writer, Owner},
	ActRevert:   {Writer, Owner},
	ActTrash:    {Owner},
	ActRestore:  {Owner},
	ActPurge:    {Owner},
	ActShare:    {Owner},
	ActLeave:    {Reader, Writer},
}

// May reports whether somebody with that role may do the action to the note. Public
// adds one thing: anyone may read a note that is not in the trash. Writing always
// needs membership.
func May(role Role, action Action, note *Note) bool {
	if action == ActRead && note.Access == Public && !note.Deleted {
		return true
	}
	for _, r := range allowed[action] {
		if r == role {
			return true
		}
	}
	return false
}

// ReadableBy reports whether user may read this version of a note whose head is head:
// members may read all of the history, passers-by what was public when it was written, and
// nobody anything of a note that was purged.
func (v *Version) ReadableBy(user UserID, head *Note) bool {
	if head.Purged {
		return false
	}
	if head.RoleOf(user) != Stranger {
		return true
	}
	return May(Stranger, ActRead, head) && May(Stranger, ActRead, v.Note)
}

// refusePurged says that a note is gone to who may know that it was there.
func refusePurged(role Role) *Error {
	if role == Stranger {
		return Refuse(NotFound, "Note not found")
	}
	return Refuse(Purged, "The note was deleted for good")
}

// refuseAccess says why role may not do the action.
func refuseAccess(role Role, action Action, note *Note) *Error {
	if role == Stranger && note.Deleted {
		return Refuse(NotFound, "Note not found")
	}
	if role == Owner && action == ActLeave {
		return Refuse(Forbidden, "The owner cannot leave the note; trash it instead")
	}
	return Refuse(Forbidden, "Not authorized to "+string(action)+" this note")
}
