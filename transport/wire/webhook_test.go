package wire_test

import (
	"slices"
	"strings"
	"testing"

	"notewire/notes"
	"notewire/transport/wire"
)

func TestTheSchemasOfWebhooksHaveTheMembersOfTheGoTypes(t *testing.T) {
	files, g := schemaFiles(t), readGoTypes(t)
	for def, in := range map[string]string{
		"http-answers.json#/$defs/webhookCreated": "WebhookCreated",
		"http-answers.json#/$defs/webhook":        "Webhook",
		"http-answers.json#/$defs/pausedNote":     "PausedNote",
		"http-answers.json#/$defs/webhookFailure": "WebhookFailure",
		"http-answers.json#/$defs/webhooks":       "Webhooks",
		"http-requests.json#/$defs/webhook":       "NewWebhook",
	} {
		want := g.members(t, g.structs[in], "", false)
		properties, required := shapeOf(t, files, def)
		for name, always := range want {
			if !properties[name] || always != slices.Contains(required, name) {
				t.Errorf("%s: %s is there: %v; always: want %v", def, name, properties[name], always)
			}
			delete(properties, name)
		}
		for name := range properties {
			t.Errorf("%s has %s, which the type has not", def, name)
		}
	}
}

func TestWebhooksAreAsTheirSchemaHasThem(t *testing.T) {
	strict := closed(t)
	failure := wire.WebhookFailure{Message: "the receiver answered 500", At: 1763700000000}
	idle := wire.Webhook{ID: "abc", URL: "https://example.com", State: wire.WebhookActive, CreatedAt: 1, Cursor: cursor, Paused: []wire.PausedNote{}}
	away := idle
	away.State, away.RetryAt, away.Failures, away.LastError = wire.WebhookBackingOff, 2, 3, &failure
	away.Paused = []wire.PausedNote{{NoteID: notes.NoteID("n"), Cursor: cursor, Error: failure}, {Cursor: cursor, RetryAt: 4, Error: failure}}
	for _, w := range []wire.Webhook{idle, away} {
		strict.check(t, "http-answers.json#/$defs/webhook", wire.Encode(w))
	}
	strict.check(t, "http-answers.json#/$defs/webhooks", wire.Encode(wire.Webhooks{Webhooks: []wire.Webhook{idle, away}}))
	strict.check(t, "http-answers.json#/$defs/webhookCreated", wire.Encode(wire.WebhookCreated{ID: "abc", URL: "u", Secret: "s", CreatedAt: 1, Cursor: cursor}))
}

// The server reads the body of a request for a webhook if and only if it is as its schema has it.
func TestARequestForAWebhookIsReadAsItsSchemaHasIt(t *testing.T) {
	open := published(t)
	for body, code := range map[string]wire.FormatCode{
		`{"url":"https://example.com"}`: "",
		`{}`:                            wire.MissingMember,
		`{"url":""}`:                    wire.MissingMember,
		`{"url":1}`:                     wire.WrongType,
		`{"url":"u","x":1}`:             wire.UnknownMember,
		`[]`:                            wire.WrongType,
	} {
		n, err := wire.DecodeNewWebhook([]byte(body))
		if code == "" {
			if err != nil || !strings.Contains(body, n.URL) {
				t.Errorf("%s: %+v, %v", body, n, err)
			}
		} else if got := checkFormatError(t, err).Code; got != code {
			t.Errorf("%s: %s, want %s", body, got, code)
		}
		if valid := open.get(t, "http-requests.json#/$defs/webhook").Validate(jsonValue(t, []byte(body))) == nil; valid != (err == nil) {
			t.Errorf("%s is as its schema has it: %v", body, valid)
		}
	}
}
