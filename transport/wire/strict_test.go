package wire_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"notewire/notes"
	"notewire/transport/wire"
)

func TestAGoodMessageIsAcceptedWithWhiteSpaceAround(t *testing.T) {
	forEachDecoder(t, func(t *testing.T, d decoder) {
		d.accepts(t, d.good)
		d.accepts(t, " \t\r\n"+strings.ReplaceAll(d.good, ":", " : ")+"\n ")
	})
}

func TestAMessageCutShortIsInvalidJSON(t *testing.T) {
	forEachDecoder(t, func(t *testing.T, d decoder) {
		for n := 1; n < len(d.good); n++ {
			d.wants(t, wire.InvalidJSON, d.good[:n])
		}
	})
}

func TestNoMessageAtAllIsInvalidJSONExceptAsTheBodyOfAMutation(t *testing.T) {
	forEachDecoder(t, func(t *testing.T, d decoder) {
		d.wants(t, wire.InvalidJSON, " ")
		if strings.HasPrefix(d.name, "DecodeMutation") {
			d.accepts(t, "")
		} else {
			d.wants(t, wire.InvalidJSON, "")
		}
	})
}

func TestWhatOnlyLooksLikeJSONIsInvalid(t *testing.T) {
	forEachDecoder(t, func(t *testing.T, d decoder) {
		for _, data := range []string{
			`{` + d.good, d.good[:len(d.good)-1] + `,}`, `/**/` + d.good, "\ufeff" + d.good, `{'type':'ping'}`, `{type:"ping"}`,
			`{"type":NaN}`, `{"type":01}`, `{"type":+1}`, `{"type":1.}`, `{"type":.5}`, `{"type":tru}`, `{"type":"a` + "\n" + `b"}`,
			`{"type":"\x41"}`, `{"type" "ping"}`, `{"type"}`, `{5:5}`, `{"type":"ping"`, `nul`, "\x00", `{"type":"\u00g0"}`,
		} {
			d.wants(t, wire.InvalidJSON, data)
		}
	})
}

func TestWhatFollowsTheMessageIsTrailingData(t *testing.T) {
	forEachDecoder(t, func(t *testing.T, d decoder) {
		for _, tail := range []string{"x", " x", "{}", d.good, "]", "}", ",", "null", "\x00"} {
			d.wants(t, wire.TrailingData, d.good+tail)
		}
	})
}

func TestAMessageThatIsNoObjectHasTheWrongType(t *testing.T) {
	forEachDecoder(t, func(t *testing.T, d decoder) {
		for _, data := range []string{`null`, " null\n", `[]`, `[` + d.good + `]`, `"text"`, `""`, `5`, `-0.5e3`, `true`, `false`} {
			d.wants(t, wire.WrongType, data)
		}
	})
}

func TestNullInTheAccountDialectIsAnsweredAsTheAncestorDid(t *testing.T) {
	f := up("").wants(t, wire.WrongType, " null ")
	if f.Message != "Message authentication failed" {
		t.Errorf("got %q", f.Message)
	}
}

func TestAMemberGivenTwiceIsRefusedByName(t *testing.T) {
	forEachDecoder(t, func(t *testing.T, d decoder) {
		first := d.firstMember(t)
		name, _, _ := strings.Cut(first, ":")
		f := d.wants(t, wire.DuplicateKey, d.with(first))
		if want := strings.Trim(name, `"`) + " is given twice"; f.Detail != want {
			t.Errorf("got %q, want %q", f.Detail, want)
		}
	})
}

func TestAMemberGivenTwiceWithAnEscapeIsRefused(t *testing.T) {
	up("").wants(t, wire.DuplicateKey, `{"type":"ping","\u0074ype":"ping"}`)
	mutation("trash", "").wants(t, wire.DuplicateKey, `{"mutationId":"m","mutation\u0049d":"m"}`)
}

func TestAMemberGivenTwiceIsRefusedAtEveryDepth(t *testing.T) {
	twice := `{"b":[{"c":1,"c":2}]}`
	for _, c := range []struct {
		decoder
		message string
	}{
		{up("note_update"), `{"type":"note_update","noteId":"n","changes":{"title":"a","title":"b"}}`},
		{up("note_update"), `{"type":"note_update","noteId":"n","changes":{"blob":` + twice + `}}`},
		{up("note_created"), `{"type":"note_created","noteData":{"id":"n","id":"n"}}`},
		{up("an ignored member"), `{"type":"ping","ignored":` + twice + `}`},
		{noteUp("update_event"), `{"type":"update_event","data":{"blob":` + twice + `}}`},
		{mutation("create", ""), `{"blob":` + twice + `}`},
		{mutation("edit", ""), `{"changes":{"content":"a","content":"a"}}`},
		{mutation("organise", ""), `{"fields":{"hidden":true,"hidden":true}}`},
		{mutation("share", ""), `{"members":[{"role":"read","role":"write","userId":"u"}]}`},
		{decoder{decode: decodeBatch}, `{"mutations":[{"op":"trash","op":"edit","noteId":"n"}]}`},
		{decoder{decode: decodeBatch}, `{"mutations":[{"op":"edit","noteId":"n","changes":{"blob":` + twice + `}}]}`},
	} {
		c.wants(t, wire.DuplicateKey, c.message)
	}
}

