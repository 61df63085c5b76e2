package wire

import (
	"encoding/json"
	"reflect"
	"strings"
	"testing"
)

func TestATruncatedFrameHasAllButTheBodies(t *testing.T) {
	large := strings.Repeat("x", 1<<20)
	for name, frame := range map[string]string{
		"sync":    `{"type":"note_sync","noteId":"n","changes":{"content":"` + large + `","tags":["a"]},"updatedNote":{"id":"n","title":"t","content":"` + large + `","blob":{"a":"` + large + `"}},"cursor":"e-1"}`,
		"created": `{"type":"note_created_sync","noteId":"n","noteData":{"id":"n","title":"t","encryptedContent":"` + large + `"},"cursor":"e-1"}`,
		"refusal": `{"type":"error","code":"conflict","current":{"id":"n","encryptedContent":"` + large + `"},"base":{"id":"n","encryptedContent":"` + large + `"}}`,
		"note":    `{"type":"update","data":{"id":"n","title":"t","content":"` + large + `"},"cursor":"e-1"}`,
	} {
		data, err := Truncated([]byte(frame))
		if err != nil || len(data) > 1000 {
			t.Fatalf("%s: %d bytes, error %v", name, len(data), err)
		}
		var whole, rest map[string]any
		_ = json.Unmarshal([]byte(frame), &whole)
		if err := json.Unmarshal(data, &rest); err != nil {
			t.Fatal(err)
		}
		if rest["truncated"] != true {
			t.Errorf("%s does not say that it is truncated: %s", name, data)
		}
		delete(rest, "truncated")
		for _, member := range []string{"updatedNote", "noteData", "changes", "data", "current", "base"} {
			if note, ok := whole[member].(map[string]any); ok {
				for _, body := range bodies {
					delete(note, body)
				}
			}
		}
		if !reflect.DeepEqual(rest, whole) {
			t.Errorf("%s is %s", name, data)
		}
	}
	if _, err := Truncated([]byte("null text")); err == nil {
		t.Error("what is no JSON is truncated")
	}
}
