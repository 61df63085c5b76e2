package goclient

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"net/url"
)

// Answer is the server's word that a mutation is in the history, on disk.
type Answer struct {
	ID         string `json:"id"` // of the note, or the folder
	MutationID string `json:"mutationId"`
	Cursor     string `json:"cursor"`  // its place in the account's log
	Version    int64  `json:"version"` // of the note; 0 of a folder
	// Merged says that an edit was merged with what others had committed since its base.
	Merged   bool      `json:"merged"`
	Conflict *Conflict `json:"conflict"` // what both had changed at one place; nil: nothing
	Body     []byte    `json:"-"`        // the whole answer: the note, or the folder, as its author sees it
}

// Conflict is what two edits changed at one place of a note.
type Conflict struct {
	Fields []string `json:"fields"` // names of the note's members
	Kept   string   `json:"kept"`   // the path of what was posted, if the note does not show all of it: see Client.Kept
}

// Mutate carries out op on a note: create, edit, organise, revert, trash, restore, purge, share or
// leave; or on a folder: folder_create, folder_update or folder_delete. body holds the members of
// the route's JSON (README.md), and should have a mutationId; nil is none. For a create the id is in
// body, or id puts it there. An edit whose body has a baseVersion or a baseMutationId is merged with
// what came since.
//
// A *Refusal says that the server did not do it. Any other error leaves the outcome
// unknown: send the same body again, with the same mutationId, until there is an answer.
func (c *Client) Mutate(ctx context.Context, op, id string, body map[string]any) (*Answer, error) {
	path, body, err := route(op, id, body)
	if err != nil {
		return nil, err
	}
	status, answer, err := c.Do(ctx, http.MethodPost, path, body)
	switch {
	case err != nil:
		return nil, err
	case status/100 != 2:
		return nil, failure(status, answer)
	}
	a := &Answer{Body: answer}
	if err := json.Unmarshal(answer, a); err != nil || a.ID == "" || a.Cursor == "" {
		return nil, &AnswerError{Status: status, Body: answer}
	}
	return a, nil
}

func route(op, id string, body map[string]any) (path string, members map[string]any, err error) {
	if body == nil {
		body = map[string]any{}
	}
	switch op {
	case "create":
		return "/api/notes", withID(id, body), nil
	case "edit":
		path, err = notePath(id, "")
	case "organise", "revert", "trash", "restore", "purge", "share", "leave":
		path, err = notePath(id, "/"+op)
	case "folder_create":
		return "/api/folders", withID(id, body), nil
	case "folder_update":
		path, err = itemPath("/api/folders/", id, "")
	case "folder_delete":
		path, err = itemPath("/api/folders/", id, "/delete")
	default:
		err = fmt.Errorf("goclient: %q is no operation", op)
	}
	return path, body, err
}

// withID is body and, if it is not empty, the id.
func withID(id string, body map[string]any) map[string]any {
	if id == "" {
		return body
	}
	with := map[string]any{"id": id}
	maps.Copy(with, body)
	return with
}

// notePath is below a note's path.
func notePath(id, below string) (string, error) { return itemPath("/api/notes/", id, below) }

// itemPath is below the path of a note or a folder. Without an id it would be another route's.
func itemPath(above, id, below string) (string, error) {
	switch id {
	case "", ".", "..":
		return "", fmt.Errorf("goclient: %q is no id", id)
	}
	return above + url.PathEscape(id) + below, nil
}
