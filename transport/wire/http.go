package wire

import (
	"github.com/go-json-experiment/json/jsontext"

	"notewire/notes"
)

// The bodies of the HTTP API. Unknown members are refused by name.

type createBody struct {
	ID         notes.NoteID     `json:"id"`
	MutationID notes.MutationID `json:"mutationId"`
	notes.Create
}

type editBody struct {
	MutationID notes.MutationID `json:"mutationId"`
	notes.Edit
}

type organiseBody struct {
	MutationID notes.MutationID `json:"mutationId"`
	notes.Organise
}

type revertBody struct {
	MutationID notes.MutationID `json:"mutationId"`
	notes.Revert
}

type shareBody struct {
	MutationID notes.MutationID `json:"mutationId"`
	notes.Share
}

type bareBody struct {
	MutationID notes.MutationID `json:"mutationId"`
}

// DecodeMutation reads the body of a request for the named operation on a note; for a
// create, note may be empty. An empty body is an empty object. It returns what it could
// read of the ids also with an error, which is a *FormatError.
func DecodeMutation(op string, note notes.NoteID, body []byte) (notes.Mutation, error) {
	if len(body) == 0 {
		body = []byte("{}")
	}
	m := notes.Mutation{Note: note}
	var err error
	switch op {
	case "create":
		var b createBody
		err = DecodeStrict(body, &b)
		m.ID, m.Op = b.MutationID, b.Create
		if note == "" {
			m.Note = b.ID
		}
	case "edit":
		var b editBody
		err = DecodeStrict(body, &b)
		m.ID, m.Op = b.MutationID, b.Edit
	case "organise":
		var b organiseBody
		err = DecodeStrict(body, &b)
		m.ID, m.Op = b.MutationID, b.Organise
	case "revert":
		var b revertBody
		err = DecodeStrict(body, &b)
		m.ID, m.Op = b.MutationID, b.Revert
	case "share":
		var b shareBody
		err = DecodeStrict(body, &b)
		m.ID, m.Op = b.MutationID, b.Share
	default:
		var b bareBody
		err = DecodeStrict(body, &b)
		m.ID, m.Op = b.MutationID, bareOps[op]
		if m.Op == nil {
			return m, &FormatError{UnknownType, "Unknown operation", op}
		}
	}
	return m, err
}

var bareOps = map[string]notes.Op{"trash": notes.Trash{}, "restore": notes.Restore{}, "leave": notes.Leave{}}

// DecodeBatch reads the body of a batch: {"mutations":[{"op","noteId",...}]}, each like the
// body of the operation's own route. Errors are *FormatError; one item's error is its own.
func DecodeBatch(body []byte) ([]notes.BatchItem, error) {
	var batch struct {
		Mutations []map[string]jsontext.Value `json:"mutations"`
	}
	if err := DecodeStrict(body, &batch); err != nil {
		return nil, err
	}
	items := make([]notes.BatchItem, len(batch.Mutations))
	for i, members := range batch.Mutations {
		op, note := id(members["op"]), notes.NoteID(id(members["noteId"]))
		delete(members, "op")
		delete(members, "noteId")
		items[i].Mutation, items[i].Err = DecodeMutation(op, note, Encode(members))
		items[i].Mutation.Note = note
	}
	return items, nil
}

// Answer is the body that answers an accepted mutation: the note as its author sees it now,
// with the mutation's id and place; after leave, only its id and version.
func Answer(out *notes.Outcome) []byte { return Encode(answerOf(out)) }

type answer struct {
	*Note
	Cursor     string           `json:"cursor"`
	MutationID notes.MutationID `json:"mutationId"`
}

type bareAnswer struct {
	ID         notes.NoteID     `json:"id"`
	Version    int64            `json:"version"`
	Cursor     string           `json:"cursor"`
	MutationID notes.MutationID `json:"mutationId"`
}

func answerOf(out *notes.Outcome) any {
	if out.View == nil {
		return bareAnswer{out.Note, out.Version, out.Cursor.String(), out.Mutation}
	}
	return answer{NoteOf(out.View), out.Cursor.String(), out.Mutation}
}

// ErrorBody is a refusal as the body of an HTTP answer.
func ErrorBody(p Problem) []byte {
	return Encode(struct {
		Error Problem `json:"error"`
	}{p})
}

// BatchResult is what became of one mutation of a batch.
type BatchResult struct {
	MutationID notes.MutationID `json:"mutationId"`
	Note       any              `json:"note,omitzero"`
	Error      *Problem         `json:"error,omitzero"`
}

// ResultOf describes one mutation of a batch.
func ResultOf(m notes.Mutation, out *notes.Outcome, err error) BatchResult {
	if err != nil {
		p := ProblemOf(err, Refs{NoteID: m.Note, MutationID: m.ID})
		return BatchResult{MutationID: m.ID, Error: &p}
	}
	return BatchResult{MutationID: out.Mutation, Note: answerOf(out)}
}

// VersionInfo is a row of a note's history.
type VersionInfo struct {
	Version      int64            `json:"version"`
	Op           string           `json:"op"`
	Author       notes.UserID     `json:"author,omitempty"` // not shown to passers-by
	Timestamp    notes.Millis     `json:"timestamp"`
	Title        *string          `json:"title"`
	Changed      []string         `json:"changed"`
	Size         int64            `json:"size"` // bytes of the body
	MutationID   notes.MutationID `json:"mutationId,omitempty"`
	BaseVersion  int64            `json:"baseVersion,omitzero"`
	RevertedFrom int64            `json:"revertedFrom,omitzero"`
	Note         *Note            `json:"note,omitzero"` // where one version was asked for
}

// VersionOf describes a version; whole adds the note as it was.
func VersionOf(v *notes.Version, to Audience, whole bool) VersionInfo {
	info := VersionInfo{
		Version: v.Note.Version, Op: v.Op, Timestamp: v.UpdatedAt, Title: v.Title, Changed: v.Changed,
		Size: v.Size(), BaseVersion: v.Base, RevertedFrom: v.Reverted,
	}
	if to == Members {
		info.Author, info.MutationID = v.Author, v.Mutation
	}
	if whole {
		info.Note = NoteAt(v.Note, to)
	}
	return info
}
