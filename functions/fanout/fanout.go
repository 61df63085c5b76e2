package main

import (
	"context"
	"encoding/json"
	"errors"
	"sync"
	"time"

	"github.com/aws/aws-lambda-go/events"

	"notewire/dynamo"
	"notewire/functions/lambda"
	"notewire/notes"
	"notewire/transport/gateway"
)

type fanout struct {
	*lambda.Instance
	gateway *gateway.Gateway
	keep    int // versions of a note, as HISTORY_KEEP has it
}

// handle answers a batch of the stream's records, or the schedule.
func (f *fanout) handle(ctx context.Context, event json.RawMessage) (events.DynamoDBEventResponse, error) {
	var e events.DynamoDBEvent
	if err := json.Unmarshal(event, &e); err != nil {
		return events.DynamoDBEventResponse{}, err
	}
	if len(e.Records) == 0 {
		return events.DynamoDBEventResponse{}, f.sweep(ctx)
	}
	answer := f.deliver(ctx, e.Records)
	f.thin(ctx, e.Records) // afterwards: nobody waits for it
	return answer, nil
}

// atOnce is how many logs or connections are looked at at a time.
const atOnce = 8

// deliver does each thing that the records hint at once. If one fails, the stream repeats the
// records from the first that asked for it.
func (f *fanout) deliver(ctx context.Context, records []events.DynamoDBEventRecord) (answer events.DynamoDBEventResponse) {
	var (
		group  sync.WaitGroup
		slots  = make(chan struct{}, atOnce)
		mu     sync.Mutex
		failed = len(records) // the first record that failed
		seen   = map[hint]bool{}
	)
	for n, record := range records {
		h := hintOf(record)
		if h == (hint{}) || seen[h] {
			continue
		}
		seen[h] = true
		slots <- struct{}{}
		group.Go(func() {
			defer func() { <-slots }()
			if err := f.follow(ctx, h); err != nil {
				f.Log.Error("connections could not be told", "topic", h.topic, "connection", h.connection, "error", err)
				mu.Lock()
				defer mu.Unlock()
				failed = min(failed, n)
			}
		})
	}
	group.Wait()
	if failed < len(records) {
		answer.BatchItemFailures = []events.DynamoDBBatchItemFailure{{ItemIdentifier: records[failed].Change.SequenceNumber}}
	}
	return answer
}

// hint is what a record says: a log has grown, or a connection is new.
type hint struct {
	topic      notes.Topic
	connection string
}

func hintOf(r events.DynamoDBEventRecord) (h hint) {
	if r.EventName != string(events.DynamoDBOperationTypeInsert) {
		return hint{}
	}
	key := dynamo.Key{PK: keyOf(r, "PK"), SK: keyOf(r, "SK")}
	if id, ok := lambda.ConnectionOf(key); ok {
		return hint{connection: id}
	}
	h.topic, _ = dynamo.TopicOf(key)
	return h
}

func keyOf(r events.DynamoDBEventRecord, name string) string {
	if v, ok := r.Change.Keys[name]; ok && v.DataType() == events.DataTypeString {
		return v.String()
	}
	return ""
}

func (f *fanout) follow(ctx context.Context, h hint) error {
	if h.connection != "" {
		return f.gateway.Continue(ctx, h.connection)
	}
	return f.gateway.Deliver(ctx, h.topic)
}

const (
	lateAfter    = 5 * time.Second
	uploadsStale = 24 * time.Hour
)

// sweep finishes what functions that died have left, and removes what was purged: see
// Service.SweepLate, Store.SweepUploads and Store.SweepPurged.
func (f *fanout) sweep(ctx context.Context) error {
	now := time.Now()
	late, lateErr := f.Service.SweepLate(ctx, now.Add(-lateAfter))
	uploads, uploadsErr := f.Store.SweepUploads(ctx, now.Add(-uploadsStale))
	purged, purgedErr := f.Store.SweepPurged(ctx)
	if late+uploads+purged > 0 {
		f.Log.Info("swept", "notes", late, "uploads", uploads, "purged", purged)
	}
	return errors.Join(lateErr, uploadsErr, purgedErr)
}
