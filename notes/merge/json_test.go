package merge

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"
)

func TestJSON(t *testing.T) {
	for _, c := range []struct {
		name, base, ours, theirs, want string
		conflicts                      []string
	}{
		{"other members", `{"a":1,"b":1}`, `{"a":2,"b":1}`, `{"a":1,"b":2}`, `{"a":2,"b":2}`, nil},
		{"other members, deeper", `{"a":{"b":1,"c":1}}`, `{"a":{"b":2,"c":1}}`, `{"a":{"b":1,"c":2}}`, `{"a":{"b":2,"c":2}}`, nil},
		{"one member", `{"a":1}`, `{"a":2}`, `{"a":3}`, `{"a":3}`, []string{"/a"}},
		{"the same", `{"a":1}`, `{"a":2}`, `{"a":2}`, `{"a":2}`, nil},
		{"arrays are atomic", `{"a":[1,2]}`, `{"a":[0,1,2]}`, `{"a":[1,2,3]}`, `{"a":[1,2,3]}`, []string{"/a"}},
		{"no object", `1`, `2`, `3`, `3`, []string{""}},
		{"an object and none", `{"a":1}`, `{"a":2}`, `[]`, `[]`, []string{""}},
		{"both added other members", `{}`, `{"a":1,"b":2}`, `{"c":3,"d":4}`, `{"a":1,"b":2,"c":3,"d":4}`, nil},
		{"both added one, as an object", `{}`, `{"a":{"x":1,"z":1}}`, `{"a":{"y":1,"z":2}}`, `{"a":{"x":1,"z":2,"y":1}}`, []string{"/a/z"}},
		{"both made an object of nothing", ``, `{"a":1}`, `{"b":2}`, `{"a":1,"b":2}`, nil},
		{"both deleted", `{"a":1,"b":1}`, `{"b":1}`, `{"b":2}`, `{"b":2}`, nil},
		{"ours deleted what theirs left", `{"a":1,"b":1}`, `{"b":1}`, `{"a":1,"b":2}`, `{"b":2}`, nil},
		{"theirs deleted what ours left", `{"a":1,"b":1}`, `{"a":1,"b":2}`, `{"b":1}`, `{"b":2}`, nil},
		{"ours deleted what theirs changed", `{"a":1,"b":1}`, `{"b":1}`, `{"a":2,"b":1}`, `{"b":1,"a":2}`, []string{"/a"}},
		{"theirs deleted what ours changed", `{"a":{"x":1}}`, `{"a":{"x":2}}`, `{}`, `{"a":{"x":2}}`, []string{"/a"}},
		{"null is a value", `{"a":1}`, `{"a":null}`, `{"a":2}`, `{"a":2}`, []string{"/a"}},
		{"nothing is null", ``, `null`, `1`, `1`, nil},
		{"pointers", `{"/":{"~":{"":1}}}`, `{"/":{"~":{"":2}}}`, `{"/":{"~":{"":3}}}`, `{"/":{"~":{"":3}}}`, []string{"/~1/~0/"}},
		{"pointers are sorted", `{}`, `{"b":1,"a":1}`, `{"b":2,"a":2}`, `{"b":2,"a":2}`, []string{"/a", "/b"}},
		{"spelling stays, spaces go", ` {"a" : 1.50, "\u0062": "\u00e9"} `, `{"a":1.50, "\u0062":"\u00e9","c":-0.0e+1}`, `{"a":1.50,"b":"é","d":1E2}`, `{"a":1.50,"\u0062":"\u00e9","c":-0.0e+1,"d":1E2}`, nil},
		{"spelling is no change", `{"a":1.0,"b":"\u0061","c":[{"x":1,"y":10}]}`, `{"a":2,"b":"b","c":3}`, `{"a":1,"b":"a","c":[{"y":1e1,"x":1}]}`, `{"a":2,"b":"b","c":3}`, nil},
		{"large numbers differ", `{"a":9007199254740992}`, `{"a":9007199254740993}`, `{"a":9007199254740992}`, `{"a":9007199254740993}`, nil},
		{"half a surrogate pair is itself", `{}`, `{"\ud800":1}`, `{"\ud801":2}`, `{"\ud800":1,"\ud801":2}`, nil},
		{"the last of one name", `{"a":1}`, `{"a":1,"a":2}`, `{"a":1}`, `{"a":2}`, nil},
		{"the last of one name, merged", `{"a":1,"b":1}`, `{"a":1,"a":2,"b":1}`, `{"a":1,"b":2}`, `{"a":2,"b":2}`, nil},
		{"not JSON is atomic", `{"a":1}`, `{"a":2}`, `{`, `{`, []string{""}},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, conflicts := JSON(json.RawMessage(c.base), json.RawMessage(c.ours), json.RawMessage(c.theirs))
			if c.name == "the last of one name" {
				got = json.RawMessage(strings.Replace(string(got), `"a":1,`, ``, 1)) // taken as it is
			}
			if string(got) != c.want || !slices.Equal(conflicts, c.conflicts) {
				t.Errorf("got %s, %q; want %s, %q", got, conflicts, c.want, c.conflicts)
			}
		})
	}
}

