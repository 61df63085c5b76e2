package notes

import (
	"encoding/json"
	"math"
	"testing"
	"time"
)

func TestMillisReadsNumbersAndTimes(t *testing.T) {
	for spelling, want := range map[string]Millis{
		`0`: 0, `1763700000123`: 1763700000123, `-1`: -1, `9223372036854775807`: math.MaxInt64,
		`"2025-11-21T04:40:00.123Z"`: 1763700000123, `"2025-11-21T05:40:00.123456+01:00"`: 1763700000123,
		`"1970-01-01T00:00:00Z"`: 0,
	} {
		var got Millis
		if err := json.Unmarshal([]byte(spelling), &got); err != nil || got != want {
			t.Errorf("%s is read as %d, error %v, want %d", spelling, got, err, want)
		}
	}
	for _, spelling := range []string{`1.5`, `"1763700000123"`, `"yesterday"`, `""`, `true`, `{}`, `[1]`, `9223372036854775808`, `"2025-11-21"`} {
		got := Millis(7)
		if err := json.Unmarshal([]byte(spelling), &got); err == nil || got != 7 {
			t.Errorf("%s is read as %d, error %v", spelling, got, err)
		}
	}
	if got := MillisOf(time.UnixMilli(5).Add(999 * time.Microsecond)); got != 5 {
		t.Errorf("5.999 ms are %d", got)
	}
}

// By the convention of encoding/json null leaves a value that is not a pointer alone.
func TestMillisOfNull(t *testing.T) {
	got := Millis(7)
	if err := json.Unmarshal([]byte(`null`), &got); err != nil || got != 7 {
		t.Errorf("null makes 7 %d, error %v", got, err)
	}
	pointer := &got
	if err := json.Unmarshal([]byte(`null`), &pointer); err != nil || pointer != nil {
		t.Errorf("null makes a pointer %v, error %v", pointer, err)
	}
}

func TestOptTellsAbsentFromNull(t *testing.T) {
	var p BodyPatch
	if err := json.Unmarshal([]byte(`{"title":null,"blob":null,"content":""}`), &p); err != nil {
		t.Fatal(err)
	}
	if !p.Title.Set || p.Title.Value != nil || !p.Content.Set || !p.Blob.Set || p.IV.Set || p.Type.Set {
		t.Errorf("read as %+v", p)
	}
	body, changed := p.apply(Body{Title: ptr("t"), Content: "c", Blob: json.RawMessage(`1`), IV: ptr("iv"), Type: "note"})
	if body.Title != nil || body.Content != "" || body.Blob != nil || *body.IV != "iv" || body.Type != "note" || len(changed) != 3 {
		t.Errorf("applied as %+v, changed %v", body, changed)
	}
}

func TestOptRefusesNullWhereNothingCanBeNull(t *testing.T) {
	for _, member := range []string{"title", "blob", "encryptedTitle", "encryptedContent", "iv", "salt", "folderId", "hiddenAt"} {
		var c Changes
		if err := json.Unmarshal([]byte(`{"`+member+`":null}`), &c); err != nil {
			t.Errorf("%s of null: %v", member, err)
		}
	}
	for _, member := range []string{"content", "type", "tags", "starred", "archived", "hidden", "deleted"} {
		var c Changes
		if err := json.Unmarshal([]byte(`{"`+member+`":null}`), &c); err == nil {
			t.Errorf("%s of null is read", member)
		}
	}
}

func TestOptSaysWhichTypeIsWrong(t *testing.T) {
	var o Opt[string]
	err := json.Unmarshal([]byte(`5`), &o)
	if err == nil || err.Error() != "must not be a JSON number" {
		t.Errorf("error %v", err)
	}
}

func TestOptIsWrittenOnlyIfPresent(t *testing.T) {
	got, err := json.Marshal(FieldsPatch{Starred: Some(false), FolderID: Some[*string](nil), AddTags: []string{"a"}})
	if err != nil || string(got) != `{"folderId":null,"addTags":["a"],"starred":false}` {
		t.Errorf("%s, error %v", got, err)
	}
}

// What was read and written again must read alike: the hash of an operation is over what is
// written.
func FuzzChanges(f *testing.F) {
	for _, s := range []string{
		`{"title":null,"content":"x","blob":{"a":[1]},"hiddenAt":"2025-11-21T04:40:00Z","tags":["a"]}`,
		`{"blob":null,"deleted":false,"addTags":[],"removeTags":["x"],"hiddenAt":5,"hidden":true}`, `{}`, `{"blob":"<"}`,
	} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		var first, second Changes
		if json.Unmarshal(data, &first) != nil {
			return
		}
		m := Mutation{Note: "n", Op: Edit{Changes: first}}
		if m.Check(DefaultLimits()) != nil {
			return
		}
		written, err := json.Marshal(first)
		if err != nil {
			t.Fatalf("what was read cannot be written: %v", err)
		}
		if err := json.Unmarshal(written, &second); err != nil {
			t.Fatalf("%s cannot be read: %v", written, err)
		}
		again := Mutation{Note: "n", Op: Edit{Changes: second}}
		if m.Hash() != again.Hash() {
			t.Errorf("%s hashes differently than %s", data, written)
		}
	})
}

func FuzzMillis(f *testing.F) {
	for _, s := range []string{`0`, `-5`, `"2025-11-21T04:40:00.123Z"`, `"0000-01-01T00:00:00Z"`, `"9999-12-31T23:59:59+23:59"`, `1e3`, `null`} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		var first, second Millis
		if json.Unmarshal(data, &first) != nil {
			return
		}
		written, err := json.Marshal(first)
		if err != nil {
			t.Fatal(err)
		}
		if err := json.Unmarshal(written, &second); err != nil || first != second {
			t.Errorf("%s is read as %d, written as %s and read as %d, error %v", data, first, written, second, err)
		}
	})
}
