package main

import (
	"context"
	"strconv"
	"strings"
	"time"

	"github.com/aws/aws-lambda-go/events"

	"notewire/dynamo"
	"notewire/notes"
)

// thinWithin bounds what thinning takes of an invocation: one that is cut off would be repeated.
const thinWithin = 5 * time.Second

// thin makes histories thinner, if HISTORY_KEEP says so, of notes that have got so many versions
// that it is time. What fails is only logged: the note's next versions ask again.
func (f *fanout) thin(ctx context.Context, records []events.DynamoDBEventRecord) {
	if f.keep == 0 {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, thinWithin)
	defer cancel()
	for _, record := range records {
		id, due := thinDue(record)
		if !due {
			continue
		}
		n, err := f.Service.Thin(ctx, id, f.keep)
		if err != nil {
			f.Log.Warn("a history could not be made thinner", "note", id, "error", err)
		}
		if n > 0 {
			f.Log.Info("removed old versions", "note", id, "versions", n)
		}
	}
}

// thinDue returns the note of a record, if its history should be looked at.
func thinDue(r events.DynamoDBEventRecord) (notes.NoteID, bool) {
	if r.EventName != string(events.DynamoDBOperationTypeInsert) {
		return "", false
	}
	key := dynamo.Key{PK: keyOf(r, "PK"), SK: keyOf(r, "SK")}
	topic, ok := dynamo.TopicOf(key)
	if !ok || topic.Note == "" {
		return "", false
	}
	version, err := strconv.ParseInt(strings.TrimPrefix(key.SK, "VER#"), 10, 64)
	return topic.Note, err == nil && notes.ThinDue(version)
}