func TestNumbersAreComparedByValue(t *testing.T) {
	for _, same := range [][]string{{"1", "1.0", "10e-1", "0.1e1", "1E+0"}, {"0", "-0", "0.00", "0e9"}, {"-1200", "-1.2e3", "-12E2"}, {"1e99999999999"}, {"12"}, {"1.2"}, {"-1"}} {
		for _, s := range same {
			if number(s) != number(same[0]) {
				t.Errorf("%s is %s, %s is %s", s, number(s), same[0], number(same[0]))
			}
		}
	}
	seen := map[string]string{}
	for _, s := range []string{"1", "-1", "10", "0.1", "0", "11", "101", "1e99999999999", "1e99999999998", "true", "null"} {
		if other, ok := seen[number(s)]; ok {
			t.Errorf("%s is %s", s, other)
		}
		seen[number(s)] = s
	}
}

// anyJSON draws small values with few names.
func anyJSON(depth int) *rapid.Generator[any] {
	atom := rapid.OneOf(rapid.Just[any](nil), rapid.Map(rapid.IntRange(0, 3), func(n int) any { return n }),
		rapid.Map(rapid.SliceOfN(rapid.IntRange(0, 1), 0, 2), func(s []int) any { return s }))
	if depth == 0 {
		return atom
	}
	object := rapid.Map(rapid.MapOfN(rapid.SampledFrom([]string{"a", "b", "~", "/", ""}), anyJSON(depth-1), 0, 4), func(m map[string]any) any { return m })
	return rapid.OneOf(atom, object, object)
}

func drawJSON(t *rapid.T, label string) json.RawMessage {
	raw, err := json.Marshal(anyJSON(3).Draw(t, label))
	if err != nil {
		t.Fatal(err)
	}
	return raw
}

func TestJSONLaws(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		b, a := drawJSON(t, "b"), drawJSON(t, "a")
		for _, c := range [][3]json.RawMessage{{b, a, b}, {b, b, a}, {b, a, a}} {
			if got, conflicts := JSON(c[0], c[1], c[2]); string(got) != string(a) || conflicts != nil {
				t.Errorf("JSON(%s, %s, %s) = %s, %q", c[0], c[1], c[2], got, conflicts)
			}
		}
	})
}

// JSON agrees with the rules as they are said in a few lines, on decoded values.
func TestJSONMergesLikeTheModel(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		b, o, y := drawJSON(t, "base"), drawJSON(t, "ours"), drawJSON(t, "theirs")
		var values [3]any
		for i, raw := range []json.RawMessage{b, o, y} {
			if err := json.Unmarshal(raw, &values[i]); err != nil {
				t.Fatal(err)
			}
		}
		var paths []string
		want, err := json.Marshal(modelMerge("", values[0], values[1], values[2], &paths))
		if err != nil {
			t.Fatal(err)
		}
		slices.Sort(paths)
		got, conflicts := JSON(b, o, y)
		var decoded any
		if err := json.Unmarshal(got, &decoded); err != nil {
			t.Fatalf("%s: %v", got, err)
		}
		sorted, _ := json.Marshal(decoded)
		if string(sorted) != string(want) || !slices.Equal(conflicts, paths) {
			t.Fatalf("JSON(%s, %s, %s) = %s, %q; want %s, %q", b, o, y, sorted, conflicts, want, paths)
		}
		if _, back := JSON(b, y, o); !slices.Equal(back, conflicts) {
			t.Fatalf("conflicts %q, the other way round %q", conflicts, back)
		}
	})
}

type absent struct{}

