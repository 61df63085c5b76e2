package notes

import (
	"encoding/json"
	"fmt"
	"math"
	"strings"
	"testing"
)

// checked returns the code that a mutation is refused with whatever the store holds.
func checked(op Op) Code {
	m := Mutation{ID: "m", Note: "n", Op: op}
	if err := m.Check(DefaultLimits()); err != nil {
		return CodeOf(err)
	}
	return ""
}

func TestLimitsAtTheBoundary(t *testing.T) {
	const mebibyte = 1 << 20
	long := func(n int) string { return strings.Repeat("a", n) }
	wide := func(n int) string { return strings.Repeat("🧑", n) } // 4 bytes, 1 character
	blob := func(n int) json.RawMessage { return json.RawMessage(`"` + long(n-2) + `"`) }
	tags := func(n int) (list []string) {
		for i := range n {
			list = append(list, fmt.Sprint(i))
		}
		return list
	}
	users := func(n int) (list []Member) {
		for i := range n {
			list = append(list, Member{UserID(fmt.Sprint(i)), Reader})
		}
		return list
	}
	body := func(p BodyPatch) Op { return Edit{Changes: Changes{BodyPatch: p}} }
	fields := func(p FieldsPatch) Op { return Organise{Fields: p} }
	broken := "a\xff"
	for _, c := range []struct {
		name string
		op   Op
		code Code
	}{
		{"title of 500 wide characters", body(BodyPatch{Title: Some(ptr(wide(500)))}), ""},
		{"title of 501 characters", body(BodyPatch{Title: Some(ptr(long(501)))}), TooLarge},
		{"title of 501 wide characters", body(BodyPatch{Title: Some(ptr(wide(501)))}), TooLarge},
		{"title of null", body(BodyPatch{Title: Some[*string](nil)}), ""},
		{"title of bad UTF-8", body(BodyPatch{Title: Some(&broken)}), Invalid},
		{"content of 1 MiB", body(text(long(mebibyte))), ""},
		{"content of 1 MiB and a byte", body(text(long(mebibyte + 1))), TooLarge},
		{"content of bad UTF-8", body(text(broken)), Invalid},
		{"blob of 1 MiB", body(BodyPatch{Blob: Some(blob(mebibyte))}), ""},
		{"blob of 1 MiB and a byte", body(BodyPatch{Blob: Some(blob(mebibyte + 1))}), TooLarge},
		{"blob of bad UTF-8", body(BodyPatch{Blob: Some(json.RawMessage("\"\xff\""))}), Invalid},
		{"blob that is not JSON", body(BodyPatch{Blob: Some(json.RawMessage(`{"a":}`))}), Invalid},
		{"blob of nothing", body(BodyPatch{Blob: Some(json.RawMessage{})}), Invalid},
		{"blob with something behind it", body(BodyPatch{Blob: Some(json.RawMessage(`1 2`))}), Invalid},
		{"blob of null", body(BodyPatch{Blob: Some(json.RawMessage(`null`))}), ""},
		{"encryptedTitle of 1 MiB and a byte", body(BodyPatch{EncryptedTitle: Some(ptr(long(mebibyte + 1)))}), TooLarge},
		{"encryptedContent of 1 MiB", body(BodyPatch{EncryptedContent: Some(ptr(long(mebibyte)))}), ""},
		{"encryptedContent of 1 MiB and a byte", body(BodyPatch{EncryptedContent: Some(ptr(long(mebibyte + 1)))}), TooLarge},
		{"iv of 256 characters", body(BodyPatch{IV: Some(ptr(long(256)))}), ""},
		{"iv of 257 characters", body(BodyPatch{IV: Some(ptr(long(257)))}), TooLarge},
		{"salt of 257 characters", body(BodyPatch{Salt: Some(ptr(long(257)))}), TooLarge},
		{"salt of bad UTF-8", body(BodyPatch{Salt: Some(&broken)}), Invalid},
		{"type of 64 characters", body(BodyPatch{Type: Some(long(64))}), ""},
		{"type of 65 characters", body(BodyPatch{Type: Some(long(65))}), Invalid},
		{"empty type", body(BodyPatch{Type: Some("")}), Invalid},
		{"20 tags", fields(FieldsPatch{Tags: Some(tags(20))}), ""},
		{"21 tags", fields(FieldsPatch{Tags: Some(tags(21))}), LimitExceeded},
		{"21 tags added", fields(FieldsPatch{AddTags: tags(21)}), LimitExceeded},
		{"21 tags removed", fields(FieldsPatch{RemoveTags: tags(21)}), LimitExceeded},
		{"tag of 50 wide characters", fields(FieldsPatch{AddTags: []string{wide(50)}}), ""},
		{"tag of 51 characters", fields(FieldsPatch{AddTags: []string{long(51)}}), TooLarge},
		{"empty tag", fields(FieldsPatch{Tags: Some([]string{""})}), Invalid},
		{"tag of bad UTF-8", fields(FieldsPatch{RemoveTags: []string{broken}}), Invalid},
		{"folder of 64 characters", fields(FieldsPatch{FolderID: Some(ptr(long(64)))}), ""},
		{"folder of 65 characters", fields(FieldsPatch{FolderID: Some(ptr(long(65)))}), Invalid},
		{"no folder", fields(FieldsPatch{FolderID: Some(ptr(""))}), ""},
		{"no fields", fields(FieldsPatch{}), Invalid},
		{"too much in a create", Create{BodyPatch: text(long(mebibyte + 1))}, TooLarge},
		{"too many tags in a create", Create{FieldsPatch: FieldsPatch{Tags: Some(tags(21))}}, LimitExceeded},
		{"too many tags in an edit", Edit{Changes: Changes{FieldsPatch: FieldsPatch{Tags: Some(tags(21))}}}, LimitExceeded},
		{"template of 65 characters", Create{TemplateID: long(65)}, Invalid},
		{"never expires", Create{ExpiresInHours: 0}, ""},
		{"expires in ten years", Create{ExpiresInHours: 87_600}, ""},
		{"expires in more than ten years", Create{ExpiresInHours: 87_600.5}, Invalid},
		{"expired before", Create{ExpiresInHours: -0.1}, Invalid},
		{"expires at no time", Create{ExpiresInHours: math.NaN()}, Invalid},
		{"a transfer", Share{Owner: "a"}, ""},
		{"a transfer to no id", Share{Owner: "a b"}, Invalid},
		{"a transfer with 20 members", Share{Owner: "a", Members: users(20)}, ""},
		{"20 members", Share{Members: users(20)}, ""},
		{"21 members", Share{Members: users(21)}, LimitExceeded},
		{"a member twice", Share{Members: append(users(1), users(1)...)}, Invalid},
		{"a member added and removed", Share{Members: users(1), Remove: []UserID{"0"}}, Invalid},
		{"a member removed twice", Share{Remove: []UserID{"a", "a"}}, Invalid},
		{"a member of no role", Share{Members: []Member{{"a", Stranger}}}, Invalid},
		{"a member as owner", Share{Members: []Member{{"a", Owner}}}, Invalid},
		{"a member without a name", Share{Members: []Member{{"", Reader}}}, Invalid},
		{"an unknown access", Share{Access: Some(Access("secret"))}, Invalid},
		{"a share of nothing", Share{}, Invalid},
		{"a revert to version 0", Revert{Version: 0}, Invalid},
		{"a revert to version 1", Revert{Version: 1}, ""},
		{"a negative base", Edit{BaseVersion: -1}, Invalid},
		{"a negative expected version", Edit{ExpectedVersion: -1}, Invalid},
		{"two bases", Edit{ExpectedVersion: 1, BaseVersion: 1}, Invalid},
		{"another two bases", Edit{BaseVersion: 1, BaseMutation: "m"}, Invalid},
		{"a base that is no id", Edit{BaseMutation: "m/"}, Invalid},
	} {
		if got := checked(c.op); got != c.code {
			t.Errorf("%s: %q, want %q", c.name, got, c.code)
		}
	}
}

