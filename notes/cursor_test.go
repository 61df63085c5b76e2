package notes

import (
	"encoding/hex"
	"math"
	"testing"
)

func hexOf(hash [32]byte) string { return hex.EncodeToString(hash[:]) }

func TestCursorIsReadAsItWasWritten(t *testing.T) {
	for _, epoch := range []string{"E", "a-b", "-", "0", "x-0"} {
		for _, seq := range []int64{0, 1, 42, math.MaxInt64} {
			want := Cursor{epoch, seq}
			if got, ok := ParseCursor(want.String(), "another"); !ok || got != want {
				t.Errorf("%q is read as %+v, %v", want, got, ok)
			}
		}
	}
}

func TestCursorZeroIsTheStartOfTheLog(t *testing.T) {
	if got, ok := ParseCursor("0", "E"); !ok || got != (Cursor{"E", 0}) {
		t.Errorf("%+v, %v", got, ok)
	}
}

func TestCursorRefusesAnythingElse(t *testing.T) {
	for _, s := range []string{
		"", "-", "1", "00", "E", "E-", "-1", "E-+1", "E-01", "E-00", "E-1 ", " E-1 ", "E-1.0", "E-1e3", "E-0x1", "E-١",
		"E-9223372036854775808", "E-99999999999999999999", "E_1", "E-1\n",
	} {
		if got, ok := ParseCursor(s, "E"); ok {
			t.Errorf("%q is read as %+v", s, got)
		}
	}
}

func FuzzCursor(f *testing.F) {
	for _, s := range []string{"0", "E-0", "E-42", "a-b-7", "-1", "E-01", "E-9223372036854775807"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		c, ok := ParseCursor(s, "E")
		switch {
		case !ok && c != (Cursor{}):
			t.Errorf("%q is refused, and read as %+v", s, c)
		case ok && s == "0" && c != (Cursor{"E", 0}):
			t.Errorf("0 is read as %+v", c)
		case ok && s != "0" && (c.String() != s || c.Seq < 0 || c.Epoch == ""):
			t.Errorf("%q is read as %+v", s, c)
		}
	})
}
