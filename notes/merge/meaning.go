package merge

import (
	"encoding/json"
	"strconv"
	"strings"
	"unicode/utf8"
)

// unquote returns what a JSON string says. One with half a surrogate pair says nothing in UTF-8;
// it stands for itself, so that two of them stay two.
func unquote(quoted []byte) string {
	plain := string(quoted[1 : len(quoted)-1])
	if strings.IndexByte(plain, '\\') < 0 {
		return plain
	}
	var s string
	if json.Unmarshal(quoted, &s) != nil || strings.ContainsRune(s, utf8.RuneError) {
		return plain
	}
	return s
}

// number spells equal numbers alike: as an integer without zeros at its end, and an exponent.
// Anything else is returned as it is.
func number(s string) string {
	digits, negative := strings.CutPrefix(s, "-")
	if digits == "" || digits[0] < '0' || digits[0] > '9' {
		return s
	}
	digits, power, _ := strings.Cut(strings.ToLower(digits), "e")
	exponent := 0
	if power != "" {
		var err error
		if exponent, err = strconv.Atoi(power); err != nil || exponent > 1<<30 || exponent < -1<<30 {
			return s // beyond any use: as it is spelled
		}
	}
	whole, fraction, _ := strings.Cut(digits, ".")
	digits = strings.TrimLeft(whole+fraction, "0")
	short := strings.TrimRight(digits, "0")
	if short == "" {
		return "0"
	}
	exponent += len(digits) - len(short) - len(fraction)
	if negative {
		short = "-" + short
	}
	return short + "e" + strconv.Itoa(exponent)
}
