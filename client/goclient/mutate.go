package goclient

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
)

// Answer is the server's word that a mutation is in the history, on disk.
type Answer struct {
	ID         string `json:"id"` // of the note
	MutationID string `json:"mutationId"`
	Cursor     string `json:"cursor"`  // its place in the account's log
	Version    int64  `json:"version"` // of the note
	Body       []byte `json:"-"`       // the whole answer: the note as its author sees it
}

// Mutate carries out op, which is create, edit, organise, revert, trash, restore, share or
// leave, on a note. body holds the members of the route's JSON (README.md), and should have
// a mutationId; nil is none. For a create the note's id is in body, or noteID puts it there.
//
// A *Refusal says that the server did not do it. Any other error leaves the outcome
// unknown: send the same body again, with the same mutationId, until there is an answer.
func (c *Client) Mutate(ctx context.Context, op, noteID string, body map[string]any) (*Answer, error) {
	path, body, err := route(op, noteID, body)
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

func route(op, noteID string, body map[string]any) (path string, members map[string]any, err error) {
	if body == nil {
		body = map[string]any{}
	}
	switch op {
	case "create":
		if noteID == "" {
			return "/api/notes", body, nil
		}
		with := map[string]any{"id": noteID}
		for name, v := range body {
			with[name] = v
		}
		return "/api/notes", with, nil
	case "edit":
		path, err = notePath(noteID, "")
	case "organise", "revert", "trash", "restore", "share", "leave":
		path, err = notePath(noteID, "/"+op)
	default:
		err = fmt.Errorf("goclient: %q is no operation", op)
	}
	return path, body, err
}

// notePath is below a note's path. Without an id it would be another route's.
func notePath(id, below string) (string, error) {
	switch id {
	case "", ".", "..":
		return "", fmt.Errorf("goclient: %q is no note's id", id)
	}
	return "/api/notes/" + url.PathEscape(id) + below, nil
}
