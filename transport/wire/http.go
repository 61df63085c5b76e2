package wire

import (
	"cmp"
	"strings"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"notewire/notes"
)

// The bodies of the HTTP API. Unknown members are refused by name.

type createBody struct {
	ID         notes.NoteID     `json:"id"`
	MutationID notes.MutationID `json:"mutationId"`
	notes.Create
}

// opBody is the body of an operation on what has its id in the path.
type opBody[O notes.Op] struct {
	MutationID notes.MutationID `json:"mutationId"`
	Op         O                `json:",embed"`
}

func decodeOpBody[O notes.Op](body []byte) (notes.Mutation, error) {
	var b opBody[O]
	err := DecodeStrict(body, &b)
	return notes.Mutation{ID: b.MutationID, Op: b.Op}, err
}

type bareBody struct {
	MutationID notes.MutationID `json:"mutationId"`
}

// DecodeMutation reads the body of a request for the named operation on a note or a folder,
// whose id may be empty for a create. An empty body is an empty object. It returns what it could
// read of the ids also with an error, which is a *FormatError.
func DecodeMutation(op, id string, body []byte) (notes.Mutation, error) {
	if len(body) == 0 {
		body = []byte("{}")
	}
	m, err := decodeOp(op, body)
	if err != nil {
		m = readIDs(body)
	}
	if ofFolder(op) {
		m.Folder = cmp.Or(notes.FolderID(id), m.Folder)
		m.Note = ""
	} else {
		m.Note = cmp.Or(notes.NoteID(id), m.Note)
		m.Folder = ""
	}
	return m, err
}

// ofFolder reports whether an operation, or a type of frame, is about a folder.
func ofFolder(op string) bool { return strings.HasPrefix(op, "folder_") }

func decodeOp(op string, body []byte) (notes.Mutation, error) {
	switch op {
	case "folder_create":
		var b folderCreateBody
		err := DecodeStrict(body, &b)
		return notes.Mutation{ID: b.MutationID, Folder: b.ID, Op: b.FolderCreate}, err
	case "folder_update":
		return decodeOpBody[notes.FolderUpdate](body)
	case "create":
		var b createBody
		err := DecodeStrict(body, &b)
		return notes.Mutation{ID: b.MutationID, Note: b.ID, Op: b.Create}, err
	case "edit":
		return decodeOpBody[notes.Edit](body)
	case "organise":
		return decodeOpBody[notes.Organise](body)
	case "revert":
		return decodeOpBody[notes.Revert](body)
	case "share":
		return decodeOpBody[notes.Share](body)
	}
	bare := bareOps[op]
	if bare == nil {
		return notes.Mutation{}, unknownOp(op)
	}
	var b bareBody
	err := DecodeStrict(body, &b)
	return notes.Mutation{ID: b.MutationID, Op: bare}, err
}

func unknownOp(op string) error {
	if op == "" {
		return missing("Missing op", "op")
	}
	return malformed(UnknownType, "Unknown operation", op)
}

var bareOps = map[string]notes.Op{
	"trash": notes.Trash{}, "restore": notes.Restore{}, "purge": notes.Purge{}, "leave": notes.Leave{}, "folder_delete": notes.FolderDelete{},
}

// readIDs reads the ids of a body that is wrong.
func readIDs(body []byte) notes.Mutation {
	found := map[string]string{}
	readStrings(body, "", []string{"id", "mutationId"}, found)
	id := noteID(found["id"])
	return notes.Mutation{ID: mutationID(found["mutationId"]), Note: id, Folder: folderID(found["id"])}
}

// DecodeBatch reads the body of a batch: {"mutations":[{"op","noteId",...}]}, each like the
// body of the operation's own route. Errors are *FormatError; one item's error is its own.
func DecodeBatch(body []byte) ([]notes.BatchItem, error) {
	var batch struct {
		Mutations []map[string]jsontext.Value `json:"mutations"`
	}
	if err := DecodeStrict(body, &batch); err != nil {
		return nil, err
	}
	if batch.Mutations == nil {
		return nil, missing("Missing mutations", "mutations")
	}
	items := make([]notes.BatchItem, len(batch.Mutations))
	for i, members := range batch.Mutations {
		items[i].Mutation, items[i].Err = decodeItem(members)
	}
	return items, nil
}

