package main

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"path/filepath"
	"testing"

	"github.com/aws/aws-lambda-go/events"

	"notewire/dynamo/bolt"
	"notewire/functions/lambda"
	"notewire/notes"
	"notewire/transport"
	"notewire/transport/gateway"
)

func record(name, pk, sk string, number int) string {
	return fmt.Sprintf(`{"eventName":%q,"dynamodb":{"SequenceNumber":"%d","Keys":{"PK":{"S":%q},"SK":{"S":%q}}}}`, name, number, pk, sk)
}

func TestARecordIsAHint(t *testing.T) {
	for data, want := range map[string]hint{
		record("INSERT", "LOG#ann", "000000000042", 1):                {topic: notes.Topic{User: "ann"}},
		record("INSERT", "NOTE#n", "VER#0000000007", 1):               {topic: notes.Topic{Note: "n"}},
		record("INSERT", "CONN#L0SM9cOF=", "CONN", 1):                 {connection: "L0SM9cOF="},
		record("MODIFY", "CONN#L0SM9cOF=", "CONN", 1):                 {}, // a turn
		record("REMOVE", "LOG#ann", "000000000001", 1):                {}, // by its TTL
		record("INSERT", "NOTE#n", "HEAD", 1):                         {},
		record("INSERT", "NOTE#n", "PART#x#00", 1):                    {},
		record("INSERT", "USER#ann", "RCPT#m", 1):                     {},
		record("INSERT", "FOLLOW#USER#ann", "c", 1):                   {},
		`{"eventName":"INSERT","dynamodb":{"Keys":{"PK":{"N":"1"}}}}`: {},
		`{"eventName":"INSERT"}`:                                      {},
	} {
		var r events.DynamoDBEventRecord
		if err := json.Unmarshal([]byte(data), &r); err != nil {
			t.Fatal(err)
		}
		if got := hintOf(r); got != want {
			t.Errorf("%s is %+v, want %+v", data, got, want)
		}
	}
}

// A log that cannot be told of is asked for again, from the first of its records on.
func TestTheStreamRepeatsWhatFailed(t *testing.T) {
	engine, err := bolt.Open(filepath.Join(t.TempDir(), "db"), bolt.Options{NoSync: true, SweepEvery: -1})
	if err != nil {
		t.Fatal(err)
	}
	log := slog.New(slog.DiscardHandler)
	f := &fanout{
		Instance: &lambda.Instance{Log: log},
		gateway:  &gateway.Gateway{Registry: lambda.Registry{Engine: engine}, Sessions: &transport.Sessions{}, Log: log},
	}
	batch := fmt.Sprintf(`{"Records":[%s,%s,%s,%s]}`, record("INSERT", "USER#ann", "RCPT#m", 10),
		record("INSERT", "LOG#ann", "000000000001", 11), record("INSERT", "LOG#bob", "000000000001", 12), record("INSERT", "LOG#ann", "000000000002", 13))
	answer, err := f.handle(context.Background(), json.RawMessage(batch))
	if err != nil || len(answer.BatchItemFailures) != 0 {
		t.Fatalf("nobody follows, and the answer is %+v, error %v", answer, err)
	}
	if err := engine.Close(); err != nil { // the table does not answer
		t.Fatal(err)
	}
	answer, err = f.handle(context.Background(), json.RawMessage(batch))
	if err != nil || len(answer.BatchItemFailures) != 1 || answer.BatchItemFailures[0].ItemIdentifier != "11" {
		t.Errorf("the answer is %+v, error %v", answer, err)
	}
}
