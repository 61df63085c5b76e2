package dynamo

import (
	"crypto/sha256"
	"fmt"
	"strings"

	"notewire/notes"
)

// The single table. Ids are [A-Za-z0-9_-], so '#' separates, ':' joins, and '~' is
// greater than any of their characters.
//
//	row      PK        SK              index PK       index SK
//	head     NOTE#id   HEAD
//	version  NOTE#id   VER#0000000007
//	entry    USER#u    NOTE#id         USER#u#LIVE    0001763700000000#id
//	folder   USER#u    FOLDER#id
//	visit    USER#u    VISIT#note      when the account last opened it         ttl
//	seq      USER#u    SEQ
//	receipt  USER#u    RCPT#mutation                                       ttl
//	log      LOG#u     000000000042                                        ttl
//	late     LATE      NOTE#id         marks a note whose last members are yet to be told
//	ticket   TICKET#t  TICKET          t is a digest                           ttl
//	sign-out SID#s     ENDED           s is a digest                           ttl
//	feed     FEED#u    FEED#id         where a feed of the account's log stands
//	feeds    FEED#u    COUNT           how many the account has
//	listed   FEEDS     u#id            that there is one
//	thin     NOTE#id   THIN            versions were removed, and blobs are yet to be looked through
//	purge    PURGES    NOTE#id         marks a note whose rows are yet to be removed
//	meta     STORE     META
//	import   STORE     IMPORT          only while an import is not complete
//
// and what blob.go says of large bodies.
const last = "~"

const latePK = "LATE"

var metaKey = Key{"STORE", "META"}

func headKey(id notes.NoteID) Key { return Key{notePK(id), "HEAD"} }

func versionKey(id notes.NoteID, n int64) Key { return Key{notePK(id), versionSK(n)} }

func versionSK(n int64) string { return fmt.Sprintf("VER#%010d", n) }

func notePK(id notes.NoteID) string { return "NOTE#" + string(id) }

func userPK(u notes.UserID) string { return "USER#" + string(u) }

func entryKey(u notes.UserID, id notes.NoteID) Key { return Key{userPK(u), notePK(id)} }

func folderKey(u notes.UserID, id notes.FolderID) Key { return Key{userPK(u), folderSK(id)} }

func folderSK(id notes.FolderID) string { return "FOLDER#" + string(id) }

const seqSK = "SEQ"

func seqKey(u notes.UserID) Key { return Key{userPK(u), seqSK} }

func receiptKey(u notes.UserID, m notes.MutationID) Key { return Key{userPK(u), "RCPT#" + string(m)} }

func logKey(u notes.UserID, seq int64) Key { return Key{logPK(u), logSK(seq)} }

func logPK(u notes.UserID) string { return "LOG#" + string(u) }

func logSK(seq int64) string { return fmt.Sprintf("%012d", seq) }

func lateKey(id notes.NoteID) Key { return Key{latePK, notePK(id)} }

func ticketKey(id string) Key { return Key{"TICKET#" + digest(id), "TICKET"} }

func feedKey(u notes.UserID, id string) Key { return Key{feedPK(u), feedSK + id} }

func feedCountKey(u notes.UserID) Key { return Key{feedPK(u), "COUNT"} }

func feedListKey(u notes.UserID, id string) Key { return Key{feedListPK, string(u) + "#" + id} }

func feedPK(u notes.UserID) string { return "FEED#" + string(u) }

const (
	feedSK     = "FEED#"
	feedListPK = "FEEDS"
)

func signOutKey(sid string) Key { return Key{"SID#" + digest(sid), "ENDED"} }

// digest makes a key of what may be a secret, or any text.
func digest(s string) string { return fmt.Sprintf("%x", sha256.Sum256([]byte(s))) }

// listPK is the index partition of an account's notes, or of those in its trash.
func listPK(u notes.UserID, trashed bool) string {
	if trashed {
		return userPK(u) + "#TRASH"
	}
	return userPK(u) + "#LIVE"
}

func listKey(e *notes.Entry) Key {
	return Key{listPK(e.User, e.Deleted), fmt.Sprintf("%016d#%s", e.UpdatedAt, e.Note)}
}

// noteOf returns the id in a key of the form NOTE#id.
func noteOf(s string) notes.NoteID { return notes.NoteID(strings.TrimPrefix(s, "NOTE#")) }
