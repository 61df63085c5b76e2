package main

import (
	"encoding/json"
	"fmt"
	"log/slog"
	"path/filepath"
	"testing"
	"time"

	"github.com/aws/aws-lambda-go/events"

	"notewire/dynamo"
	"notewire/dynamo/bolt"
	"notewire/functions/lambda"
	"notewire/notes"
	"notewire/transport"
	"notewire/transport/gateway"
)

func TestEvery32ndVersionOfANoteHasItsHistoryLookedAt(t *testing.T) {
	for data, want := range map[string]notes.NoteID{
		record("INSERT", "NOTE#n", "VER#0000000032", 1):   "n",
		record("INSERT", "NOTE#n", "VER#0000000096", 1):   "n",
		record("INSERT", "NOTE#n", "VER#0000000033", 1):   "",
		record("REMOVE", "NOTE#n", "VER#0000000032", 1):   "", // by thinning
		record("INSERT", "LOG#ann", "000000000032", 1):    "",
		record("INSERT", "NOTE#n", "PART#x#32", 1):        "",
		record("MODIFY", "NOTE#n", "HEAD", 1):             "",
		`{"eventName":"INSERT","dynamodb":{"Keys":null}}`: "",
	} {
		var r events.DynamoDBEventRecord
		if err := json.Unmarshal([]byte(data), &r); err != nil {
			t.Fatal(err)
		}
		if got, due := thinDue(r); got != want && due || due != (want != "") {
			t.Errorf("%s: %q %v, want %q", data, got, due, want)
		}
	}
}

func TestTheFanoutThinsHistories(t *testing.T) {
	engine, err := bolt.Open(filepath.Join(t.TempDir(), "db"), bolt.Options{NoSync: true, SweepEvery: -1})
	if err != nil {
		t.Fatal(err)
	}
	defer engine.Close()
	at := time.Now().Add(-100 * 24 * time.Hour).Truncate(24 * time.Hour)
	now := func() time.Time { return at }
	store, err := dynamo.Open(t.Context(), engine, dynamo.Options{LogDays: 30, NewEpoch: func() string { return "E" }})
	if err != nil {
		t.Fatal(err)
	}
	id, log := 0, slog.New(slog.DiscardHandler)
	newID := func() string { id++; return fmt.Sprint(id) }
	service := notes.NewService(notes.Config{Store: store, Publisher: silent{}, Limits: notes.DefaultLimits(), NewID: newID, Now: now})
	var op notes.Op = notes.Create{}
	for n := range 32 {
		if n > 0 {
			op = notes.Edit{Changes: notes.Changes{BodyPatch: notes.BodyPatch{Content: notes.Some(fmt.Sprint(n))}}}
		}
		if _, err := service.Mutate(t.Context(), "ann", "", notes.Mutation{Note: "n", Op: op}); err != nil {
			t.Fatal(err)
		}
	}
	at = time.Now()
	f := &fanout{
		Instance: &lambda.Instance{Log: log, Service: service},
		gateway:  &gateway.Gateway{Registry: lambda.Registry{Engine: engine}, Sessions: &transport.Sessions{}, Log: log},
	}
	batch := json.RawMessage(`{"Records":[` + record("INSERT", "NOTE#n", "VER#0000000032", 1) + `]}`)
	for _, step := range []struct{ keep, left int }{{0, 32}, {10, 11}} {
		f.keep = step.keep
		if answer, err := f.handle(t.Context(), batch); err != nil || len(answer.BatchItemFailures) > 0 {
			t.Fatalf("%+v, error %v", answer, err)
		}
		page, err := service.History(t.Context(), "ann", "n", notes.HistoryQuery{})
		if err != nil || len(page.Versions) != step.left {
			t.Errorf("with %d kept, %d are left, error %v", step.keep, len(page.Versions), err)
		}
	}
}

type silent struct{}

func (silent) Publish(notes.Topic, int64) {}
