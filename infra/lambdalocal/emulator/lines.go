package emulator

import (
	"bytes"
	"io"
	"sync"
)

// outputs are shared by all functions, which often print to the same terminal.
var outputs sync.Mutex

// lines writes whole lines, each with a prefix. What has no line's end waits for it.
type lines struct {
	to     io.Writer
	prefix string
	rest   []byte
}

func (l *lines) Write(p []byte) (int, error) {
	l.rest = append(l.rest, p...)
	for {
		end := bytes.IndexByte(l.rest, '\n')
		if end < 0 {
			return len(p), nil
		}
		line := append([]byte(l.prefix), l.rest[:end+1]...)
		l.rest = l.rest[end+1:]
		outputs.Lock()
		_, err := l.to.Write(line)
		outputs.Unlock()
		if err != nil {
			return 0, err
		}
	}
}
