package notes

import (
	"fmt"
	"unicode/utf8"
)

// Limits bound what one note may hold and what one request may ask. The zero value
// is not useful; start from DefaultLimits.
type Limits struct {
	TextBytes   int // content; blob; each ciphertext
	TitleChars  int // title, in characters
	Tags        int // tags of one entry
	TagChars    int // one tag, in characters
	Members     int // members besides the owner
	Folders     int // folders of one account
	FolderDepth int // folders within folders
	NameChars   int // name of a folder, in characters
	BatchSize   int // mutations in one batch
	PageSize    int // rows in one page of a list, at most
	ListNotes   int // notes of one account that a list in any order looks at
	SearchChars int // text to search for, in characters
	SearchBytes int // texts that one page of a search reads, in bytes; at least one
	PageBytes   int // bodies in one page, in bytes; a page holds at least one
	ReadBytes   int // the same for one read of a log: who follows it slowly holds on to that much
	ReceiptDays int // how long a mutation id is remembered
	LogDays     int // how long a row of an account's log is kept
}

// DefaultLimits are the limits of a server that is not told otherwise.
func DefaultLimits() Limits {
	return Limits{
		TextBytes:   1 << 20,
		TitleChars:  500,
		Tags:        20,
		TagChars:    50,
		Members:     200,
		Folders:     200,
		FolderDepth: 10,
		NameChars:   100,
		BatchSize:   100,
		PageSize:    100,
		ListNotes:   5000,
		SearchChars: 100,
		SearchBytes: 16 << 20,
		PageBytes:   4 << 20,
		ReadBytes:   256 << 10,
		ReceiptDays: 400,
		LogDays:     30,
	}
}

// MembersAtOnce is how many members, besides owner and author, a change tells of itself in
// its own transaction; the others are told right after it. It is also how many members one
// Share may name, because their entries begin or end with the change. No setting: it comes
// from the 100 rows that a transaction of DynamoDB may have.
const MembersAtOnce = 20

func (l *Limits) checkText(name, s string) error {
	if len(s) > l.TextBytes {
		return Refuse(TooLarge, fmt.Sprintf("%s is %d bytes; the limit is %d", name, len(s), l.TextBytes))
	}
	if !utf8.ValidString(s) {
		return Refuse(Invalid, name+" is not valid UTF-8")
	}
	return nil
}

func (l *Limits) checkChars(name, s string, limit int) error {
	if n := utf8.RuneCountInString(s); n > limit {
		return Refuse(TooLarge, fmt.Sprintf("%s is %d characters; the limit is %d", name, n, limit))
	}
	if !utf8.ValidString(s) {
		return Refuse(Invalid, name+" is not valid UTF-8")
	}
	return nil
}
