package notestest

import (
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"reflect"
	"strings"

	"notewire/notes"
)

func ptr[T any](v T) *T { return &v }

// text is a body with that content.
func text(content string) notes.BodyPatch { return notes.BodyPatch{Content: notes.Some(content)} }

// edit sets the content.
func edit(content string) notes.Edit {
	return notes.Edit{Changes: notes.Changes{BodyPatch: text(content)}}
}

// editOf sets the author's own fields by an edit.
func editOf(fields notes.FieldsPatch) notes.Edit {
	return notes.Edit{Changes: notes.Changes{FieldsPatch: fields}}
}

func organise(fields notes.FieldsPatch) notes.Organise { return notes.Organise{Fields: fields} }

var star = notes.FieldsPatch{Starred: notes.Some(true)}

func reader(user notes.UserID) notes.Member { return notes.Member{User: user, Role: notes.Reader} }
func writer(user notes.UserID) notes.Member { return notes.Member{User: user, Role: notes.Writer} }

func publish() notes.Share                       { return notes.Share{Access: notes.Some(notes.Public)} }
func add(members ...notes.Member) notes.Share    { return notes.Share{Members: members} }
func removing(users ...notes.UserID) notes.Share { return notes.Share{Remove: users} }

// equal checks that got is want. A slice without elements equals a nil one: a store may
// return either. A bare nil is the empty slice.
func equal(t interface {
	Helper()
	Errorf(string, ...any)
}, what string, got, want any) {
	t.Helper()
	g, w := show(reflect.ValueOf(got)), show(reflect.ValueOf(want))
	if want == nil {
		w = "[]"
	}
	if g != w {
		t.Errorf("%s is\n  %s\nwant\n  %s\n%s", what, short(g), short(w), differs(g, w))
	}
}

// show writes a value out in full, through pointers.
func show(v reflect.Value) string {
	switch v.Kind() {
	case reflect.Invalid:
		return "nil"
	case reflect.Pointer, reflect.Interface:
		if v.IsNil() {
			return "nil"
		}
		return "&" + show(v.Elem())
	case reflect.Struct:
		parts := make([]string, v.NumField())
		for i := range parts {
			parts[i] = v.Type().Field(i).Name + ":" + show(v.Field(i))
		}
		return "{" + strings.Join(parts, " ") + "}"
	case reflect.Slice:
		if v.Type() == reflect.TypeFor[json.RawMessage]() {
			return quote(string(v.Bytes()))
		}
		parts := make([]string, v.Len())
		for i := range parts {
			parts[i] = show(v.Index(i))
		}
		return "[" + strings.Join(parts, " ") + "]"
	case reflect.String:
		return quote(v.String())
	}
	return fmt.Sprint(v)
}

func quote(s string) string {
	const most = 1000
	if len(s) <= most {
		return fmt.Sprintf("%q", s)
	}
	return fmt.Sprintf("%q... (%d bytes, %x)", s[:most], len(s), sha256.Sum256([]byte(s)))
}

func short(s string) string {
	const most = 2000
	if len(s) > most {
		return fmt.Sprintf("%s... (%d bytes)", s[:most], len(s))
	}
	return s
}

// differs shows where two texts part.
func differs(got, want string) string {
	n := 0
	for n < min(len(got), len(want)) && got[n] == want[n] {
		n++
	}
	from := max(0, n-40)
	return fmt.Sprintf("from byte %d: %s\n        want: %s", n, short(got[from:min(len(got), n+40)]), short(want[from:min(len(want), n+40)]))
}
