package emulator

import (
	"context"
	"encoding/json"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-lambda-go/events"
	"github.com/aws/aws-sdk-go-v2/service/dynamodbstreams/types"
)

// mapping is a stream that gives records to a function.
type mapping struct {
	table *table
	notes *notes
	heal  string // while this file is not there, "once" fails

	mu      sync.Mutex
	dropped []string
}

// run maps what is in the table already, and what comes.
func run(t *testing.T, cfg StreamConfig, before ...string) *mapping {
	t.Helper()
	m := &mapping{table: makeTable(t), heal: filepath.Join(t.TempDir(), "healed")}
	m.table.put(t, before...)
	cfg.Function, m.notes = start(t, "records", Config{Concurrency: max(cfg.Parallel, 1)}, "HEALED_FILE="+m.heal)
	cfg.Client, cfg.ARN = m.table.streams, m.table.arn
	cfg.Poll, cfg.Backoff = 10*time.Millisecond, 5*time.Millisecond
	cfg.Dropped = func(records []events.DynamoDBEventRecord, why string) {
		m.mu.Lock()
		defer m.mu.Unlock()
		m.dropped = append(m.dropped, strings.Join(keysOf(records), ",")+" "+why)
	}
	ctx, cancel := context.WithCancel(context.Background())
	s, err := NewStream(cfg)
	if err != nil {
		t.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() { ended <- s.Run(ctx) }()
	t.Cleanup(func() {
		cancel()
		if err := <-ended; err != nil {
			t.Error(err)
		}
	})
	select {
	case <-s.Ready():
	case err := <-ended:
		ended <- nil
		t.Fatal(err)
	}
	return m
}

func keysOf(records []events.DynamoDBEventRecord) (keys []string) {
	for _, r := range records {
		keys = append(keys, r.Change.Keys["SK"].String())
	}
	return keys
}

// saw waits until the function's batches end with these.
func (m *mapping) saw(t *testing.T, want ...string) {
	t.Helper()
	var got []string
	defer func() {
		if t.Failed() {
			t.Logf("batches: %q, want at the end %q", got, want)
		}
	}()
	eventually(t, "the batches", func() bool {
		got = m.notes.lines()
		return len(got) >= len(want) && slices.Equal(got[len(got)-len(want):], want)
	})
}

func (m *mapping) gaveUp(t *testing.T, want ...string) {
	t.Helper()
	eventually(t, "what was given up", func() bool {
		m.mu.Lock()
		defer m.mu.Unlock()
		return slices.Equal(m.dropped, want)
	})
}

func TestRecordsComeInOrderAndInBatches(t *testing.T) {
	t.Parallel()
	m := run(t, StreamConfig{TrimHorizon: true, BatchSize: 3}, "1", "2", "3", "4", "5", "6", "7")
	m.saw(t, "1,2,3", "4,5,6", "7")
}

func TestLatestBeginsWithWhatComes(t *testing.T) {
	t.Parallel()
	m := run(t, StreamConfig{}, "old")
	m.table.put(t, "new")
	m.saw(t, "new")
	if lines := m.notes.lines(); len(lines) != 1 {
		t.Errorf("batches %q", lines)
	}
}

func TestAFailedItemIsTriedAgainWithAllBehindIt(t *testing.T) {
	t.Parallel()
	m := run(t, StreamConfig{TrimHorizon: true, MaxRetries: -1}, "1", "2 fails once", "3", "4 fails once")
	m.saw(t, "1,2 fails once,3,4 fails once", "2 fails once,3,4 fails once")
	touch(t, m.heal)
	m.table.put(t, "5")
	m.saw(t, "2 fails once,3,4 fails once", "5")
	m.gaveUp(t)
}

func TestAPoisonedItemIsGivenUpWithAllBehindIt(t *testing.T) {
	t.Parallel()
	m := run(t, StreamConfig{TrimHorizon: true, MaxRetries: 2}, "1", "2 fails", "3")
	m.gaveUp(t, "2 fails,3 the retries are used up")
	m.table.put(t, "4")
	m.saw(t, "1,2 fails,3", "2 fails,3", "2 fails,3", "2 fails,3", "4")
}

func TestAFailedBatchIsHalvedUntilThePoisonIsAlone(t *testing.T) {
	t.Parallel()
	m := run(t, StreamConfig{TrimHorizon: true, MaxRetries: 1}, "1", "2", "3 kills", "4")
	m.gaveUp(t, "3 kills the retries are used up")
	m.saw(t, "1,2,3 kills,4", "1,2", "3 kills,4", "3 kills", "3 kills", "4")
}

func TestOldRecordsAreGivenUp(t *testing.T) {
	t.Parallel()
	m := run(t, StreamConfig{TrimHorizon: true, MaxAge: time.Nanosecond}, "1", "2")
	m.gaveUp(t, "1,2 too old")
}

// The function holds on to one batch; others pass it by.
func TestSeveralBatchesAtOnce(t *testing.T) {
	t.Parallel()
	m := run(t, StreamConfig{TrimHorizon: true, Parallel: 4}, "waits", "1", "2", "3", "4", "5", "6", "7", "8")
	eventually(t, "another batch", func() bool { return m.notes.lines()[0] != "" })
	touch(t, m.heal)
	want := []string{"1", "2", "3", "4", "5", "6", "7", "8", "waits"}
	eventually(t, "all records once", func() bool {
		got := strings.Split(strings.Join(m.notes.lines(), ","), ",")
		slices.Sort(got)
		return slices.Equal(got, want)
	})
}

func TestFiltersKeepRecordsOut(t *testing.T) {
	t.Parallel()
	m := run(t, StreamConfig{TrimHorizon: true, Filters: []string{
		`{"eventName":["INSERT"],"dynamodb":{"Keys":{"PK":{"S":["all"]},"SK":{"S":[{"prefix":"a"}]}}}}`,
		`{"eventName":["REMOVE"]}`,
		`{"dynamodb":{"Keys":{"SK":{"S":["c","d"]}}}}`,
	}}, "a1", "b", "d", "a2", "e")
	m.saw(t, "a1,d,a2")
	for _, bad := range []string{`{"a":["x"`, `{"a":"x"}`, `{"a":[{"suffix":"x"}]}`, `{"a":[1]}`, `{"a":[{"prefix":"x","exists":true}]}`} {
		if _, err := NewStream(StreamConfig{Filters: []string{bad}}); err == nil {
			t.Errorf("the filter %s was taken", bad)
		}
	}
}

func TestHowAnAnswerIsRead(t *testing.T) {
	batch := make([]events.DynamoDBEventRecord, 3)
	for i := range batch {
		batch[i].Change.SequenceNumber = fmt.Sprint(i)
	}
	for answer, want := range map[string]int{
		"": 3, "null": 3, "{}": 3, `{"batchItemFailures":null}`: 3, `{"batchItemFailures":[]}`: 3,
		`{"batchItemFailures":[{"itemIdentifier":"2"},{"itemIdentifier":"1"}]}`: 1,
		`{"batchItemFailures":[{"itemIdentifier":""}]}`:                         0,
		`{"batchItemFailures":[{"itemIdentifier":null}]}`:                       0,
		`{"batchItemFailures":[{"other":"2"}]}`:                                 0,
		`{"batchItemFailures":[{"itemIdentifier":"77"}]}`:                       0,
	} {
		if got := firstFailure([]byte(answer), batch); got != want {
			t.Errorf("%s: %d, want %d", answer, got, want)
		}
	}
}

func TestEveryKindOfAttributeHasItsJSON(t *testing.T) {
	in := map[string]types.AttributeValue{
		"s": &types.AttributeValueMemberS{Value: "a"}, "n": &types.AttributeValueMemberN{Value: "1"},
		"b": &types.AttributeValueMemberB{Value: []byte("b")}, "bool": &types.AttributeValueMemberBOOL{Value: true},
		"null": &types.AttributeValueMemberNULL{Value: true}, "ss": &types.AttributeValueMemberSS{Value: []string{"a"}},
		"ns": &types.AttributeValueMemberNS{Value: []string{"1"}}, "bs": &types.AttributeValueMemberBS{Value: [][]byte{[]byte("b")}},
		"l": &types.AttributeValueMemberL{Value: []types.AttributeValue{&types.AttributeValueMemberS{Value: "a"}}},
		"m": &types.AttributeValueMemberM{Value: map[string]types.AttributeValue{"s": &types.AttributeValueMemberS{Value: "a"}}},
	}
	got, err := json.Marshal(attributes(in))
	if err != nil {
		t.Fatal(err)
	}
	const want = `{"b":{"B":"Yg=="},"bool":{"BOOL":true},"bs":{"BS":["Yg=="]},"l":{"L":[{"S":"a"}]},"m":{"M":{"s":{"S":"a"}}},` +
		`"n":{"N":"1"},"ns":{"NS":["1"]},"null":{"NULL":true},"s":{"S":"a"},"ss":{"SS":["a"]}}`
	if string(got) != want {
		t.Errorf("%s, want %s", got, want)
	}
}
