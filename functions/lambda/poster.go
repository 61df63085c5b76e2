package lambda

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	v4 "github.com/aws/aws-sdk-go-v2/aws/signer/v4"

	"notewire/transport/gateway"
)

// Poster is gateway.Poster on the @connections of an API Gateway WebSocket API: signed HTTP
// requests, without the SDK's client, which is large and little more.
type Poster struct {
	Endpoint    string // https://{api}.execute-api.{region}.amazonaws.com/{stage}
	Region      string
	Credentials aws.CredentialsProvider
	HTTP        *http.Client
}

var _ gateway.Poster = (*Poster)(nil)

// posts is how often a message is tried when the gateway has no time for it.
const posts = 5

// Post implements gateway.Poster.
func (p *Poster) Post(ctx context.Context, id string, data []byte) error {
	for try := 1; ; try++ {
		status, answer, err := p.do(ctx, http.MethodPost, id, data)
		switch {
		case err == nil && status/100 == 2:
			return nil
		case status == http.StatusGone:
			return gateway.ErrGone
		case err == nil && status != http.StatusTooManyRequests && status < 500, try == posts:
			return failed("post to", id, status, answer, err)
		}
		select {
		case <-time.After(rand.N(20 * time.Millisecond << try)):
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// Close implements gateway.Poster.
func (p *Poster) Close(ctx context.Context, id string) error {
	status, answer, err := p.do(ctx, http.MethodDelete, id, nil)
	if err == nil && (status/100 == 2 || status == http.StatusGone) {
		return nil
	}
	return failed("close", id, status, answer, err)
}

func failed(doing, id string, status int, answer string, err error) error {
	if err != nil {
		return fmt.Errorf("%s connection %s: %w", doing, id, err)
	}
	return fmt.Errorf("%s connection %s: %d %s", doing, id, status, answer)
}

func (p *Poster) do(ctx context.Context, method, id string, data []byte) (status int, answer string, err error) {
	u, err := url.Parse(strings.TrimSuffix(p.Endpoint, "/") + "/@connections/" + url.PathEscape(id))
	if err != nil {
		return 0, "", err
	}
	req, err := http.NewRequestWithContext(ctx, method, u.String(), bytes.NewReader(data))
	if err != nil {
		return 0, "", err
	}
	sum := sha256.Sum256(data)
	credentials, err := p.Credentials.Retrieve(ctx)
	if err != nil {
		return 0, "", fmt.Errorf("credentials: %w", err)
	}
	err = v4.NewSigner().SignHTTP(ctx, credentials, req, hex.EncodeToString(sum[:]), "execute-api", p.Region, time.Now())
	if err != nil {
		return 0, "", fmt.Errorf("sign: %w", err)
	}
	res, err := p.HTTP.Do(req)
	if err != nil {
		return 0, "", err
	}
	defer res.Body.Close()
	body, err := io.ReadAll(io.LimitReader(res.Body, 1<<10))
	return res.StatusCode, string(body), err
}
