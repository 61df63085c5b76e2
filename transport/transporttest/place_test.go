package transporttest_test

import (
	"encoding/json"

	"notewire/transport"
	"notewire/transport/transporttest"
)

// placeOf is where a client would come back to after a frame that has no id beside it: the
// protocol has a table of which cursors are kept (section 1).
func placeOf(data []byte, what transporttest.Subscription) string {
	var m struct{ Type, Cursor string }
	if json.Unmarshal(data, &m) != nil {
		return ""
	}
	switch {
	case m.Type == "auth_success" && what.Cursor != "", m.Type == "resync" && what.Note != "":
		return ""
	}
	return m.Cursor
}

func frameOf(data []byte, what transporttest.Subscription) transport.Frame {
	return transport.Frame{Data: data, Cursor: placeOf(data, what)}
}
