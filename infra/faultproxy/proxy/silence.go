package proxy

import (
	"io"
	"time"
)

// silence returns a strike after which nothing comes until the client leaves. The server is
// read on, so that it does not notice.
func (x *exchange) silence(body io.Reader) func() error {
	return func() error {
		left := make(chan error, 1)
		go func() {
			_, _ = io.Copy(io.Discard, body) // ends when the exchange does
			<-x.ctx.Done()
			left <- x.ctx.Err()
		}()
		return <-left
	}
}

// watch cuts the exchange when nothing has passed for Idle, until its end.
func (x *exchange) watch() (end func()) {
	timer := time.AfterFunc(x.Idle, x.cut)
	x.moved = func() { timer.Reset(x.Idle) }
	return func() { timer.Stop() }
}

// noticed is a flow of which it is told when something passes.
type noticed struct {
	flow
	moved func()
}

// Read implements io.Reader.
func (f *noticed) Read(p []byte) (int, error) {
	n, err := f.flow.Read(p)
	if n > 0 {
		f.moved()
	}
	return n, err
}

// Write implements io.Writer.
func (f *noticed) Write(p []byte) (int, error) {
	f.moved()
	return f.flow.Write(p)
}
