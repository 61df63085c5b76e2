package functions

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"notewire/notes"
)

// query calls a query of the tRPC API.

func (w *world) query(user, procedure, input string) answer {
	w.t.Helper()
	return w.get(user, "/api/v1/"+procedure+"?input="+url.QueryEscape(input))
}

// mutate calls a mutation.

func (w *world) mutate(user, procedure, input string) answer {
	w.t.Helper()
	return w.post(user, "/api/v1/"+procedure, input)
}

// data is what a call that succeeded answered, if it is an object.

func (a answer) data() map[string]any {
	a.t.Helper()
	result, _ := a.must(200).json()["result"].(map[string]any)
	data, ok := result["data"].(map[string]any)
	if !ok {
		a.t.Fatalf("%s has no data", a.Body)
	}
	return data
}

// null fails the test unless a call answered null.

func (a answer) null() {
	a.t.Helper()
	if got := strings.TrimSpace(a.must(200).Body.String()); got != `{"result":{"data":null}}` {
		a.t.Errorf("%s, want null", got)
	}
}

// words shows values with a space between them.

func words(values ...any) string { return strings.TrimSuffix(fmt.Sprintln(values...), "\n") }

// trpcNumbers are tRPC's own, by its names.

var trpcNumbers = map[string]struct{ status, number int }{
	"BAD_REQUEST": {400, -32600}, "UNAUTHORIZED": {401, -32001}, "FORBIDDEN": {403, -32003}, "NOT_FOUND": {404, -32004},
	"METHOD_NOT_SUPPORTED": {405, -32005}, "CONFLICT": {409, -32009}, "PAYLOAD_TOO_LARGE": {413, -32013},
	"UNSUPPORTED_MEDIA_TYPE": {415, -32015}, "UNPROCESSABLE_CONTENT": {422, -32022}, "TOO_MANY_REQUESTS": {429, -32029},
	"SERVICE_UNAVAILABLE": {503, -32603},
}

// refusedAs fails the test unless a call was refused with that name and message.

func (a answer) refusedAs(code, message string) map[string]any {
	a.t.Helper()
	want := trpcNumbers[code]
	problem, _ := a.must(want.status).json()["error"].(map[string]any)
	data, _ := problem["data"].(map[string]any)
	if problem["code"] != float64(want.number) || data["code"] != code || data["httpStatus"] != float64(want.status) ||
		!strings.Contains(fmt.Sprint(problem["message"]), message) {
		a.t.Errorf("%s, want %s %q", a.Body, code, message)
	}
	return data
}

// ids lists what listNotes answers, page by page.

