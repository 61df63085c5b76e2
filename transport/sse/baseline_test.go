package sse

import (
	"net/http"
	"time"

	"notewire/transport"
)

// baseline is an event stream made by hand, as small as it can be with a deadline per
// write and one flush for all that waits.
func baseline(w http.ResponseWriter, r *http.Request, frames <-chan transport.Frame) {
	control := http.NewResponseController(w)
	w.Header().Set("Content-Type", "text/event-stream")
	w.Header().Set("Cache-Control", "no-cache, no-transform")
	_ = control.Flush()
	var buf []byte
	for {
		var f transport.Frame
		select {
		case f = <-frames:
		case <-r.Context().Done():
			return
		}
		_ = control.SetWriteDeadline(time.Now().Add(DefaultWriteTimeout))
		for waiting := true; waiting; {
			buf = append(append(buf[:0], "id: "...), f.Cursor...)
			buf = append(append(buf, "\ndata: "...), f.Data...)
			if _, err := w.Write(append(buf, "\n\n"...)); err != nil {
				return
			}
			select {
			case f = <-frames:
			default:
				waiting = false
			}
		}
		if err := control.Flush(); err != nil {
			return
		}
	}
}