func TestIDs(t *testing.T) {
	for id, valid := range map[string]bool{
		"a": true, "Z": true, "0": true, "_": true, "-": true, strings.Repeat("x", 64): true,
		"": false, strings.Repeat("x", 65): false, "a b": false, "a/b": false, "a#b": false, "a:b": false, "a.b": false,
		"~": false, "ä": false, "a\n": false, "a\x00": false, "@": false, "[": false, "`": false, "{": false,
	} {
		if ValidID(id) != valid {
			t.Errorf("ValidID(%q) is %v", id, !valid)
		}
	}
	for what, c := range map[string]struct {
		m    Mutation
		code Code
	}{
		"a create without ids":    {Mutation{Op: Create{}}, ""},
		"a create with a bad id":  {Mutation{Note: "/", Op: Create{}}, Invalid},
		"an edit without a note":  {Mutation{Op: edit("x")}, Invalid},
		"an edit of a bad id":     {Mutation{Note: "n#", Op: edit("x")}, Invalid},
		"a bad mutation id":       {Mutation{ID: "m m", Note: "n", Op: edit("x")}, Invalid},
		"an edit without its own": {Mutation{Note: "n", Op: edit("x")}, ""},
	} {
		err := c.m.Check(DefaultLimits())
		if got := CodeOf(err); err != nil && got != c.code || err == nil && c.code != "" {
			t.Errorf("%s: %v, want %q", what, err, c.code)
		}
	}
}
