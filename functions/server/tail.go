package main

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/url"
	"os"
	"strings"
	"syscall"
	"time"
	"unicode"

	"notewire/client/goclient"
)

// Tail is the command that shows events as they come.
type Tail struct {
	URL       string `name:"url" env:"NOTEWIRE_URL" default:"http://127.0.0.1:3000" help:"The server."`
	User      string `help:"Be this user, in local mode: the server makes a token. It goes before a token. Default: the user \"local\"."`
	Token     string `env:"NOTEWIRE_TOKEN" help:"A token to sign in with."`
	Note      string `help:"Follow this note, also as a passer-by; default: all notes of the account."`
	Cursor    string `help:"Go on after this place in the log; 0 is the beginning. Default: now."`
	Transport string `enum:"auto,websocket,sse,poll" default:"websocket" help:"${enum}. auto measures the network, says what it found, and takes the best that arrives."`
	Padding   int    `help:"Bytes of comment after each event of sse, up to 65536: for boxes on the way that hold back what is smaller."`
	JSON      bool   `name:"json" help:"Print the frames as they are, one a line."`

	stdout, stderr io.Writer // nil: the process's
}

// Run prints events until ctx ends, which is no error.
func (x *Tail) Run(ctx context.Context) error {
	client, err := x.client()
	if err != nil {
		return err
	}
	out := or[io.Writer](x.stdout, os.Stdout)
	sub := goclient.Subscription{
		Transport: goclient.Transport(x.Transport), Padding: x.Padding, NoteID: x.Note, Cursor: x.Cursor,
		OnState: (&tailReport{to: or[io.Writer](x.stderr, os.Stderr)}).show,
	}
	if err := x.reachable(ctx, client); err != nil {
		return interrupted(ctx, err)
	}
	if x.Transport == "auto" { // in full: Follow measures no more than it needs
		network, err := client.Negotiate(ctx)
		if err != nil {
			return interrupted(ctx, x.explain(err))
		}
		fmt.Fprintf(or[io.Writer](x.stderr, os.Stderr), "notewire: %v\n", network)
	}
	err = client.Follow(ctx, sub, func(e goclient.Event) error {
		line := e.Data
		if !x.JSON {
			line = []byte(describe(&e))
		}
		_, err := fmt.Fprintf(out, "%s\n", line)
		return err
	})
	if closed, ok := errors.AsType[*goclient.Closed](err); ok && closed.Code == goclient.CodeDeleted {
		return nil // the last line says so
	}
	return interrupted(ctx, x.explain(err))
}

func (x *Tail) client() (*goclient.Client, error) {
	var o goclient.Options
	switch {
	case x.User != "":
		issuer, err := goclient.New(x.URL, goclient.Options{})
		if err != nil {
			return nil, err
		}
		o.Token = func(ctx context.Context) (string, error) {
			token, err := issuer.DevToken(ctx, x.User)
			if refusal, ok := errors.AsType[*goclient.Refusal](err); ok && refusal.Status == 404 {
				err = errors.New("the server is not in local mode: use --token")
			}
			return token, err
		}
	case x.Token != "":
		o.Token = func(context.Context) (string, error) { return x.Token, nil }
	}
	return goclient.New(x.URL, o)
}

// reachable asks the server once before Follow tries for ever: whoever has just typed the
// command has probably not started the server, or mistyped.
func (x *Tail) reachable(ctx context.Context, c *goclient.Client) error {
	ctx, cancel := context.WithTimeout(ctx, 10*time.Second)
	defer cancel()
	_, _, err := c.Do(ctx, "GET", "/healthz", nil)
	return x.explain(err)
}

// explain adds what to do about an error.
func (x *Tail) explain(err error) error {
	if errors.Is(err, syscall.ECONNREFUSED) {
		port := ""
		if u, _ := url.Parse(x.URL); u.Port() != "" && u.Port() != "3000" {
			port = " --port " + u.Port()
		}
		return fmt.Errorf("no server answers at %s: start one with `notewire serve%s`, or name another with --url", x.URL, port)
	}
	refusal, refused := errors.AsType[*goclient.Refusal](err)
	closed, ended := errors.AsType[*goclient.Closed](err)
	if refused && refusal.Status == 401 || ended && (closed.Code == goclient.CodeAuthFailed || closed.Code == goclient.CodeTokenExpired) {
		return fmt.Errorf("%w; sign in with --token, or in local mode with --user", err)
	}
	return err
}

// interrupted is err, unless it is only that the user has ended the command.
func interrupted(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return nil
	}
	return err
}

// tailReport says on stderr when the connection is lost and when it is there again.
type tailReport struct {
	to   io.Writer
	lost bool
}

func (r *tailReport) show(s goclient.State) {
	switch {
	case s.Phase == goclient.Negotiated:
		fmt.Fprintf(r.to, "notewire: %v\n", s.Network)
	case s.Phase == goclient.Waiting:
		r.lost = true
		fmt.Fprintf(r.to, "notewire: %v; connecting again in %v\n", s.Err, s.Wait.Round(10*time.Millisecond))
	case s.Phase == goclient.Connected && r.lost:
		r.lost = false
		fmt.Fprintf(r.to, "notewire: connected again, going on after %s\n", s.Cursor)
	}
}

// describe is an event as a line: time, type, note and version or folder, who, cursor and a title.
func describe(e *goclient.Event) string {
	type note struct {
		ID        string
		Title     *string
		UpdatedAt int64
	}
	var m struct {
		Timestamp                   int64
		FromUserID, Reason          string
		Merged                      bool
		NoteData, UpdatedNote, Data note
	}
	if json.Unmarshal(e.Data, &m) != nil {
		return string(e.Data)
	}
	n := cmp.Or(m.NoteData, m.UpdatedNote, m.Data)
	at := "        " // a resync has no time
	if ms := cmp.Or(m.Timestamp, n.UpdatedAt); ms > 0 {
		at = time.UnixMilli(ms).Format(time.TimeOnly)
	}
	line := fmt.Sprintf("%s  %-19s", at, e.Type)
	if e.NoteID != "" {
		line += fmt.Sprintf("  %s v%d", e.NoteID, e.Version)
	}
	if e.FolderID != "" {
		line += "  " + e.FolderID
	}
	if m.Merged {
		line += "  merged"
	}
	if m.FromUserID != "" {
		line += "  by " + m.FromUserID
	}
	line += "  " + e.Cursor
	if m.Reason != "" {
		line += "  (" + m.Reason + ")"
	}
	if n.Title != nil && *n.Title != "" {
		line += "  " + shortTitle(*n.Title)
	}
	return line
}

// shortTitle is a title that fits on the line: what could move a terminal's cursor is left out.
func shortTitle(title string) string {
	printable := func(r rune) rune {
		if unicode.IsPrint(r) {
			return r
		}
		return -1
	}
	runes := []rune(strings.Map(printable, title))
	if len(runes) > 40 {
		runes = append(runes[:39], '…')
	}
	return "“" + string(runes) + "”"
}
