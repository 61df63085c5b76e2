package ws_test

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"

	"github.com/coder/websocket"

	"notewire/transport"
	"notewire/transport/ws"
)

func ExampleAccept() {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		conn, err := ws.Accept(w, r, ws.Options{})
		if err != nil {
			return // the response was written
		}
		ctx := context.Background() // not the request's, which ends with this handler
		message, err := conn.Receive(ctx)
		if err == nil {
			err = conn.Write(ctx, transport.Frame{Data: []byte("you said " + string(message))})
		}
		code := transport.CloseNormal
		if err != nil {
			code = transport.CloseInternal
		}
		conn.Close(code, "all said")
	}))
	defer server.Close()

	ctx := context.Background()
	client, _, err := websocket.Dial(ctx, strings.Replace(server.URL, "http", "ws", 1), nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	defer client.CloseNow()
	_ = client.Write(ctx, websocket.MessageText, []byte("hello"))
	_, answer, _ := client.Read(ctx)
	_, _, err = client.Read(ctx)
	fmt.Println(string(answer), websocket.CloseStatus(err))
	// Output: you said hello StatusNormalClosure
}
