package emulator

import (
	"encoding/base64"
	"maps"
	"mime"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/aws/aws-lambda-go/events"
	"github.com/google/uuid"
)

// accessLogTime is how AWS writes times into events.
const accessLogTime = "02/Jan/2006:15:04:05 -0700"

// eventV2 is the event of a Function URL. Cookies are in their own member only.
func eventV2(r *http.Request, body []byte) any {
	now := time.Now().UTC()
	event := events.LambdaFunctionURLRequest{
		Version:               "2.0",
		RawPath:               r.URL.EscapedPath(),
		RawQueryString:        r.URL.RawQuery,
		Headers:               map[string]string{},
		QueryStringParameters: joined(r.URL.Query()),
		RequestContext: events.LambdaFunctionURLRequestContext{
			AccountID: "anonymous", RequestID: uuid.NewString(), APIID: "local",
			DomainName: r.Host, DomainPrefix: "local",
			Time: now.Format(accessLogTime), TimeEpoch: now.UnixMilli(),
			HTTP: events.LambdaFunctionURLRequestContextHTTPDescription{
				Method: r.Method, Path: r.URL.EscapedPath(), Protocol: r.Proto,
				SourceIP: sourceIP(r), UserAgent: r.UserAgent(),
			},
		},
	}
	for name, values := range frontHeaders(r) {
		if name == "Cookie" {
			event.Cookies = strings.Split(strings.Join(values, "; "), "; ")
			continue
		}
		event.Headers[strings.ToLower(name)] = strings.Join(values, ",")
	}
	event.Body, event.IsBase64Encoded = bodyText(r, body)
	return event
}

// eventV1 is the event of a REST API with a proxy resource.
func (u *FunctionURL) eventV1(r *http.Request, body []byte) any {
	now := time.Now().UTC()
	event := events.APIGatewayProxyRequest{
		Resource: "/{proxy+}", Path: r.URL.Path, HTTPMethod: r.Method,
		PathParameters:                  map[string]string{"proxy": strings.TrimPrefix(r.URL.Path, "/")},
		Headers:                         map[string]string{},
		MultiValueHeaders:               map[string][]string{},
		QueryStringParameters:           last(r.URL.Query()),
		MultiValueQueryStringParameters: r.URL.Query(),
		RequestContext: events.APIGatewayProxyRequestContext{
			AccountID: account, APIID: "local", Stage: u.cfg.Stage, RequestID: uuid.NewString(),
			DomainName: r.Host, DomainPrefix: "local", Protocol: r.Proto,
			ResourcePath: "/{proxy+}", Path: r.URL.Path, HTTPMethod: r.Method,
			Identity:    events.APIGatewayRequestIdentity{SourceIP: sourceIP(r), UserAgent: r.UserAgent()},
			RequestTime: now.Format(accessLogTime), RequestTimeEpoch: now.UnixMilli(),
		},
	}
	for name, values := range frontHeaders(r) {
		event.Headers[name] = values[len(values)-1]
		event.MultiValueHeaders[name] = values
	}
	event.Body, event.IsBase64Encoded = bodyText(r, body)
	return event
}

// frontHeaders are the headers as they come out of AWS's front: with Host, with where the
// request came from, and without what is the connection's.
func frontHeaders(r *http.Request) http.Header {
	h := r.Header.Clone()
	for _, name := range []string{"Connection", "Keep-Alive", "Transfer-Encoding", "Upgrade", "Te"} {
		h.Del(name)
	}
	h.Set("Host", r.Host)
	h.Set("X-Forwarded-For", strings.Join(append(h.Values("X-Forwarded-For"), sourceIP(r)), ", "))
	h.Set("X-Forwarded-Proto", "http") // the one thing that AWS never says
	if _, port, err := net.SplitHostPort(r.Host); err == nil {
		h.Set("X-Forwarded-Port", port)
	}
	trace, _, _ := strings.Cut(traceID(), ";")
	h.Set("X-Amzn-Trace-Id", trace)
	return h
}

func sourceIP(r *http.Request) string {
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		return r.RemoteAddr
	}
	return host
}

// bodyText is the body as events carry it: the types that AWS documents as text as they are,
// all others, forms and compressed text too, in base64.
func bodyText(r *http.Request, body []byte) (text string, base64Encoded bool) {
	kind, _, _ := mime.ParseMediaType(r.Header.Get("Content-Type"))
	known := strings.HasPrefix(kind, "text/") || slices.Contains([]string{"application/json", "application/javascript", "application/xml"}, kind)
	if len(body) == 0 || known && r.Header.Get("Content-Encoding") == "" && utf8.Valid(body) {
		return string(body), false
	}
	return base64.StdEncoding.EncodeToString(body), true
}

// joined has the values of a name joined by commas; last the last one. Without any they are nil.
func joined(q url.Values) map[string]string {
	return each(q, func(values []string) string { return strings.Join(values, ",") })
}

func last(q url.Values) map[string]string {
	return each(q, func(values []string) string { return values[len(values)-1] })
}

func each(q url.Values, pick func([]string) string) map[string]string {
	if len(q) == 0 {
		return nil
	}
	all := make(map[string]string, len(q))
	for name := range maps.Keys(q) {
		all[name] = pick(q[name])
	}
	return all
}
