package dynamo

import (
	"strings"

	"notewire/notes"
)

// TopicOf returns the log that a row of the table belongs to, if it is one of a log: what has
// grown, when the row is new.
func TopicOf(key Key) (notes.Topic, bool) {
	if user, ok := strings.CutPrefix(key.PK, logPK("")); ok {
		return notes.Topic{User: notes.UserID(user)}, true
	}
	if key.isVersion() {
		return notes.Topic{Note: noteOf(key.PK)}, true
	}
	return notes.Topic{}, false
}
