package main

import (
	"bytes"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"notewire/dynamo"
)

func TestProgressIsToldEveryFewSeconds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var out bytes.Buffer
		p := newProgress("exported", &out)
		counts := dynamo.ArchiveCounts{Notes: 1, Versions: 2, Entries: 3}
		for range 11 {
			counts.Bytes += 1e6
			p.show(counts)
			time.Sleep(time.Second)
		}
		counts.Skipped = 7
		p.done(counts)
		const want = "exported 1 notes, 2 versions, 3 entries, 6.0 MB in 5.0 s (1.20 MB/s)\n" +
			"exported 1 notes, 2 versions, 3 entries, 11.0 MB in 10.0 s (1.10 MB/s)\n" +
			"exported 1 notes, 2 versions, 3 entries, 11.0 MB in 11.0 s (1.00 MB/s), 7 rows were there already\n"
		if got := out.String(); got != want {
			t.Errorf("told %q, want %q", got, want)
		}
	})
}

func TestOnATerminalProgressIsOneLine(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var out bytes.Buffer
		p := newProgress("exported", &out)
		p.terminal, p.every = true, onTerminal
		for range 3 {
			time.Sleep(onTerminal)
			p.show(dynamo.ArchiveCounts{})
		}
		p.done(dynamo.ArchiveCounts{})
		if got := out.String(); strings.Count(got, "\n") != 1 || strings.Count(got, "\r\x1b[K") != 4 {
			t.Errorf("told %q", got)
		}
	})
}
