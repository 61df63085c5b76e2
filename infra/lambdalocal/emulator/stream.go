package emulator

import (
	"cmp"
	"context"
	"errors"
	"log/slog"
	"sync"
	"time"

	"github.com/aws/aws-lambda-go/events"
	"github.com/aws/aws-sdk-go-v2/service/dynamodbstreams"
	"github.com/aws/aws-sdk-go-v2/service/dynamodbstreams/types"
)

// StreamConfig describes an event source mapping with ReportBatchItemFailures and
// BisectBatchOnFunctionError. Function, Client and ARN must be set.
type StreamConfig struct {
	Function    *Function
	Client      *dynamodbstreams.Client
	ARN         string        // the stream's: LatestStreamArn of the table
	Region      string        // default us-east-1
	TrimHorizon bool          // begin with the oldest record; default with those to come (LATEST)
	BatchSize   int           // records at most; default 100, at most 1000
	Parallel    int           // batches of a shard at a time (ParallelizationFactor); default 1, at most 10
	MaxRetries  int           // of a batch that fails; negative: no bound, as is AWS's default
	MaxAge      time.Duration // older records are given up; not above 0: no bound, as is AWS's default
	Poll        time.Duration // between two looks at a shard without records; default 200 ms
	Backoff     time.Duration // before the first retry, doubling up to 10 s; default 100 ms
	Filters     []string      // patterns, of which a record must match one; of their language exact and prefix; default all

	// Dropped is told of records that the mapping gave up, as an OnFailure destination is.
	Dropped func(records []events.DynamoDBEventRecord, why string)
	Log     *slog.Logger // default none
}

// Stream gives the records of a table's stream to a function: in order within a shard, a
// shard's children after it, one batch of a shard at a time. With Parallel above 1, order is
// kept for each item (partition and sort key) only. It remembers nothing: each Run begins
// where TrimHorizon says.
type Stream struct {
	cfg     StreamConfig
	filters []filter
	shards  map[string]chan struct{} // closed when all of the shard is done
	ready   chan struct{}
}

// NewStream returns a mapping, which does nothing until Run; or an error if it cannot read
// the filters.
func NewStream(cfg StreamConfig) (*Stream, error) {
	filters, err := parseFilters(cfg.Filters)
	if err != nil {
		return nil, err
	}
	cfg.Region = cmp.Or(cfg.Region, "us-east-1")
	cfg.BatchSize = min(cmp.Or(cfg.BatchSize, 100), 1000)
	cfg.Parallel = min(max(cfg.Parallel, 1), 10)
	cfg.Poll = cmp.Or(cfg.Poll, 200*time.Millisecond)
	cfg.Backoff = cmp.Or(cfg.Backoff, 100*time.Millisecond)
	if cfg.Log == nil {
		cfg.Log = slog.New(slog.DiscardHandler)
	}
	if cfg.Dropped == nil {
		cfg.Dropped = func([]events.DynamoDBEventRecord, string) {}
	}
	return &Stream{cfg: cfg, filters: filters, shards: map[string]chan struct{}{}, ready: make(chan struct{})}, nil
}

// Ready is closed when every record to come will be seen.
func (s *Stream) Ready() <-chan struct{} { return s.ready }

// Run polls until ctx ends, and then returns nil. It returns an error only if it cannot
// begin. Call it once.
func (s *Stream) Run(ctx context.Context) error {
	var readers sync.WaitGroup
	defer readers.Wait()
	first := true
	for {
		shards, err := s.list(ctx)
		switch {
		case ctx.Err() != nil:
			return nil
		case err != nil && first:
			return err
		case err != nil:
			s.cfg.Log.Warn("the shards could not be listed", "error", err)
		}
		var started sync.WaitGroup
		for _, shard := range s.unknown(shards) {
			s.begin(ctx, shard, first, &readers, &started)
		}
		if first {
			started.Wait()
			close(s.ready)
			first = false
		}
		if !wait(ctx, 5*s.cfg.Poll) {
			return nil
		}
	}
}

