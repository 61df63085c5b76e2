package claims_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"go/parser"
	"go/token"
	"path/filepath"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"notewire/auth/claims"
)

func TestParseReadsWhatClerkWrites(t *testing.T) {
	got, err := claims.Parse([]byte(`{"azp":"https://app.example.com","exp":1800000060,"fva":[0,-1],"iat":1800000000,
		"iss":"https://clerk.example.com","nbf":1799999990.9,"sid":"sess_1","sts":"active","sub":"user_2abcDEF","v":2,"aud":null}`))
	if err != nil {
		t.Fatal(err)
	}
	if want := valid(); !reflect.DeepEqual(got, want) {
		t.Fatalf("got  %+v\nwant %+v", got, want)
	}
}

func TestParseTakesNoOtherSpellingOfANameForOurs(t *testing.T) {
	got, err := claims.Parse([]byte(`{"sub":"user_1","Sub":"user_2","STS":"active","Exp":1}`))
	if err != nil {
		t.Fatal(err)
	}
	if want := (claims.Claims{Subject: "user_1"}); !reflect.DeepEqual(got, want) {
		t.Fatalf("got %+v", got)
	}
}

func TestParseReadsBothFormsOfAud(t *testing.T) {
	for payload, want := range map[string]claims.Audience{
		`{"aud":"a"}`:       {"a"},
		`{"aud":["a","b"]}`: {"a", "b"},
		`{"aud":[]}`:        {},
		`{}`:                nil,
	} {
		got, err := claims.Parse([]byte(payload))
		if err != nil || !slices.Equal(got.Audience, want) {
			t.Errorf("%s: got %v, %v", payload, got.Audience, err)
		}
	}
}

func TestParseRefuses(t *testing.T) {
	for _, payload := range []string{
		``, `null`, `[]`, `"x"`, `1`, `{`, `{} {}`, `{"sub":1}`, `{"sid":true}`, `{"sts":1}`, `{"azp":[]}`, `{"iss":{}}`,
		`{"exp":"1800000060"}`, `{"exp":1e300}`, `{"exp":-1e12}`, `{"iat":[1]}`, `{"nbf":true}`, `{"aud":1}`, `{"aud":[1]}`,
	} {
		got, err := claims.Parse([]byte(payload))
		if claims.ReasonOf(err) != claims.ReasonMalformed || !reflect.DeepEqual(got, claims.Claims{}) {
			t.Errorf("%s: got %+v, %v", payload, got, err)
		}
	}
}

func TestClaimsSurviveARoundTrip(t *testing.T) {
	want := valid()
	want.Audience = claims.Audience{"a", "b"}
	data, err := json.Marshal(want)
	if err != nil {
		t.Fatal(err)
	}
	got, err := claims.Parse(data)
	if err != nil || !reflect.DeepEqual(got, want) {
		t.Fatalf("got %+v, %v", got, err)
	}
}

func TestReasonOfLooksThroughWrapping(t *testing.T) {
	for _, reason := range claims.Reasons() {
		err := fmt.Errorf("wrapped: %w", &claims.Error{Reason: reason, Detail: "d"})
		if got := claims.ReasonOf(err); got != reason {
			t.Errorf("got %q, want %q", got, reason)
		}
	}
	if got := claims.ReasonOf(errors.New("disk full")); got != "" {
		t.Errorf("got %q for an error that refuses no token", got)
	}
	if got := claims.ReasonOf(nil); got != "" {
		t.Errorf("got %q for nil", got)
	}
}

func TestAbsentTimeIsTheZeroTime(t *testing.T) {
	if !claims.Seconds(0).Time().IsZero() || !claims.Seconds(60).Time().Equal(time.Unix(60, 0)) {
		t.Fatal("Seconds.Time is wrong")
	}
}

// The edge compiles this package to WASM: every import costs bytes there, and
// net, os, sync or anything vendored would not belong.
func TestImportsStayPure(t *testing.T) {
	allowed := []string{"bytes", "encoding/base64", "encoding/json", "errors", "math", "slices", "strconv", "strings", "time"}
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range files {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		file, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.ImportsOnly)
		if err != nil {
			t.Fatal(err)
		}
		for _, spec := range file.Imports {
			if path, _ := strconv.Unquote(spec.Path.Value); !slices.Contains(allowed, path) {
				t.Errorf("%s imports %s", name, path)
			}
		}
	}
}

func FuzzParse(f *testing.F) {
	f.Add([]byte(`{"azp":"a","exp":1800000060,"iat":1.5,"iss":"i","nbf":0,"sid":"s","sts":"active","sub":"u","aud":["x"]}`))
	f.Add([]byte(`{"aud":"x","exp":1e11}`))
	f.Add([]byte(`null`))
	f.Fuzz(func(t *testing.T, payload []byte) {
		c, err := claims.Parse(payload)
		if err != nil {
			if claims.ReasonOf(err) != claims.ReasonMalformed {
				t.Fatalf("untyped error %v", err)
			}
			return
		}
		if claims.Check(c, policy(), now) == nil && c.Issuer != issuer {
			t.Fatalf("accepted %+v", c)
		}
	})
}
