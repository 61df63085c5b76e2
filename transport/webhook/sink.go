package webhook

import (
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"notewire/transport/feed"
)

const (
	// bodyBytes is how much of an answer is read, so that its connection can be used again, and
	// bodyTime how long it may take.
	bodyBytes = 64 << 10
	bodyTime  = time.Second

	userAgent = "Notewire-Webhook/1"
)

// Options configure a Sink.
type Options struct {
	// Loopback allows receivers on this machine, by http too: for development.
	Loopback bool
	Resolver *net.Resolver  // of receivers' names; nil: the system's
	Roots    *x509.CertPool // who vouches for receivers; nil: the system's
}

// Sink posts events to receivers. It is safe for concurrent use.
type Sink struct {
	loopback bool
	secure   *http.Client // for https
	plain    *http.Client // for http: to this machine only
}

var _ feed.Sink = (*Sink)(nil)

// NewSink returns a Sink.
func NewSink(o Options) *Sink {
	s := &Sink{loopback: o.Loopback, secure: newClient(public, o.Resolver, o.Roots)}
	if o.Loopback {
		s.secure = newClient(publicOrLoopback, o.Resolver, o.Roots)
		s.plain = newClient(loopback, o.Resolver, o.Roots)
	}
	return s
}

// Close closes connections that are not in use.
func (s *Sink) Close() {
	s.secure.CloseIdleConnections()
	if s.plain != nil {
		s.plain.CloseIdleConnections()
	}
}

// receiver is the Config of a feed: who is posted to.
type receiver struct {
	URL    string `json:"url"`
	Secret string `json:"secret"`
}

func receiverOf(config []byte) (r receiver, err error) {
	if err := json.Unmarshal(config, &r); err != nil {
		return r, fmt.Errorf("read a webhook: %w", err)
	}
	return r, nil
}

// Deliver implements feed.Sink: it posts the event, and an answer 2xx means that it has arrived.
func (s *Sink) Deliver(ctx context.Context, d *feed.Delivery) error {
	to, err := receiverOf(d.Config)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, to.URL, bytes.NewReader(d.Event))
	if err != nil {
		return errors.New("the URL cannot be posted to")
	}
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("User-Agent", userAgent)
	r.Header.Set(HeaderCursor, d.Cursor)
	r.Header.Set(HeaderDelivery, d.ID)
	r.Header.Set(HeaderSignature, Sign(to.Secret, time.Now(), d.Event))
	client, err := s.client(r.URL)
	if err != nil {
		return err
	}
	answer, err := client.Do(r)
	if err != nil {
		return &feed.Retry{Err: reason(ctx, err)}
	}
	slow := time.AfterFunc(bodyTime, cancel)
	defer slow.Stop()
	_, _ = io.CopyN(io.Discard, answer.Body, bodyBytes) // its status has said it all
	_ = answer.Body.Close()
	return outcome(answer)
}

// client returns the one for a URL. What a URL may be can have changed since it was accepted.
func (s *Sink) client(u *url.URL) (*http.Client, error) {
	switch {
	case u.Scheme == "https":
		return s.secure, nil
	case u.Scheme == "http" && s.plain != nil:
		return s.plain, nil
	}
	return nil, errAddress
}

// outcome is what an answer's status means.
func outcome(answer *http.Response) error {
	status := answer.StatusCode
	said := fmt.Errorf("the receiver answered %d", status)
	switch {
	case status/100 == 2:
		return nil
	case status/100 == 3:
		return &feed.Refused{Err: fmt.Errorf("%w, and redirects are not followed", said)}
	case status >= 500, status == http.StatusRequestTimeout, status == http.StatusTooEarly, status == http.StatusTooManyRequests:
		return &feed.Retry{After: retryAfter(answer.Header.Get("Retry-After"), time.Now()), Err: said}
	}
	return &feed.Refused{Err: said}
}

// retryAfter reads seconds, or a date; 0 if it is neither.
func retryAfter(value string, now time.Time) time.Duration {
	if seconds, err := strconv.ParseUint(value, 10, 31); err == nil {
		return time.Duration(seconds) * time.Second
	}
	if at, err := http.ParseTime(value); err == nil {
		return max(0, at.Sub(now))
	}
	return 0
}

// reason says, to the account, why a receiver was not reached: no more than it could find out by
// itself, and nothing of this server's network.
func reason(ctx context.Context, err error) error {
	var dns *net.DNSError
	var cert *tls.CertificateVerificationError
	var op *net.OpError
	switch {
	case errors.Is(err, errAddress):
		return errAddress
	case errors.Is(err, context.DeadlineExceeded), isTimeout(err):
		return errors.New("the receiver did not answer in time")
	case ctx.Err() != nil:
		return ctx.Err()
	case errors.As(err, &dns):
		return errors.New("the receiver's name is not known")
	case errors.As(err, &cert):
		return errors.New("the receiver's certificate is not good")
	case errors.As(err, &op) && op.Op == "dial":
		return errors.New("the receiver cannot be connected to")
	}
	return errors.New("the receiver broke the connection off, or does not speak HTTP")
}

func isTimeout(err error) bool {
	var t interface{ Timeout() bool }
	return errors.As(err, &t) && t.Timeout()
}
