package main

import (
	"bufio"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"os"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/coder/websocket"
)

// Connections come and go in every way that there is. Of none is anything left: no goroutine,
// no file, no subscription, no count. NOTEWIRE_CONNECTS is how many; the short form has 1,000.
func TestNothingIsLeftOfConnections(t *testing.T) {
	connects, seed := setting(t, "NOTEWIRE_CONNECTS", 1000), setting(t, "NOTEWIRE_SEED", 1)
	p := start(t, "--ws-max-connections-per-user=100000", "--max-streams-per-user=100000", "--unsafe-no-sync")
	p.must("/api/notes", `{"id":"n"}`)
	visit := &visitor{program: p, http: &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}}
	kinds := []func(){
		visit.socket("/ws", websocket.StatusNormalClosure), visit.socket("/ws/note/n", websocket.StatusNormalClosure),
		visit.socket("/ws", 0), visit.socket("/ws/note/n", 0),
		visit.stream("/api/events?cursor=0"), visit.stream("/api/notes/n/events"), visit.stream("/api/events?padding=4096"),
		visit.raw("GET /ws HTTP/1.1\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: MDEyMzQ1Njc4OWFiY2RlZg==\r\n"),
		visit.raw("GET /api/events?cursor=0 HTTP/1.1\r\n"), visit.raw("GET /api/changes?cursor=0&wait=25 HTTP/1.1\r\n"),
		visit.raw("GET /api/notes/n/changes?cursor=9 HTTP/1.1\r\n"), visit.raw("POST /api/notes HTTP/1.1\r\nContent-Length: 100\r\n"),
		visit.refused("/ws/note/none"), visit.refused("/api/notes/none/events"), visit.refused("/api/changes?wait=x"),
	}
	for range 2 * len(kinds) { // what is made once is made now
		kinds[rand.IntN(len(kinds))]()
	}
	before := settle(atRest())
	random := rand.New(rand.NewPCG(uint64(seed), 0))
	var group sync.WaitGroup
	slots := make(chan struct{}, 32)
	for range connects {
		kind := kinds[random.IntN(len(kinds))]
		slots <- struct{}{}
		group.Go(func() { defer func() { <-slots }(); kind() })
	}
	group.Wait()
	after := settle(func(now leftovers) bool { return now.goroutines <= before.goroutines && now.files <= before.files })
	t.Logf("%d connections of %d kinds: %d failed to do what they should; goroutines %d, then %d; files %d, then %d",
		connects, len(kinds), visit.failed, before.goroutines, after.goroutines, before.files, after.files)
	if after.goroutines > before.goroutines || after.files > before.files {
		t.Errorf("left over: %+v, before it was %+v\n%.8000s", after, before, allStacks())
	}
	if visit.failed > connects/100 {
		t.Errorf("%d connections were not what they should be: %v", visit.failed, visit.why)
	}
}

// leftovers is what a process holds.
type leftovers struct{ goroutines, files int }

// settle looks until it is enough, for some seconds.
func settle(enough func(leftovers) bool) (now leftovers) {
	for deadline := time.Now().Add(10 * time.Second); ; time.Sleep(20 * time.Millisecond) { // connections end in their own time
		runtime.GC()
		files, _ := os.ReadDir("/proc/self/fd") // where there is none, there is none before and after
		now = leftovers{runtime.NumGoroutine(), len(files)}
		if enough(now) || time.Now().After(deadline) {
			return now
		}
	}
}

// atRest is enough when nothing changes any more.
func atRest() func(leftovers) bool {
	var last leftovers
	same := 0
	return func(now leftovers) bool {
		if same++; now != last {
			last, same = now, 0
		}
		return same == 10
	}
}

func allStacks() []byte { return stacks[:runtime.Stack(stacks, true)] }

// visitor makes connections.
type visitor struct {
	*program
	http *http.Client

	mu     sync.Mutex
	failed int
	why    error // the last
}

func (v *visitor) check(err error) {
	if err != nil {
		v.mu.Lock()
		defer v.mu.Unlock()
		v.failed, v.why = v.failed+1, err
	}
}

// socket opens a WebSocket, reads its first message, and closes it; without a code it just goes.
func (v *visitor) socket(path string, code websocket.StatusCode) func() {
	return func() {
		ctx := v.t.Context()
		c, _, err := websocket.Dial(ctx, "ws"+strings.TrimPrefix(v.URL, "http")+path, &websocket.DialOptions{HTTPClient: v.http})
		if err != nil {
			v.check(err)
			return
		}
		_, _, err = c.Read(ctx)
		v.check(err)
		if code == 0 {
			_ = c.CloseNow()
			return
		}
		_ = c.Close(code, "")
	}
}

// stream reads the first event and goes.
func (v *visitor) stream(path string) func() {
	return func() {
		res, err := v.http.Get(v.URL + path)
		if err != nil {
			v.check(err)
			return
		}
		defer res.Body.Close()
		for lines := bufio.NewScanner(res.Body); lines.Scan(); {
			if strings.HasPrefix(lines.Text(), "data: ") {
				return
			}
		}
		v.check(fmt.Errorf("%s: %s without an event", path, res.Status))
	}
}

// raw sends a request, waits for a byte of the answer or a moment, and resets the connection.
func (v *visitor) raw(request string) func() {
	return func() {
		host := strings.TrimPrefix(v.URL, "http://")
		c, err := net.Dial("tcp", host)
		if err != nil {
			v.check(err)
			return
		}
		defer c.Close()
		_ = c.(*net.TCPConn).SetLinger(0)
		_ = c.SetReadDeadline(time.Now().Add(20 * time.Millisecond))
		_, err = fmt.Fprintf(c, "%sHost: %s\r\n\r\n", request, host)
		v.check(err)
		_, _ = c.Read(make([]byte, 1))
	}
}

func (v *visitor) refused(path string) func() {
	return func() {
		res, err := v.http.Get(v.URL + path)
		if err != nil {
			v.check(err)
			return
		}
		defer res.Body.Close()
		_, _ = io.Copy(io.Discard, res.Body)
		if res.StatusCode/100 != 4 {
			v.check(fmt.Errorf("%s: %s", path, res.Status))
		}
	}
}