func TestTRPCBatches(t *testing.T) {
	w := newWorld(t, nil)
	w.mutate("ann", "createNote", `{"id":"n","title":"1","blob":1}`).data()
	batch := func(a answer, status int) []map[string]any {
		t.Helper()
		var replies []map[string]any
		if err := json.Unmarshal(a.must(status).Body.Bytes(), &replies); err != nil {
			t.Fatalf("%v: %s", err, a.Body)
		}
		return replies
	}
	codes := func(replies []map[string]any) string {
		var all []string
		for _, r := range replies {
			if problem, ok := r["error"].(map[string]any); ok {
				data := problem["data"].(map[string]any)
				all = append(all, fmt.Sprint(data["code"], " ", data["path"]))
			} else {
				all = append(all, "ok")
			}
		}
		return strings.Join(all, ", ")
	}
	input := url.QueryEscape(`{"0":{"id":"n"},"1":{},"2":{"id":"n","version":1}}`)
	if got := codes(batch(w.get("ann", "/api/v1/getNote,listNotes,getVersion?batch=1&input="+input), 200)); got != "ok, ok, ok" {
		t.Error(got)
	}
	if got := codes(batch(w.get("ann", "/api/v1/getNote?batch=1&input="+input), 200)); got != "ok" {
		t.Error(got)
	}
	if got := codes(batch(w.get("ann", "/api/v1/getNote%2ClistNotes?batch=1&input="+input), 200)); got != "ok, ok" {
		t.Error(got)
	}
	input = url.QueryEscape(`{"0":{"id":"n"},"2":{"id":"n"},"3":{"id":"n"}}`)
	if got := codes(batch(w.get("ann", "/api/v1/getNote,getVersion,nothing,updateNote?batch=1&input="+input), 207)); got !=
		"ok, BAD_REQUEST getVersion, NOT_FOUND nothing, METHOD_NOT_SUPPORTED updateNote" {
		t.Error(got)
	}
	if got := codes(batch(w.post("ann", "/api/v1/updateNote,updateNote?batch=1", `{"0":{"id":"x","blob":1},"1":{"id":"y","blob":1}}`), 404)); got !=
		"NOT_FOUND updateNote, NOT_FOUND updateNote" {
		t.Error(got)
	}
	// Calls of one note are done in their order.
	replies := batch(w.post("ann", "/api/v1/updateNote,updateNote,updateNote?batch=1",
		`{"0":{"id":"n","blob":2},"1":{"id":"n","blob":3,"expectedVersion":2},"2":{"id":"n","blob":4,"expectedVersion":2}}`), 207)
	if got := codes(replies); got != "ok, ok, CONFLICT updateNote" {
		t.Error(got)
	}
	for _, body := range []string{`[{"id":"n"}]`, `"x"`, `1`, `{`, `{"0":`} {
		if got := codes(batch(w.post("ann", "/api/v1/updateNote,nothing?batch=1", body), 207)); got != "BAD_REQUEST updateNote, NOT_FOUND nothing" {
			t.Errorf("%s: %s", body, got)
		}
	}
	if got := codes(batch(w.get("", "/api/v1/getNote,listNotes?batch=1"), 401)); got != "UNAUTHORIZED getNote, UNAUTHORIZED listNotes" {
		t.Error(got)
	}
	twenty := "getNote" + strings.Repeat(",getNote", 19)
	if got := batch(w.get("ann", "/api/v1/"+twenty+"?batch=1"), 400); len(got) != 20 {
		t.Errorf("%d replies", len(got))
	}
	w.get("ann", "/api/v1/"+twenty+",getNote?batch=1").refusedAs("BAD_REQUEST", "Batch call exceeds maximum size")
}

func TestTRPCRequestsThatAreNone(t *testing.T) {
	w := newWorld(t, func(_ *notes.Limits, d *Deps) { withQuota(2)(nil, d); d.BodyBytes = 1000 })
	w.query("ann", "nothing", `{}`).refusedAs("NOT_FOUND", `No procedure found on path "nothing"`)
	w.query("ann", "getNote,getNote", `{}`).refusedAs("NOT_FOUND", `No procedure found on path "getNote,getNote"`)
	w.query("ann", "a/b", `{}`).refusedAs("NOT_FOUND", `No procedure found on path "a/b"`)
	w.query("ann", "", `{}`).refusedAs("NOT_FOUND", `No procedure found on path ""`)
	w.query("ann", "updateNote", `{}`).refusedAs("METHOD_NOT_SUPPORTED", `Unsupported GET-request to mutation procedure at path "updateNote"`)
	w.mutate("ann", "getNote", `{}`).refusedAs("METHOD_NOT_SUPPORTED", `Unsupported POST-request to query procedure at path "getNote"`)
	w.query("", "getNote", `{}`).refusedAs("UNAUTHORIZED", "Authentication required")
	w.send("", http.MethodGet, "/api/v1/getNote", "", "Authorization", "Bearer x").refusedAs("UNAUTHORIZED", "Authentication failed")
	w.send("ann", http.MethodPost, "/api/v1/createNote", `{}`, "Content-Type", "text/plain").refusedAs("UNSUPPORTED_MEDIA_TYPE", "Content-Type")
	w.mutate("ann", "createNote", `{"content":"`+strings.Repeat("x", 1000)+`"}`).refusedAs("PAYLOAD_TOO_LARGE", "The body is larger than 1000 bytes")
	w.post("ann", "/api/v1/createNote,createNote?batch=1", `{}`).must(200)
	w.post("ann", "/api/v1/createNote,createNote?batch=1", `{}`).must(429)
	data := w.mutate("ann", "createNote", `{}`).refusedAs("TOO_MANY_REQUESTS", "")
	if data["problem"].(map[string]any)["retryAfterMs"] == nil {
		t.Errorf("%v", data)
	}
	w.query("ann", "listNotes", `{}`).data() // queries are not counted
}
