package emulator

import (
	"context"
	"encoding/json"
	"errors"
	"hash/fnv"
	"sync"
	"time"

	"github.com/aws/aws-lambda-go/events"
)

// maxBackoff is the longest that a retry waits.
const maxBackoff = 10 * time.Second

// deliverAll gives records to the function, in as many batches at once as it may. It returns
// false if ctx ended before they were done with.
func (s *Stream) deliverAll(ctx context.Context, records []events.DynamoDBEventRecord) bool {
	batches := make([][]events.DynamoDBEventRecord, s.cfg.Parallel)
	for _, r := range records {
		item, _ := json.Marshal(r.Change.Keys)
		hash := fnv.New32a()
		_, _ = hash.Write(item)
		n := hash.Sum32() % uint32(len(batches))
		batches[n] = append(batches[n], r)
	}
	var ended sync.WaitGroup
	for _, batch := range batches {
		ended.Go(func() { s.deliver(ctx, batch) })
	}
	ended.Wait()
	return ctx.Err() == nil
}

// deliver gives a batch to the function until it is done with: taken, or given up. A
// function that fails gets each half on its own, which is not counted as a retry. One that
// names the records that failed gets all from the lowest of them again, also those behind
// it that it took. If the retries are used up, all that is left of the batch is given up:
// so it goes in AWS for a record that fails and does not stop to fail. It returns false if
// ctx ended first.
func (s *Stream) deliver(ctx context.Context, batch []events.DynamoDBEventRecord) bool {
	backoff, retries := s.cfg.Backoff, 0
	for {
		if batch = s.young(batch); len(batch) == 0 {
			return true
		}
		failed, err := s.invoke(ctx, batch)
		switch {
		case ctx.Err() != nil:
			return false
		case errors.Is(err, ErrThrottled): // not the function's failure: not counted
		case err == nil && failed == len(batch):
			return true
		case err == nil && failed > 0:
			batch, backoff, retries = batch[failed:], s.cfg.Backoff, 0
			continue
		case err != nil && len(batch) > 1:
			half := len(batch) / 2
			return s.deliver(ctx, batch[:half]) && s.deliver(ctx, batch[half:])
		case s.cfg.MaxRetries >= 0 && retries >= s.cfg.MaxRetries:
			s.drop(batch, "the retries are used up")
			return true
		default:
			retries++
		}
		if !wait(ctx, backoff) {
			return false
		}
		backoff = min(2*backoff, maxBackoff)
	}
}

// young gives up records that are too old.
func (s *Stream) young(batch []events.DynamoDBEventRecord) []events.DynamoDBEventRecord {
	if s.cfg.MaxAge <= 0 {
		return batch
	}
	old := 0
	for old < len(batch) && time.Since(batch[old].Change.ApproximateCreationDateTime.Time) > s.cfg.MaxAge {
		old++
	}
	if old > 0 {
		s.drop(batch[:old], "too old")
	}
	return batch[old:]
}

func (s *Stream) drop(batch []events.DynamoDBEventRecord, why string) {
	s.cfg.Log.Error("records of the stream are given up", "why", why, "records", len(batch),
		"from", batch[0].Change.SequenceNumber, "to", batch[len(batch)-1].Change.SequenceNumber)
	s.cfg.Dropped(batch, why)
}

// invoke returns the index of the first record that failed, len(batch) if none did.
func (s *Stream) invoke(ctx context.Context, batch []events.DynamoDBEventRecord) (failed int, err error) {
	payload, err := json.Marshal(events.DynamoDBEvent{Records: batch})
	if err != nil {
		return 0, err
	}
	answer, err := s.cfg.Function.Call(ctx, payload)
	if err != nil {
		if !errors.Is(err, ErrThrottled) && ctx.Err() == nil {
			s.cfg.Log.Warn("a batch failed", "records", len(batch), "error", err)
		}
		return 0, err
	}
	return firstFailure(answer, batch), nil
}

// firstFailure reads the answer as Lambda does: nothing, null and no failures are success;
// a failure without the number of a record of this batch is that of all.
func firstFailure(answer []byte, batch []events.DynamoDBEventRecord) int {
	var response struct {
		BatchItemFailures []struct {
			ItemIdentifier *string `json:"itemIdentifier"`
		} `json:"batchItemFailures"`
	}
	if len(answer) > 0 && json.Unmarshal(answer, &response) != nil {
		return 0
	}
	first := len(batch)
	for _, failure := range response.BatchItemFailures {
		at := 0
		if id := failure.ItemIdentifier; id != nil {
			at = indexOf(batch, *id)
		}
		first = min(first, at)
	}
	return first
}

// indexOf returns 0 for a number that no record has.
func indexOf(batch []events.DynamoDBEventRecord, sequence string) int {
	for i := range batch {
		if batch[i].Change.SequenceNumber == sequence {
			return i
		}
	}
	return 0
}
