package transporttest_test

import (
	"context"
	"net/http"

	"github.com/coder/websocket"

	"notewire/transport"
	"notewire/transport/transporttest"
	"notewire/transport/ws"
)

var webSocket = transporttest.Transport{Name: "websocket", Codes: true, Serve: serveSocket, Dial: dialSocket}

func serveSocket(w http.ResponseWriter, r *http.Request, x *transport.Sessions, what transporttest.Subscription) {
	conn, err := ws.Accept(w, r, ws.Options{})
	if err != nil {
		return
	}
	ctx := context.WithoutCancel(r.Context())
	if what.Note == "" {
		_ = x.ServeAccount(ctx, conn, nil, &what.Login, what.Cursor)
		return
	}
	release, err := x.Admit(what.Login.User, true)
	if err != nil {
		conn.Close(transport.CloseTooMany, err.Error())
		return
	}
	defer release()
	_ = x.ServeNote(ctx, conn, what.Login, what.Note, what.Cursor)
}

func dialSocket(c *http.Client, address string, what transporttest.Subscription) (transporttest.Client, error) {
	conn, _, err := websocket.Dial(context.Background(), address, &websocket.DialOptions{HTTPClient: c})
	if err != nil {
		return nil, err
	}
	conn.SetReadLimit(-1)
	return &socket{conn, what}, nil
}

type socket struct {
	conn *websocket.Conn
	what transporttest.Subscription
}

func (s *socket) Next() (transport.Frame, error) {
	_, data, err := s.conn.Read(context.Background())
	if code := websocket.CloseStatus(err); code >= 0 {
		err = transporttest.Closed{Code: transport.CloseCode(code)}
	}
	return frameOf(data, s.what), err
}

func (s *socket) Close() { _ = s.conn.CloseNow() }
