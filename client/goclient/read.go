package goclient

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
)

// ListQuery says which notes. The zero value is the first page of all that are not in the
// trash, newest first.
type ListQuery struct {
	Limit   int    // notes on the page; 0: the server's choice
	After   string // the NextCursor of the last page
	Deleted bool   // those in the trash instead
	ByID    bool   // both, in the order of ids: the list for a resync
}

func (q ListQuery) encode() string {
	v := url.Values{}
	if q.Limit > 0 {
		v.Set("limit", strconv.Itoa(q.Limit))
	}
	if q.After != "" {
		v.Set("after", q.After)
	}
	if q.Deleted {
		v.Set("deleted", "true")
	}
	if q.ByID {
		v.Set("order", "id")
	}
	return v.Encode()
}

// Note returns a note. Errors are those of Mutate.
func (c *Client) Note(ctx context.Context, id string) (*Note, error) {
	path, err := notePath(id, "")
	if err != nil {
		return nil, err
	}
	return get[Note](ctx, c, path)
}

// Notes returns a page of the account's notes.
func (c *Client) Notes(ctx context.Context, q ListQuery) (*NotePage, error) {
	return get[NotePage](ctx, c, "/api/notes?"+q.encode())
}

// Versions returns a page of a note's history, newest first: those before a version, or
// from the newest if before is 0.
func (c *Client) Versions(ctx context.Context, id string, before int64) (*VersionPage, error) {
	below := "/versions"
	if before > 0 {
		below += "?before=" + strconv.FormatInt(before, 10)
	}
	path, err := notePath(id, below)
	if err != nil {
		return nil, err
	}
	return get[VersionPage](ctx, c, path)
}

// Version returns one version of a note, with the note as it was.
func (c *Client) Version(ctx context.Context, id string, n int64) (*Version, error) {
	path, err := notePath(id, "/versions/"+strconv.FormatInt(n, 10))
	if err != nil {
		return nil, err
	}
	return get[Version](ctx, c, path)
}

// Kept returns what a conflict kept beside version n of a note, to its members.
func (c *Client) Kept(ctx context.Context, id string, n int64) (*Kept, error) {
	path, err := notePath(id, "/versions/"+strconv.FormatInt(n, 10)+"/kept")
	if err != nil {
		return nil, err
	}
	return get[Kept](ctx, c, path)
}

// Folders returns all folders of the account.
func (c *Client) Folders(ctx context.Context) (*FolderList, error) {
	return get[FolderList](ctx, c, "/api/folders")
}

// DevToken returns a token for any user of a server in local mode. It asks without a token
// of its own, so that Options.Token may call it.
func (c *Client) DevToken(ctx context.Context, user string) (string, error) {
	bare := *c
	bare.opts.Token = nil
	answer, err := get[struct{ Token string }](ctx, &bare, "/dev/token?user="+url.QueryEscape(user))
	if err != nil {
		return "", err
	}
	if answer.Token == "" {
		return "", fmt.Errorf("goclient: the server's answer has no token")
	}
	return answer.Token, nil
}

func get[T any](ctx context.Context, c *Client, path string) (*T, error) {
	status, answer, err := c.Do(ctx, http.MethodGet, path, nil)
	switch {
	case err != nil:
		return nil, err
	case status != http.StatusOK:
		return nil, failure(status, answer)
	}
	v := new(T)
	if err := json.Unmarshal(answer, v); err != nil {
		return nil, &AnswerError{Status: status, Body: answer}
	}
	return v, nil
}
