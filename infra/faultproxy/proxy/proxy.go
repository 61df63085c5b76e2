package proxy

import (
	"context"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httputil"
	"net/url"
	"sync/atomic"
)

// Proxy stands before a server. Its methods are safe for concurrent use.
type Proxy struct {
	listener net.Listener
	to       *url.URL
	upstream *http.Transport
	options  atomic.Pointer[Options]
	number   atomic.Uint64 // of exchanges
	clients  clients
	server   *http.Server
	stop     context.CancelFunc
	ended    chan struct{}
}

// Start listens at an address such as 127.0.0.1:0 and passes on to the server at a URL such
// as http://127.0.0.1:3000. Close ends it.
func Start(address, to string, o Options) (*Proxy, error) {
	u, err := url.Parse(to)
	if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
		return nil, fmt.Errorf("%q is no server's address, as http://127.0.0.1:3000 is", to)
	}
	p := &Proxy{to: u, upstream: &http.Transport{DisableCompression: true, MaxIdleConnsPerHost: 64}, ended: make(chan struct{})}
	if err := p.Set(o); err != nil {
		return nil, err
	}
	if p.listener, err = net.Listen("tcp", address); err != nil {
		return nil, err
	}
	ctx, stop := context.WithCancel(context.Background())
	p.stop = stop
	p.server = &http.Server{
		Handler: p, ErrorLog: log.New(io.Discard, "", 0),
		BaseContext: func(net.Listener) context.Context { return ctx },
		ConnContext: func(ctx context.Context, c net.Conn) context.Context { return context.WithValue(ctx, connKey{}, c) },
	}
	go func() {
		defer close(p.ended)
		_ = p.server.Serve(p.listener) // ends with Close
	}()
	return p, nil
}

// URL is where the proxy is.
func (p *Proxy) URL() string { return "http://" + p.listener.Addr().String() }

// Set changes the faults, for exchanges that begin from now on.
func (p *Proxy) Set(o Options) error {
	options, err := o.withDefaults()
	if err == nil {
		p.options.Store(options)
	}
	return err
}

// Close ends the proxy and all that goes through it.
func (p *Proxy) Close() {
	p.stop()
	_ = p.server.Close() // what was in it ends with it
	<-p.ended
	p.upstream.CloseIdleConnections()
}

// connKey is of a request's context, where the connection is that it came by.
type connKey struct{}

// ServeHTTP implements http.Handler, for Start's server.
func (p *Proxy) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	conn, _ := r.Context().Value(connKey{}).(net.Conn)
	x := &exchange{Options: p.options.Load(), number: p.number.Add(1), ctx: r.Context(), conn: conn}
	if x.has(CapConnections) {
		leave, err := p.clients.enter(r, x.Connections)
		if err != nil {
			return // it left while it waited
		}
		defer leave()
	}
	if x.has(BadGateway) {
		if hit, _ := x.fate(BadGateway); hit {
			http.Error(w, "Bad gateway", http.StatusBadGateway)
			return
		}
	}
	if x.has(RefuseUpgrades) && r.Header.Get("Upgrade") != "" {
		if x.RefuseStatus != 0 {
			http.Error(w, http.StatusText(x.RefuseStatus), x.RefuseStatus)
			return
		}
		r.Header.Del("Upgrade")
		r.Header.Del("Connection")
	}
	if x.has(IdleCut) {
		defer x.watch()()
	}
	x.pass(w, r, p.to, p.upstream)
}

func (x *exchange) pass(w http.ResponseWriter, r *http.Request, to *url.URL, upstream http.RoundTripper) {
	reverse := &httputil.ReverseProxy{
		Rewrite: func(r *httputil.ProxyRequest) {
			r.SetURL(to)
			r.Out.Host = r.In.Host // the server checks it as if nobody stood before it
			if x.has(StripHeaders) {
				strip(r.Out.Header)
			}
		},
		Transport: upstream, FlushInterval: -1, ModifyResponse: x.answered,
		ErrorLog: log.New(io.Discard, "", 0),
		ErrorHandler: func(w http.ResponseWriter, _ *http.Request, _ error) {
			w.WriteHeader(http.StatusBadGateway) // the server is gone, or the client is
		},
	}
	reverse.ServeHTTP(w, r)
}