// Text is stored, compared and hashed as it was posted; half a surrogate pair is none, and
// replacing it would change the text behind its author's back.
func TestTextThatIsNotUnicodeIsBadUTF8(t *testing.T) {
	forEachDecoder(t, func(t *testing.T, d decoder) {
		first := d.firstMember(t)
		name, _, _ := strings.Cut(first, ":")
		for _, text := range []string{"\xff", "a\xc3", "\xed\xa0\x80", "\xf8\x88\x80\x80\x80", "\xc0\x80", `\ud800`, `\udc00`, `\ud83dx`, `\udc00\ud800`, `\ud800A`} {
			d.wants(t, wire.BadUTF8, strings.Replace(d.good, first, name+`:"`+text+`"`, 1))
		}
		d.wants(t, wire.BadUTF8, "\xff"+d.good)
		d.wants(t, wire.BadUTF8, d.good+"\xff")
	})
}

func TestBadUTF8IsNamedEvenWhereAMemberIsUnknownOrWrong(t *testing.T) {
	up("").wants(t, wire.BadUTF8, "{\"type\":5,\"x\":\"\xff\"}")
	up("").wants(t, wire.BadUTF8, "{\"type\":\"ping\",\"x\xff\":1}")
	up("").wants(t, wire.BadUTF8, `{"type":"\ud800","x":1,"x":2}`)
	mutation("edit", "").wants(t, wire.BadUTF8, "{\"unknown\":5,\"x\":\"\xff\"}")
}

func TestAWholeSurrogatePairIsText(t *testing.T) {
	m, err := wire.DecodeMutation("edit", string(noteID), []byte(`{"changes":{"content":"\ud83d\ude00\u0000\ufffd"}}`))
	if err != nil {
		t.Fatal(err)
	}
	if got := m.Op.(notes.Edit).Changes.Content.Value; got != "😀\x00\ufffd" {
		t.Errorf("got %q", got)
	}
}

func TestUnknownMembersAreIgnoredInFramesAndRefusedByNameInHTTP(t *testing.T) {
	forEachDecoder(t, func(t *testing.T, d decoder) {
		for _, value := range []string{`1`, `null`, `{"a":[{}]}`, `"x"`} {
			message := d.with(`"no/such~member":` + value)
			if !d.http {
				d.accepts(t, message)
				continue
			}
			if f := d.wants(t, wire.UnknownMember, message); f.Detail != "no/such~member is not a known member" {
				t.Errorf("got %q", f.Detail)
			}
		}
	})
}

func TestNamesOfMembersAreCaseSensitive(t *testing.T) {
	mutation("trash", "").wants(t, wire.UnknownMember, `{"MutationId":"m"}`)
	mutation("edit", "").wants(t, wire.UnknownMember, `{"changes":{"Title":"t"}}`)
	up("").wants(t, wire.UnknownType, `{"Type":"ping"}`)
	up("").wants(t, wire.MissingMember, `{"type":"join_note","noteid":"n"}`)
}

func TestUnknownMembersAreNamedByTheirPlace(t *testing.T) {
	for op, c := range map[string][2]string{
		"edit":     {`{"changes":{"titel":"t"}}`, "changes.titel"},
		"organise": {`{"fields":{"title":"t"}}`, "fields.title"},
		"share":    {`{"members":[{"userId":"u","role":"read","name":"U"}]}`, "members.0.name"},
		"create":   {`{"access":"public"}`, "access"},
	} {
		f := mutation(op, "").wants(t, wire.UnknownMember, c[0])
		if f.Detail != c[1]+" is not a known member" {
			t.Errorf("%s: got %q", op, f.Detail)
		}
	}
}

func nested(levels int, open, inner, end string) string {
	return strings.Repeat(open, levels) + inner + strings.Repeat(end, levels)
}

func TestDeepNestingIsRefusedAndHarmsNobody(t *testing.T) {
	forEachDecoder(t, func(t *testing.T, d decoder) {
		for _, levels := range []int{1000, 10_000, 200_000} { // and one for the message itself
			d.wants(t, wire.TooDeep, d.with(`"deep":`+nested(levels, "[", "", "]")))
			d.wants(t, wire.TooDeep, d.with(`"deep":`+nested(levels, `{"a":`, "1", "}")))
			d.wants(t, wire.TooDeep, d.with(`"deep":`+nested(levels, "[", "", "")))
		}
	})
}

