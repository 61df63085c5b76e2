package sse

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"

	"notewire/transport"
)

// BenchmarkDelivery measures what it costs the server to deliver a 1 KB event to each of
// 1,000 connections, with one or sixteen events waiting for each, beside a writer made by
// hand. The clients are another process, so the CPU time is the server's alone; the time
// per op is not, on few cores. Allocations and CPU time are per delivery, memory is per
// idle connection.
func BenchmarkDelivery(b *testing.B) {
	const conns = 1000
	for _, burst := range []int{1, 16} {
		for _, way := range []struct {
			name  string
			serve func(http.ResponseWriter, *http.Request, <-chan transport.Frame)
		}{{"adapter", adapter}, {"baseline", baseline}} {
			b.Run(fmt.Sprintf("%s/burst=%d", way.name, burst), func(b *testing.B) { deliver(b, conns, burst, way.serve) })
		}
	}
}

func adapter(w http.ResponseWriter, r *http.Request, frames <-chan transport.Frame) {
	_ = Serve(w, r, Options{}, func(ctx context.Context, c transport.Conn) error {
		for {
			select {
			case f := <-frames:
				if err := c.Write(ctx, f); err != nil {
					return err
				}
			case <-ctx.Done():
				return nil
			}
		}
	})
}

func deliver(b *testing.B, conns, burst int, serve func(http.ResponseWriter, *http.Request, <-chan transport.Frame)) {
	streams := make(chan chan transport.Frame, conns)
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		frames := make(chan transport.Frame, burst)
		streams <- frames
		serve(w, r, frames)
	}))
	defer s.Close()
	idle := inUse()
	delivered, stop := readers(b, s.Listener.Addr().String(), conns, conns*burst)
	defer stop()
	all := make([]chan transport.Frame, conns)
	for i := range all {
		all[i] = <-streams
	}
	delivered() // the heads
	perConn := (inUse() - idle) / conns

	frame := transport.Frame{Cursor: "01J9Z3-123456", Data: []byte("{" + big(1021) + mark + "}")}
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	start := cpu()
	for b.Loop() {
		for range burst {
			for _, frames := range all {
				frames <- frame
			}
		}
		delivered()
	}
	n := float64(b.N * conns * burst)
	used := cpu() - start
	runtime.ReadMemStats(&after)
	b.ReportMetric(float64(used)/n, "cpu-ns/delivery")
	b.ReportMetric(float64(after.Mallocs-before.Mallocs)/n, "allocs/delivery")
	b.ReportMetric(float64(perConn), "B/conn")
}

func inUse() int {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int(m.HeapInuse + m.StackInuse)
}

func cpu() int64 {
	var u syscall.Rusage
	_ = syscall.Getrusage(syscall.RUSAGE_SELF, &u)
	return u.Utime.Nano() + u.Stime.Nano()
}

// mark is in every event once and nowhere else.
const mark = "~"

// readers starts the clients in a process of their own. delivered returns when they have
// all got their heads, and then each time when they got as many events as a round has.
func readers(b *testing.B, addr string, conns, round int) (delivered, stop func()) {
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), fmt.Sprintf("SSE_READERS=%s %d %d", addr, conns, round))
	cmd.Stderr = os.Stderr
	out, err := cmd.StdoutPipe()
	if err == nil {
		err = cmd.Start()
	}
	if err != nil {
		b.Fatal(err)
	}
	one := make([]byte, 1)
	return func() {
			if _, err := io.ReadFull(out, one); err != nil {
				b.Fatal(err)
			}
		}, func() {
			_ = cmd.Process.Kill()
			_ = cmd.Wait()
		}
}

// read is the other process.
func read(job string) {
	f := strings.Fields(job)
	conns, _ := strconv.Atoi(f[1])
	round, _ := strconv.ParseInt(f[2], 10, 64)
	var got atomic.Int64
	var heads sync.WaitGroup
	for range conns {
		c, err := net.Dial("tcp", f[0])
		if err != nil {
			panic(err)
		}
		fmt.Fprint(c, "GET / HTTP/1.1\r\nHost: x\r\n\r\n")
		heads.Add(1)
		go func() {
			r := bufio.NewReaderSize(c, 32<<10)
			if _, err := http.ReadResponse(r, nil); err != nil {
				panic(err)
			}
			heads.Done()
			for {
				if _, err := r.Peek(1); err != nil {
					os.Exit(0)
				}
				p, _ := r.Peek(r.Buffered())
				n := int64(bytes.Count(p, []byte(mark)))
				_, _ = r.Discard(len(p))
				if sum := got.Add(n); n > 0 && (sum-n)/round != sum/round {
					os.Stdout.Write([]byte{'.'})
				}
			}
		}()
	}
	heads.Wait()
	os.Stdout.Write([]byte{'.'})
	select {}
}
