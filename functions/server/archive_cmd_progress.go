package main

import (
	"fmt"
	"io"
	"os"
	"time"

	"notewire/dynamo"
)

// progress tells on a terminal every moment how far a command is, and elsewhere
// every few seconds.
type progress struct {
	verb     string // what was done to the notes
	out      io.Writer
	terminal bool
	every    time.Duration
	began    time.Time
	told     time.Time
}

const (
	onTerminal = 200 * time.Millisecond
	inLogs     = 5 * time.Second
)

func newProgress(verb string, out io.Writer) *progress {
	now := time.Now()
	p := &progress{verb: verb, out: out, every: inLogs, began: now, told: now}
	if file, ok := out.(*os.File); ok {
		info, err := file.Stat()
		p.terminal = err == nil && info.Mode()&os.ModeCharDevice != 0
	}
	if p.terminal {
		p.every = onTerminal
	}
	return p
}

func (p *progress) show(c dynamo.ArchiveCounts) { p.tell(func() string { return p.line(c) }) }

// done tells the end result.
func (p *progress) done(c dynamo.ArchiveCounts) { p.end(p.line(c)) }

// tell writes a line, if it is time for one.
func (p *progress) tell(line func() string) {
	if time.Since(p.told) < p.every {
		return
	}
	p.told = time.Now()
	if p.terminal {
		fmt.Fprintf(p.out, "\r\x1b[K%s", line())
		return
	}
	fmt.Fprintln(p.out, line())
}

// end writes the last line.
func (p *progress) end(line string) {
	if p.terminal {
		fmt.Fprint(p.out, "\r\x1b[K")
	}
	fmt.Fprintln(p.out, line)
}

func (p *progress) line(c dynamo.ArchiveCounts) string {
	seconds := max(time.Since(p.began).Seconds(), 0.001)
	line := fmt.Sprintf("%s %v, %.1f MB in %.1f s (%.2f MB/s)", p.verb, c, float64(c.Bytes)/1e6, seconds, float64(c.Bytes)/1e6/seconds)
	if c.Skipped > 0 {
		line += fmt.Sprintf(", %d rows were there already", c.Skipped)
	}
	return line
}