func TestBracketsInTextDoNotNest(t *testing.T) {
	text := strings.Repeat(`[{`, 5000) + `\"` + strings.Repeat(`{`, 5000) + `\\`
	up("").accepts(t, `{"type":"note_update","noteId":"n","changes":{"content":"`+text+`"}}`)
}

// What came in must go out again, in deeper wrapping.
func TestTheDeepestBlobThatIsAcceptedCanBeSent(t *testing.T) {
	body := `{"blob":` + nested(999, "[", "", "]") + `}`
	m, err := wire.DecodeMutation("create", string(noteID), []byte(body))
	if err != nil {
		t.Fatal(err)
	}
	n := freshNote()
	n.Blob = m.Op.(notes.Create).Blob.Value
	c := changeOf(versionOf(n, "create"), notes.KindCreated, "")
	checkOneLine(t, wire.AccountEvent(c, cursor))
	checkOneLine(t, wire.NoteEvent(c.Version, wire.Members, cursor))
	refused := &notes.Error{Code: notes.Conflict, Message: "m", Current: memberView(n)}
	result := wire.ResultOf(m, nil, refused)
	checkOneLine(t, wire.Encode(map[string]any{"results": []wire.BatchResult{result}}))
}

func TestFormatCodesAndRefusalCodesDiffer(t *testing.T) {
	seen := map[string]bool{}
	for _, c := range notes.Codes {
		seen[string(c)] = true
	}
	for _, c := range wire.FormatCodes {
		if seen[string(c)] {
			t.Errorf("%s is given twice", c)
		}
		seen[string(c)] = true
	}
}

func TestErrorsRepeatLittleOfTheInputAndOnOneLine(t *testing.T) {
	long := strings.Repeat("ü", 100_000)
	for _, message := range []string{
		`{"type":"` + long + `"}`,
		`{"type":"a\nb\r\u2028c\u0085\u0000"}`,
		`{"` + long + `":1,"` + long + `":2}`,
		`{"type":"note_update","noteId":"n","changes":{"title":` + strings.Repeat("9", 100_000) + `}}`,
		fmt.Sprintf(`{"type":%q,`, long),
	} {
		checkFormatError(t, decodeUp([]byte(message)))
	}
	for _, err := range []error{
		decodeMutation(long)([]byte(`{}`)),
		decodeMutation("edit")([]byte(`{"` + long + `":1}`)),
		decodeMutation("edit")([]byte(`{"changes":{"a\n` + long + `":1}}`)),
	} {
		checkFormatError(t, err)
	}
	items, err := wire.DecodeBatch([]byte(`{"mutations":[{"op":"` + long + `"},{"op":"a\n"}]}`))
	if err != nil {
		t.Fatal(err)
	}
	for _, item := range items {
		checkFormatError(t, item.Err)
	}
}

func TestRefusalsNameNoIDsThatAreNone(t *testing.T) {
	for _, bad := range []string{"\xff", strings.Repeat("a", 65), "a\nb", "../x", ""} {
		refs := wire.Refs{NoteID: notes.NoteID(bad), MutationID: notes.MutationID(bad), FolderID: notes.FolderID(bad)}
		body := wire.ErrorBody(wire.ProblemOf(notes.Refuse(notes.Invalid, "no"), refs))
		if want := `{"error":{"code":"invalid","message":"no"}}`; string(body) != want {
			t.Errorf("%q: got %s", bad, body)
		}
		result := wire.ResultOf(notes.Mutation{ID: refs.MutationID, Note: refs.NoteID, Folder: refs.FolderID}, nil, notes.Refuse(notes.Invalid, "no"))
		if want := `{"mutationId":"","error":{"code":"invalid","message":"no"}}`; string(wire.Encode(result)) != want {
			t.Errorf("%q: got %s", bad, wire.Encode(result))
		}
	}
}

func TestEveryFormatCodeButTheContentTypeIsReached(t *testing.T) {
	var reached []wire.FormatCode
	for _, message := range []string{
		`{`, `{"a":1,"a":1}`, "\"\xff\"", `{} x`, nested(2000, "[", "", "]"), `[]`, `{"type":"join_note"}`, `{"type":"x"}`,
	} {
		reached = append(reached, checkFormatError(t, decodeUp([]byte(message))).Code)
	}
	reached = append(reached, wire.UnknownMember, wire.WrongContentType)
	for _, code := range wire.FormatCodes {
		if !slices.Contains(reached, code) {
			t.Errorf("%s is not reached", code)
		}
	}
}
