package claims

import "strings"

// MaxUserIDBytes is the longest user id.
const MaxUserIDBytes = 64

// machinePrefixes are the ids that Clerk gives to what is not a person: machines
// (mch_), machine-to-machine tokens (mt_, earlier m2m_), OAuth access tokens
// (oat_) and API keys (ak_). The same instance keys may sign tokens for these.
var machinePrefixes = []string{"mch_", "mt_", "m2m_", "oat_", "ak_"}

// CheckUserID refuses, with [ReasonSubject], what is not 1 to 64 of
// [A-Za-z0-9_-] and what is the id of a machine.
func CheckUserID(id string) error {
	if refused := checkUserID(id); refused != nil {
		return refused
	}
	return nil
}

func checkUserID(id string) *Error {
	if id == "" || len(id) > MaxUserIDBytes || strings.ContainsFunc(id, notIDRune) {
		return refuse(ReasonSubject, "the user id is not 1 to 64 of A-Z a-z 0-9 _ -")
	}
	for _, prefix := range machinePrefixes {
		if strings.HasPrefix(id, prefix) {
			return refuse(ReasonSubject, "a user id may not start with "+prefix+": that is a machine")
		}
	}
	return nil
}

func notIDRune(r rune) bool {
	switch {
	case 'a' <= r && r <= 'z', 'A' <= r && r <= 'Z', '0' <= r && r <= '9', r == '_', r == '-':
		return false
	}
	return true
}