func decodeItem(members map[string]jsontext.Value) (notes.Mutation, error) {
	op, opErr := take(members, "op")
	name := "noteId"
	if ofFolder(op) {
		name = "folderId"
	}
	id, idErr := take(members, name)
	// What is posted as JSON is kept and compared as posted, on every route.
	body, err := json.Marshal(members, json.Deterministic(true), jsontext.PreserveRawStrings(true))
	if err = cmp.Or(opErr, idErr, err); err != nil {
		m := notes.Mutation{ID: readIDs(body).ID}
		if ofFolder(op) {
			m.Folder = folderID(id)
		} else {
			m.Note = noteID(id)
		}
		return m, err
	}
	return DecodeMutation(op, id, body)
}

// take removes a string from members; absent and null are empty.
func take(members map[string]jsontext.Value, name string) (string, error) {
	raw, given := members[name]
	delete(members, name)
	var s string
	if given && json.Unmarshal(raw, &s) != nil {
		return "", malformed(WrongType, invalidFormat, name+" must not be a JSON "+kindName(raw.Kind()))
	}
	return s, nil
}

// Answer is the body that answers an accepted mutation: the note as its author sees it now,
// with the mutation's id and place; after leave, only its id and version.
func Answer(out *notes.Outcome) []byte { return Encode(answerOf(out)) }

type answer struct {
	*Note
	Cursor     string           `json:"cursor"`
	MutationID notes.MutationID `json:"mutationId"`
	merge      `json:",embed"`
}

type bareAnswer struct {
	ID         notes.NoteID     `json:"id"`
	Version    int64            `json:"version"`
	Cursor     string           `json:"cursor"`
	MutationID notes.MutationID `json:"mutationId"`
}

func answerOf(out *notes.Outcome) any {
	if out.FolderID != "" {
		return folderAnswerOf(out)
	}
	if out.View == nil {
		return bareAnswer{out.Note, out.Version, out.Cursor.String(), out.Mutation}
	}
	m := mergeFrom(out.Merged, out.Conflicts, out.Kept, out.Note, out.Version)
	return answer{NoteOf(out.View), out.Cursor.String(), out.Mutation, m}
}

// ErrorBody is a refusal as the body of an HTTP answer.
func ErrorBody(p Problem) []byte {
	return Encode(struct {
		Error Problem `json:"error"`
	}{p})
}

// BatchResult is what became of one mutation of a batch. It has no note: a hundred of them
// could be of any size, and a stream or a read shows them.
type BatchResult struct {
	MutationID notes.MutationID `json:"mutationId"`
	NoteID     notes.NoteID     `json:"noteId,omitempty"`
	FolderID   notes.FolderID   `json:"folderId,omitempty"`
	Version    int64            `json:"version,omitzero"`
	Cursor     string           `json:"cursor,omitempty"`
	merge      `json:",embed"`
	Error      *Problem `json:"error,omitzero"`
}

// ResultOf describes one mutation of a batch.
func ResultOf(m notes.Mutation, out *notes.Outcome, err error) BatchResult {
	if err != nil {
		p := ProblemOf(err, Refs{NoteID: m.Note, MutationID: m.ID, FolderID: m.Folder})
		p.Current, p.Base = nil, nil
		return BatchResult{MutationID: p.MutationID, NoteID: p.NoteID, FolderID: p.FolderID, Error: &p}
	}
	return BatchResult{
		MutationID: out.Mutation, NoteID: out.Note, FolderID: out.FolderID, Version: out.Version, Cursor: out.Cursor.String(),
		merge: mergeFrom(out.Merged, out.Conflicts, out.Kept, out.Note, out.Version),
	}
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
	RevertedKept bool             `json:"revertedKept,omitzero"` // the kept side of that version
	merge        `json:",embed"`
	Note         *Note `json:"note,omitzero"` // where one version was asked for
}

// VersionOf describes a version; whole adds the note as it was.
func VersionOf(v *notes.Version, to Audience, whole bool) VersionInfo {
	info := VersionInfo{
		Version: v.Note.Version, Op: v.Op, Timestamp: v.UpdatedAt, Title: v.Title, Changed: v.Changed,
		Size: v.Size(), BaseVersion: v.Base, RevertedFrom: v.Reverted, RevertedKept: v.RevertedKept, merge: mergeOf(v),
	}
	if to == Members {
		info.Author, info.MutationID = v.Author, v.Mutation
	} else if info.Conflict != nil {
		info.Conflict.Kept = "" // not theirs to read
	}
	if whole {
		info.Note = NoteAt(v.Note, to)
	}
	return info
}
