package merge

import (
	"unicode"
	"unicode/utf8"
)

const lineEnd = "\n"

// tokens cuts s into what is merged as one: see the package comment. An invalid byte is a token.
func tokens(s string) []string {
	all := make([]string, 0, len(s)/3+1)
	for s != "" {
		n := tokenLen(s)
		all = append(all, s[:n])
		s = s[n:]
	}
	return all
}

func tokenLen(s string) int {
	r, n := utf8.DecodeRuneInString(s)
	switch kind := kindOf(r); kind {
	case word, space:
		for n < len(s) {
			next, size := utf8.DecodeRuneInString(s[n:])
			if kindOf(next) != kind && !(kind == word && (extends(next) || inside(r, next, s[n+size:]))) {
				break
			}
			r, n = next, n+size
		}
		return n
	case newline:
		return n
	default:
		return n + extensionLen(s[n:], r)
	}
}

type kind int

const (
	other kind = iota
	word
	space
	newline
)

func kindOf(r rune) kind {
	switch {
	case r < utf8.RuneSelf:
		return ascii[r]
	case unicode.IsLetter(r) || unicode.IsDigit(r):
		if unicode.In(r, unspaced...) {
			return other
		}
		return word
	case unicode.IsSpace(r):
		return space
	}
	return other
}

var ascii = func() (kinds [utf8.RuneSelf]kind) {
	for r := range rune(utf8.RuneSelf) {
		switch {
		case r == '\n':
			kinds[r] = newline
		case unicode.IsSpace(r):
			kinds[r] = space
		case unicode.IsLetter(r), unicode.IsDigit(r), r == '_':
			kinds[r] = word
		}
	}
	return kinds
}()

// unspaced are the scripts without spaces between words: one word would be a whole sentence.
var unspaced = []*unicode.RangeTable{
	unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Thai, unicode.Lao, unicode.Khmer, unicode.Myanmar,
}

const joiner = '\u200d'

// extends tells whether r belongs to the character before it: an accent, a variant, a skin tone.
func extends(r rune) bool {
	return r >= 0x300 && (unicode.Is(unicode.M, r) || r == joiner || 0x1f3fb <= r && r <= 0x1f3ff)
}

// extensionLen is the length of what belongs to the character first, which s follows.
func extensionLen(s string, first rune) (n int) {
	if first == utf8.RuneError {
		return 0
	}
	for last := first; n < len(s); {
		r, size := utf8.DecodeRuneInString(s[n:])
		flag := n == 0 && isRegional(first) && isRegional(r) // two letters are a flag
		joined := last == joiner && kindOf(r) == other && r != utf8.RuneError
		if !extends(r) && !joined && !flag {
			break
		}
		last, n = r, n+size
	}
	return n
}

// inside tells whether mark is within a word, as in 10:30, 2026-11-21 and don't: two edits of such
// a word must not make one that nobody wrote.
func inside(before, mark rune, rest string) bool {
	after, _ := utf8.DecodeRuneInString(rest)
	switch mark {
	case '.', ',', ':', '-', '/':
		return unicode.IsDigit(before) && unicode.IsDigit(after)
	case '\'', '’':
		return kindOf(before) == word && kindOf(after) == word
	}
	return false
}

func isRegional(r rune) bool { return 0x1f1e6 <= r && r <= 0x1f1ff }

func kindOfToken(token string) kind {
	r, _ := utf8.DecodeRuneInString(token)
	return kindOf(r)
}

func isWord(token string) bool { return kindOfToken(token) == word }

func isSpace(token string) bool { return kindOfToken(token) >= space }

// hasWord tells whether s has a letter or digit.
func hasWord(s string) bool {
	for _, r := range s {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return true
		}
	}
	return false
}
