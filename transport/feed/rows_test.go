package feed

import (
	"encoding/json"
	"reflect"
	"testing"
)

// Tables with such rows exist: what was written is read, and written the same.
func TestTheFormatOfARowDoesNotChange(t *testing.T) {
	const text = `{"kind":"webhook","config":"eyJ1cmwiOiJ1In0=","created":1,"epoch":"E","seq":42,` +
		`"paused":[{"note":"n","from":7,"tries":5,"error":"no","at":3},{"note":"","from":8,"tries":1,"retryAt":9,"error":"no","at":4}],` +
		`"failures":2,"retryAt":5,"proven":true,"lastError":"away","lastErrorAt":6,"resumes":1,"holder":"i"}`
	var got Feed
	if err := json.Unmarshal([]byte(text), &got); err != nil {
		t.Fatal(err)
	}
	want := Feed{Kind: "webhook", Config: []byte(`{"url":"u"}`), Created: 1, State: State{
		Epoch: "E", Seq: 42, Failures: 2, RetryAt: 5, Proven: true, LastError: "away", LastErrorAt: 6, Resumes: 1, Holder: "i",
		Paused: []Paused{{Note: "n", From: 7, Tries: 5, Error: "no", At: 3}, {From: 8, Tries: 1, RetryAt: 9, Error: "no", At: 4}},
	}}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("%+v", got)
	}
	if again, err := json.Marshal(got); err != nil || string(again) != text {
		t.Errorf("%s, %v", again, err)
	}
}
