package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

// call is a system call on a file or a socket. Calls of several threads overlap, so a call
// begins at one line of the trace and ends at another. A thread stops at each of the two
// until strace has written it: what the trace has in one order did not happen in the other.
type call struct {
	name       string
	file       string // its path, or socket:[number]
	args       string // in strace's escapes; printable text is itself
	offset     int64  // of a pwrite64
	began, end int    // lines of the trace
}

// strace is the command that runs a program and writes what it does to disk and network
// into a trace. The program is the child, and strace beside it, so that signals reach it.
func strace(t *testing.T, trace string) []string {
	t.Helper()
	path, err := exec.LookPath("strace")
	if err != nil {
		need(t, "strace", "apt-get install strace")
	}
	probe := exec.Command(path, "-o", filepath.Join(t.TempDir(), "probe"), "true")
	if out, err := probe.CombinedOutput(); err != nil {
		need(t, "the right to trace processes", "run as root, or in a container with --cap-add=SYS_PTRACE ("+string(out)+")")
	}
	return []string{path, "-D", "-f", "-y", "-s", "65536", "-e", "signal=none",
		"-e", "trace=fsync,fdatasync,pwrite64,write,writev,sendto", "-o", trace}
}

var (
	wholeCall   = regexp.MustCompile(`(?s)^(\w+)\((\d+)<(.*?)>(.*)\) += -?\d+`)
	begunCall   = regexp.MustCompile(`(?s)^(\w+)\((\d+)<(.*?)>(.*) <unfinished \.\.\.>$`)
	resumedCall = regexp.MustCompile(`(?s)^<\.\.\. (\w+) resumed>(.*)\) += -?\d+`)
	lastNumber  = regexp.MustCompile(`, (\d+)$`)
)

// readTrace returns the calls of a trace in the order of their beginnings.
func readTrace(t *testing.T, path string) []*call {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var calls []*call
	open := map[string]*call{} // by thread
	for line, text := range strings.Split(string(data), "\n") {
		thread, text, _ := strings.Cut(text, " ")
		text = strings.TrimLeft(text, " ")
		if m := wholeCall.FindStringSubmatch(text); m != nil {
			calls = append(calls, finished(&call{name: m[1], file: m[3], args: m[4], began: line}, line))
		} else if m := begunCall.FindStringSubmatch(text); m != nil {
			c := &call{name: m[1], file: m[3], args: m[4], began: line}
			open[thread] = c
			calls = append(calls, c)
		} else if m := resumedCall.FindStringSubmatch(text); m != nil && open[thread] != nil {
			open[thread].args += m[2]
			finished(open[thread], line)
			delete(open, thread)
		}
	}
	return calls
}

func finished(c *call, line int) *call {
	c.end = line
	if m := lastNumber.FindStringSubmatch(c.args); c.name == "pwrite64" && m != nil {
		c.offset, _ = strconv.ParseInt(m[1], 10, 64) // the pattern has seen that it is one
	}
	return c
}
