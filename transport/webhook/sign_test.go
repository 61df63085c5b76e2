package webhook

import (
	"errors"
	"strings"
	"testing"
	"time"
)

// What is signed, and how, is a promise to receivers in any language.
func TestASignatureIsThis(t *testing.T) {
	got := Sign("nwhs_secret", time.Unix(1763700000, 0), []byte(`{"type":"note_sync"}`))
	const want = "t=1763700000,v1=9ec1a0180425daf1e754675e2e4fccaf776ecf4d16909041559a365284a33332"
	if got != want {
		t.Errorf("%s", got)
	}
}

func TestVerifyTakesWhatWasSignedAndNothingElse(t *testing.T) {
	now, body := time.Unix(1763700000, 0), []byte("body")
	good := Sign("secret", now, body)
	for name, c := range map[string]struct {
		secret, header, body string
		after                time.Duration
		want                 error
	}{
		"good":                      {"secret", good, "body", 0, nil},
		"late":                      {"secret", good, "body", DefaultTolerance, nil},
		"too late":                  {"secret", good, "body", DefaultTolerance + time.Second, ErrTime},
		"too early":                 {"secret", good, "body", -DefaultTolerance - time.Second, ErrTime},
		"another secret":            {"Secret", good, "body", 0, ErrSignature},
		"no secret":                 {"", Sign("", now, body), "body", 0, ErrSignature},
		"another body":              {"secret", good, "body ", 0, ErrSignature},
		"another time":              {"secret", strings.Replace(good, "t=1763700000", "t=1763700001", 1), "body", 0, ErrSignature},
		"no time":                   {"secret", good[strings.Index(good, "v1"):], "body", 0, ErrSignature},
		"no signature":              {"secret", "t=1763700000", "body", 0, ErrSignature},
		"nothing":                   {"secret", "", "body", 0, ErrSignature},
		"half":                      {"secret", good[:len(good)-2], "body", 0, ErrSignature},
		"a second one is good":      {"secret", strings.Replace(good, ",", ",v1=00, ", 1), "body", 0, nil},
		"a later version beside it": {"secret", good + ",v2=xyz", "body", 0, nil},
		"a later version alone":     {"secret", strings.Replace(good, "v1", "v2", 1), "body", 0, ErrSignature},
	} {
		if err := verify(c.secret, c.header, []byte(c.body), 0, now.Add(c.after)); !errors.Is(err, c.want) || (err == nil) != (c.want == nil) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func FuzzVerify(f *testing.F) {
	now := time.Unix(1763700000, 0)
	f.Add(Sign("secret", now, []byte("body")))
	f.Add("t=,v1=,v1")
	f.Fuzz(func(t *testing.T, header string) {
		if verify("secret", header, []byte("another body"), 0, now) == nil {
			t.Errorf("%q is taken for a signature", header)
		}
	})
}