// list returns all shards.
func (s *Stream) list(ctx context.Context) (shards []types.Shard, err error) {
	input := &dynamodbstreams.DescribeStreamInput{StreamArn: &s.cfg.ARN}
	for {
		out, err := s.cfg.Client.DescribeStream(ctx, input)
		if err != nil {
			return nil, err
		}
		shards = append(shards, out.StreamDescription.Shards...)
		input.ExclusiveStartShardId = out.StreamDescription.LastEvaluatedShardId
		if input.ExclusiveStartShardId == nil {
			return shards, nil
		}
	}
}

// unknown returns the shards that are new, and makes them known.
func (s *Stream) unknown(shards []types.Shard) (fresh []types.Shard) {
	for _, shard := range shards {
		if _, known := s.shards[*shard.ShardId]; !known {
			s.shards[*shard.ShardId] = make(chan struct{})
			fresh = append(fresh, shard)
		}
	}
	return fresh
}

// begin starts a shard's reader, which waits for the shard's parent.
func (s *Stream) begin(ctx context.Context, shard types.Shard, first bool, readers, started *sync.WaitGroup) {
	done := s.shards[*shard.ShardId]
	latest := first && !s.cfg.TrimHorizon
	if latest && shard.SequenceNumberRange != nil && shard.SequenceNumberRange.EndingSequenceNumber != nil {
		close(done) // closed before we came
		return
	}
	var parent <-chan struct{} // nil if it is gone from the stream
	if shard.ParentShardId != nil {
		parent = s.shards[*shard.ParentShardId]
	}
	started.Add(1)
	readers.Go(func() {
		defer close(done)
		r := &shardReader{stream: s, id: *shard.ShardId, latest: latest, started: sync.OnceFunc(started.Done)}
		defer r.started()
		if parent != nil {
			if !latest {
				r.started()
			}
			select {
			case <-parent:
			case <-ctx.Done():
				return
			}
		}
		r.run(ctx)
	})
}

// shardReader reads one shard to its end.
type shardReader struct {
	stream  *Stream
	id      string
	latest  bool
	after   string // the last sequence number that is done with
	started func()
}

func (r *shardReader) run(ctx context.Context) {
	cfg := &r.stream.cfg
	for {
		err := r.read(ctx)
		if err == nil || ctx.Err() != nil {
			return
		}
		if _, trimmed := errors.AsType[*types.TrimmedDataAccessException](err); trimmed {
			r.after, r.latest = "", false // what is left begins later
		}
		cfg.Log.Warn("a shard could not be read", "shard", r.id, "error", err)
		if !wait(ctx, cfg.Backoff) {
			return
		}
	}
}

// read reads from where the shard is, to its end.
func (r *shardReader) read(ctx context.Context) error {
	cfg := &r.stream.cfg
	input := &dynamodbstreams.GetShardIteratorInput{StreamArn: &cfg.ARN, ShardId: &r.id}
	switch {
	case r.after != "":
		input.ShardIteratorType, input.SequenceNumber = types.ShardIteratorTypeAfterSequenceNumber, &r.after
	case r.latest:
		input.ShardIteratorType = types.ShardIteratorTypeLatest
	default:
		input.ShardIteratorType = types.ShardIteratorTypeTrimHorizon
	}
	first, err := cfg.Client.GetShardIterator(ctx, input)
	if err != nil {
		return err
	}
	r.started()
	limit := int32(cfg.BatchSize)
	for at := first.ShardIterator; at != nil; {
		out, err := cfg.Client.GetRecords(ctx, &dynamodbstreams.GetRecordsInput{ShardIterator: at, Limit: &limit})
		if err != nil {
			return err
		}
		if n := len(out.Records); n > 0 {
			if !r.stream.deliverAll(ctx, r.stream.records(out.Records)) {
				return ctx.Err()
			}
			r.after = *out.Records[n-1].Dynamodb.SequenceNumber
		}
		at = out.NextShardIterator
		if len(out.Records) == 0 && at != nil && !wait(ctx, cfg.Poll) {
			return ctx.Err()
		}
	}
	return nil
}

// wait waits, and returns false if ctx ends before.
func wait(ctx context.Context, d time.Duration) bool {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return true
	case <-ctx.Done():
		return false
	}
}
