package ws

import (
	"bufio"
	"context"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/coder/websocket"
	"github.com/labstack/echo/v4"

	"notewire/transport"
)

func TestTheSubprotocolIsChosenAndTheTokenBesideItIsNotEchoed(t *testing.T) {
	for offer, want := range map[string]string{
		"notewire.v1,bearer.eyJhbGciOi": "notewire.v1",
		"bearer.eyJhbGciOi,notewire.v1": "notewire.v1",
		"other.v2,notewire.v1":          "notewire.v1",
		"bearer.eyJhbGciOi":             "",
		"":                              "",
	} {
		synctest.Test(t, func(t *testing.T) {
			s, conns := accept(t, Options{})
			opts := websocket.DialOptions{}
			if offer != "" {
				opts.Subprotocols = strings.Split(offer, ",")
			}
			_, resp := s.dial(t, opts)
			defer (<-conns).Close(transport.CloseNormal, "")
			if got := resp.Header.Get("Sec-WebSocket-Protocol"); got != want {
				t.Errorf("offered %q: got %q", offer, got)
			}
		})
	}
}

func TestTheOriginIsNotLookedAtHere(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, conns := accept(t, Options{})
		s.dial(t, websocket.DialOptions{HTTPHeader: http.Header{"Origin": {"https://elsewhere.test"}}})
		(<-conns).Close(transport.CloseNormal, "")
	})
}

func TestCompressionIsNotNegotiated(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, conns := accept(t, Options{})
		_, resp := s.dial(t, websocket.DialOptions{CompressionMode: websocket.CompressionContextTakeover})
		defer (<-conns).Close(transport.CloseNormal, "")
		if got := resp.Header.Get("Sec-WebSocket-Extensions"); got != "" {
			t.Error(got)
		}
	})
}

func TestTheConnectionOutlivesTheRequestAndTheServersDeadlines(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, conns := accept(t, Options{}) // its handler has returned
		client, _ := s.dial(t, websocket.DialOptions{})
		c := <-conns
		defer c.Close(transport.CloseNormal, "")
		time.Sleep(time.Hour)
		go c.Write(t.Context(), frame("late"))
		if _, got, err := client.Read(t.Context()); err != nil || string(got) != "late" {
			t.Fatal(string(got), err)
		}
		go client.Write(t.Context(), websocket.MessageText, []byte("later"))
		if got, err := c.Receive(t.Context()); err != nil || string(got) != "later" {
			t.Fatal(string(got), err)
		}
	})
}

func TestItWorksThroughEchosResponse(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		e := echo.New()
		status := make(chan int, 1)
		e.GET("/", func(ctx echo.Context) error {
			c, err := Accept(ctx.Response(), ctx.Request(), Options{})
			if err != nil {
				return err
			}
			status <- ctx.Response().Status
			defer c.Close(transport.CloseGoingAway, "bye")
			return c.Write(context.Background(), frame("hello"))
		})
		client, _ := newServer(t, e).dial(t, websocket.DialOptions{})
		if _, got, err := client.Read(t.Context()); err != nil || string(got) != "hello" {
			t.Error(string(got), err)
		}
		if _, _, err := client.Read(t.Context()); websocket.CloseStatus(err) != 4000 {
			t.Error(err)
		}
		if got := <-status; got != http.StatusSwitchingProtocols {
			t.Error("echo does not know of the upgrade:", got)
		}
	})
}

func TestWhatCannotBeUpgradedGetsItsAnswer(t *testing.T) {
	upgrade := request(t)
	for _, c := range []struct {
		w    http.ResponseWriter
		r    *http.Request
		code int
	}{
		{httptest.NewRecorder(), httptest.NewRequest("GET", "/", nil), http.StatusUpgradeRequired},
		{httptest.NewRecorder(), upgrade, http.StatusNotImplemented}, // it cannot be hijacked
		{stubborn{httptest.NewRecorder()}, upgrade, http.StatusSwitchingProtocols},
	} {
		_, err := Accept(c.w, c.r, Options{})
		result := c.w.(interface{ Result() *http.Response }).Result()
		if err == nil || result.StatusCode != c.code {
			t.Error(c.code, result.StatusCode, err)
		}
	}
}

// stubborn promises to be hijacked and then refuses.
type stubborn struct{ *httptest.ResponseRecorder }

func (stubborn) Hijack() (net.Conn, *bufio.ReadWriter, error) { return nil, nil, net.ErrClosed }
