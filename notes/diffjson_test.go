package notes

import (
	"bytes"
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestChangesInABlobAreNamedByTheirPaths(t *testing.T) {
	for _, c := range []struct{ before, after, want string }{
		{`{"a":1,"b":[1,2]}`, `{"b":[1,3],"a":1}`, `/b/1: 2 -> 3`},
		{`{"a/b":{"~":1}}`, `{"a/b":{"~":"1"}}`, `/a~1b/~0: 1 -> "1"`},
		{`{"a":1}`, `{"b":1}`, `/a: 1 -> ; /b:  -> 1`},
		{`{"a":null}`, `{}`, `/a: null -> `},
		{`[1,2,3,4]`, `[1,3,4]`, `/1: 2 -> `},
		{`[1,4]`, `[1,2,3,4]`, `/1:  -> 2; /2:  -> 3`},
		{`[1,{"x":1},9,4]`, `[1,{"x":2},4]`, `/1/x: 1 -> 2; /2: 9 -> `},
		{`[]`, `{}`, `: [] -> {}`},
		{``, `0`, `: null -> 0`},
		{`1.0`, `1`, `: 1.0 -> 1`},
		{`{"a":1,"b":2}`, `{"b":2,"a":1}`, ``},
		{`{"n":123456789012345678901234567890}`, `{"n":123456789012345678901234567891}`, `/n: 123456789012345678901234567890 -> 123456789012345678901234567891`},
	} {
		var got []string
		for _, v := range diffJSON([]byte(c.before), []byte(c.after)) {
			got = append(got, fmt.Sprintf("%s: %s -> %s", v.Path, v.Before, v.After))
		}
		if joined := strings.Join(got, "; "); joined != c.want {
			t.Errorf("%s to %s: %s, want %s", c.before, c.after, joined, c.want)
		}
	}
}

func anyJSON(t *rapid.T, depth int) any {
	switch rapid.IntRange(0, 6).Draw(t, "kind") {
	case 0, 1:
		if depth == 0 {
			return nil
		}
		object := map[string]any{}
		for range rapid.IntRange(0, 3).Draw(t, "members") {
			object[rapid.SampledFrom([]string{"a", "b", "", "~", "/", "é"}).Draw(t, "name")] = anyJSON(t, depth-1)
		}
		return object
	case 2, 3:
		if depth == 0 {
			return []any{}
		}
		array := []any{}
		for range rapid.IntRange(0, 4).Draw(t, "items") {
			array = append(array, anyJSON(t, depth-1))
		}
		return array
	case 4:
		return rapid.SampledFrom([]string{"", "<", "x"}).Draw(t, "string")
	case 5:
		return json.Number(strconv.Itoa(rapid.IntRange(0, 3).Draw(t, "number")))
	}
	return rapid.SampledFrom([]any{nil, true, false}).Draw(t, "constant")
}

func encode(t *rapid.T, v any) json.RawMessage {
	data, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func decodeJSON(t *rapid.T, raw []byte) (v any) {
	d := json.NewDecoder(bytes.NewReader(raw))
	d.UseNumber()
	if err := d.Decode(&v); err != nil {
		t.Fatal(err)
	}
	return v
}

// Whoever has the first blob can make the second of the changes: replace, remove from the last
// place to the first, insert from the first to the last.
func TestChangesInABlobMakeTheOtherOne(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a, b := anyJSON(t, 3), anyJSON(t, 3)
		if array, ok := a.([]any); ok && rapid.Bool().Draw(t, "cut") { // alike
			at := rapid.IntRange(0, len(array)).Draw(t, "at")
			b = slices.Concat(array[:at], []any{b}, array[at:])
		}
		before, after := encode(t, a), encode(t, b)
		var made any = decodeJSON(t, before)
		changes := diffJSON(before, after)
		for _, c := range changes {
			if c.Before != nil && c.After != nil {
				made = at(t, made, strings.Split(c.Path, "/")[1:], func(any) any { return decodeJSON(t, c.After) })
			}
		}
		for _, c := range slices.Backward(changes) {
			if c.After == nil {
				made = place(t, made, c.Path, func(array []any, i int) []any { return slices.Delete(array, i, i+1) }, nil)
			}
		}
		for _, c := range changes {
			if c.Before == nil {
				v := decodeJSON(t, c.After)
				made = place(t, made, c.Path, func(array []any, i int) []any { return slices.Insert(array, i, v) }, []any{v})
			}
		}
		if want := decodeJSON(t, after); !reflect.DeepEqual(made, want) {
			t.Fatalf("%s and %v make %v, want %s", before, changes, made, after)
		}
	})
}

// at changes what is under a path.
func at(t *rapid.T, v any, path []string, change func(any) any) any {
	if len(path) == 0 {
		return change(v)
	}
	switch v := v.(type) {
	case map[string]any:
		name := unescape(path[0])
		v[name] = at(t, v[name], path[1:], change)
		return v
	case []any:
		i, err := strconv.Atoi(path[0])
		if err != nil || i >= len(v) {
			t.Fatalf("%q is no place in %v", path[0], v)
		}
		v[i] = at(t, v[i], path[1:], change)
		return v
	}
	t.Fatalf("%v has nothing under %q", v, path)
	return nil
}

// place changes the array that a path ends in, or the object: it sets the value, or removes it.
func place(t *rapid.T, v any, path string, change func([]any, int) []any, value []any) any {
	names := strings.Split(path, "/")[1:]
	last := names[len(names)-1]
	return at(t, v, names[:len(names)-1], func(in any) any {
		switch in := in.(type) {
		case []any:
			i, err := strconv.Atoi(last)
			if err != nil {
				t.Fatal(err)
			}
			return change(slices.Clone(in), i)
		case map[string]any:
			if value == nil {
				delete(in, unescape(last))
			} else {
				in[unescape(last)] = value[0]
			}
		}
		return in
	})
}

func unescape(name string) string { return strings.NewReplacer("~1", "/", "~0", "~").Replace(name) }
