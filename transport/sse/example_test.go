package sse_test

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"

	"notewire/transport"
	"notewire/transport/sse"
)

func ExampleServe() {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		opts := sse.Options{LastID: r.Header.Get("Last-Event-ID")}
		_ = sse.Serve(w, r, opts, func(ctx context.Context, conn transport.Conn) error {
			if err := conn.Write(ctx, transport.Frame{Data: []byte(`{"type":"connection_established"}`)}); err != nil {
				return err
			}
			return conn.Write(ctx, transport.Frame{Cursor: "e1-6", Data: []byte(`{"type":"note_sync"}`)})
		})
	}))
	defer server.Close()

	r, _ := http.NewRequest("GET", server.URL, nil)
	r.Header.Set("Last-Event-ID", "e1-5")
	resp, err := server.Client().Do(r)
	if err != nil {
		fmt.Println(err)
		return
	}
	defer resp.Body.Close()
	body, _ := io.ReadAll(resp.Body)
	fmt.Printf("%s", body)
	// Output:
	// id: e1-5
	// data: {"type":"connection_established"}
	//
	// id: e1-6
	// data: {"type":"note_sync"}
}
