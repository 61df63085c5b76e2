package proxy

import (
	"io"
	"sync"
	"time"
)

// delayed passes each chunk on some time after it came.
type delayed struct {
	flow
	chunks chan chunk
	rest   chunk
	closed chan struct{}
	once   sync.Once
}

type chunk struct {
	data []byte
	err  error
	due  time.Time
}

func newDelayed(f flow, by time.Duration) *delayed {
	d := &delayed{flow: f, chunks: make(chan chunk, 1024), closed: make(chan struct{})}
	go func() {
		for {
			data := make([]byte, 32<<10)
			n, err := f.Read(data)
			select {
			case d.chunks <- chunk{data[:n], err, time.Now().Add(by)}:
			case <-d.closed:
				return
			}
			if err != nil {
				return
			}
		}
	}()
	return d
}

// Read implements io.Reader.
func (d *delayed) Read(p []byte) (int, error) {
	if len(d.rest.data) == 0 && d.rest.err == nil {
		select {
		case d.rest = <-d.chunks:
			time.Sleep(time.Until(d.rest.due))
		case <-d.closed:
			return 0, io.ErrClosedPipe
		}
	}
	n := copy(p, d.rest.data)
	d.rest.data = d.rest.data[n:]
	if len(d.rest.data) > 0 {
		return n, nil
	}
	return n, d.rest.err
}

// Close implements io.Closer.
func (d *delayed) Close() error {
	d.once.Do(func() { close(d.closed) })
	return d.flow.Close()
}

// throttled passes on so many bytes in a second.
type throttled struct {
	flow
	perSecond int
}

// Read implements io.Reader.
func (t *throttled) Read(p []byte) (int, error) {
	const pieces = 20 // in a second
	n, err := t.flow.Read(p[:min(len(p), max(1, t.perSecond/pieces))])
	time.Sleep(time.Duration(n) * time.Second / time.Duration(t.perSecond))
	return n, err
}