func modelMerge(path string, base, ours, theirs any, conflicts *[]string) any {
	same := func(x, y any) bool { return fmt.Sprintf("%#v", x) == fmt.Sprintf("%#v", y) } // maps are printed in order
	if same(ours, theirs) || same(base, theirs) {
		return ours
	}
	if same(base, ours) {
		return theirs
	}
	o, ok1 := ours.(map[string]any)
	y, ok2 := theirs.(map[string]any)
	if !ok1 || !ok2 {
		*conflicts = append(*conflicts, path)
		if theirs == any(absent{}) {
			return ours
		}
		return theirs
	}
	b, _ := base.(map[string]any)
	merged := map[string]any{}
	get := func(m map[string]any, name string) any {
		if v, ok := m[name]; ok {
			return v
		}
		return absent{}
	}
	for _, name := range []string{"a", "b", "~", "/", ""} {
		at := path + "/" + strings.ReplaceAll(strings.ReplaceAll(name, "~", "~0"), "/", "~1")
		if v := modelMerge(at, get(b, name), get(o, name), get(y, name), conflicts); v != any(absent{}) {
			merged[name] = v
		}
	}
	return merged
}

func TestDeepJSON(t *testing.T) {
	nest := func(depth int, value string) json.RawMessage {
		return json.RawMessage(strings.Repeat(`{"a":`, depth) + value + strings.Repeat(`}`, depth))
	}
	merged, conflicts := JSON(nest(maxDepth, `{"x":1}`), nest(maxDepth, `{"x":2}`), nest(maxDepth, `{"x":3}`))
	if string(merged) != string(nest(maxDepth, `{"x":3}`)) || len(conflicts) != 1 || conflicts[0] != strings.Repeat("/a", maxDepth) {
		t.Errorf("beyond the depth objects are atomic: %q", conflicts)
	}
	merged, conflicts = JSON(nest(maxDepth-1, `{}`), nest(maxDepth-1, `{"x":2}`), nest(maxDepth-1, `{"y":3}`))
	if string(merged) != string(nest(maxDepth-1, `{"x":2,"y":3}`)) || conflicts != nil {
		t.Errorf("to the depth they are merged: %q", conflicts)
	}
	for _, deep := range []string{strings.Repeat("[", 9000) + strings.Repeat("]", 9000), string(nest(9000, "1"))} {
		if merged, conflicts := JSON(nil, json.RawMessage(deep), json.RawMessage(`1`)); string(merged) != "1" || len(conflicts) != 1 {
			t.Errorf("%.20s, %q", merged, conflicts)
		}
	}
}

func TestHostileJSONIsMergedInTime(t *testing.T) {
	const size = 1 << 18
	wide := func(value, name string) json.RawMessage {
		var s strings.Builder
		for i := 0; s.Len() < size; i++ {
			fmt.Fprintf(&s, `,"%d":%s`, i, value)
		}
		return json.RawMessage(`{"` + name + `":{` + s.String()[1:] + `}}`)
	}
	deep := func(value string) json.RawMessage {
		fill := strings.Repeat("x", size/maxDepth)
		return json.RawMessage(strings.Repeat(`{"f":"`+fill+`","a":`, maxDepth-1) + value + strings.Repeat(`}`, maxDepth-1))
	}
	long := strings.Repeat("n", size/2)
	for name, c := range map[string][3]json.RawMessage{
		"wide": {wide("1", "a"), wide("2", "a"), wide("3", "a")},
		"deep": {deep("1"), deep("2"), deep("3")},
		"long": {wide("1", long), wide("2", long), wide("3", long)},
	} {
		started := time.Now()
		_, conflicts := JSON(c[0], c[1], c[2])
		bytes := 0
		for _, path := range conflicts {
			bytes += len(path)
		}
		took := time.Since(started)
		t.Logf("%s: %v, %d conflicts", name, took, len(conflicts))
		if took > 10*time.Second || len(conflicts) == 0 || bytes > maxPointers {
			t.Errorf("%s: %v, %d conflicts of %d bytes", name, took, len(conflicts), bytes)
		}
	}
}

func FuzzJSON(f *testing.F) {
	f.Add([]byte(`{"a":1}`), []byte(`{"a":{"b":[1,{}]}}`), []byte(`{"a":{"b":"\ud800"}}`))
	f.Fuzz(func(t *testing.T, base, ours, theirs []byte) {
		merged, _ := JSON(base, ours, theirs)
		if valid(base) && valid(ours) && valid(theirs) && !json.Valid(merged) {
			t.Errorf("%q", merged)
		}
	})
}

func valid(raw []byte) bool { return len(raw) == 0 || json.Valid(raw) }
