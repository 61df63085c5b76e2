package transporttest_test

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"time"

	"notewire/transport"
	"notewire/transport/poll"
	"notewire/transport/transporttest"
)

var polls = transporttest.Transport{Name: "poll", Polls: true, Serve: servePoll, Dial: dialPoll}

const wait = 25 * time.Second

func servePoll(w http.ResponseWriter, r *http.Request, x *transport.Sessions, what transporttest.Subscription) {
	release, err := x.Admit(what.Login.User, false)
	if err != nil {
		http.Error(w, err.Error(), http.StatusTooManyRequests)
		return
	}
	defer release()
	saved := transport.Saved{ID: x.NewID(), Login: what.Login, Note: what.Note, Begun: what.Note == "", Cursor: what.Cursor}
	answer, err := poll.Poll(r.Context(), x, saved, wait)
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	_, _ = w.Write(answer.Encode())
}

func dialPoll(c *http.Client, address string, what transporttest.Subscription) (transporttest.Client, error) {
	u, err := url.Parse(address)
	return &poller{http: c, url: u, what: what}, err
}

// poller polls when it has given out all that the last answer had.
type poller struct {
	http    *http.Client
	url     *url.URL
	what    transporttest.Subscription
	waiting []json.RawMessage // of the last answer
	quiet   int               // answers without news, in a row
	over    bool
}

func (p *poller) Next() (transport.Frame, error) {
	for len(p.waiting) == 0 {
		if p.over {
			return transport.Frame{}, io.EOF
		}
		if err := p.poll(); err != nil {
			return transport.Frame{}, err
		}
		if p.quiet > 1000 {
			return transport.Frame{}, fmt.Errorf("nothing came for %v", 1000*wait)
		}
	}
	data := p.waiting[0]
	p.waiting = p.waiting[1:]
	return frameOf(data, p.what), nil
}

func (p *poller) poll() error {
	resp, err := p.http.Get(p.url.String())
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	var answer struct {
		Cursor string
		Events []json.RawMessage
	}
	if err := json.NewDecoder(resp.Body).Decode(&answer); err != nil {
		return fmt.Errorf("answer %s: %w", resp.Status, err)
	}
	if p.waiting = answer.Events; len(p.waiting) > 0 {
		p.quiet = 0
	} else {
		p.quiet++
	}
	for _, data := range answer.Events {
		p.over = p.over || isEnd(data)
	}
	q := p.url.Query()
	q.Set("cursor", answer.Cursor)
	p.url.RawQuery = q.Encode()
	return nil
}

// isEnd says, by the frame alone, that there will be no more.
func isEnd(data []byte) bool {
	var m struct{ Type string }
	_ = json.Unmarshal(data, &m)
	return m.Type == "reconnect" || m.Type == "auth_failed" || m.Type == "error"
}

func (p *poller) Close() {}
