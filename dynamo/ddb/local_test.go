package ddb_test

import (
	"bufio"
	"context"
	"crypto/rand"
	"io"
	"log/slog"
	"os"
	"os/exec"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"notewire/dynamo"
	"notewire/dynamo/ddb"
	"notewire/dynamo/dynamotest"
	"notewire/notes"
	"notewire/notes/notestest"
)

// local is the real DynamoDB Local, started once for all tests of the package.
var local = sync.OnceValues(startLocal)

var stopLocal = func() {}

func TestMain(m *testing.M) {
	code := m.Run()
	stopLocal()
	os.Exit(code)
}

// startLocal runs DynamoDB Local on a free port, and returns its URL.
func startLocal() (string, error) {
	if endpoint := os.Getenv("DYNAMODB_LOCAL"); endpoint != "" {
		return endpoint, nil
	}
	cmd := exec.Command("../../infra/dynamodb-local/run.sh", "0")
	var stderr strings.Builder
	cmd.Stderr = &stderr
	out, err := cmd.StdoutPipe()
	if err != nil {
		return "", err
	}
	if err := cmd.Start(); err != nil {
		return "", err
	}
	stopLocal = func() { _ = cmd.Process.Kill(); _ = cmd.Wait() }
	for lines := bufio.NewScanner(out); lines.Scan(); {
		if _, addr, ok := strings.Cut(lines.Text(), "DynamoDB Local listens on "); ok {
			go func() { _, _ = io.Copy(io.Discard, out) }()
			return "http://" + addr, nil
		}
	}
	return "", &startError{stderr.String()}
}

type startError struct{ said string }

func (e *startError) Error() string { return e.said }

// client returns a client of DynamoDB Local. Without it the test is skipped, and says how
// to get it; in CI it must be there.
func client(t *testing.T) *dynamodb.Client {
	t.Helper()
	endpoint, err := local()
	if err != nil && os.Getenv("CI") == "true" {
		t.Fatalf("CI must have DynamoDB Local: %v", err)
	}
	if err != nil {
		t.Skipf("this test needs DynamoDB Local: %v", err)
	}
	return dynamodb.New(dynamodb.Options{
		Region: "us-east-1", BaseEndpoint: aws.String(endpoint),
		Credentials: credentials.NewStaticCredentialsProvider("local", "local", ""),
	})
}

// table makes a new table and returns its name.
func table(t *testing.T, c *dynamodb.Client) string {
	t.Helper()
	name := "notewire-" + rand.Text()
	if err := ddb.Migrate(t.Context(), c, name, slog.New(slog.DiscardHandler)); err != nil {
		t.Fatal(err)
	}
	off := &types.StreamSpecification{StreamEnabled: aws.Bool(false)} // DynamoDB Local gets slower with each
	if _, err := c.UpdateTable(t.Context(), &dynamodb.UpdateTableInput{TableName: &name, StreamSpecification: off}); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
		defer cancel()
		if _, err := c.DeleteTable(ctx, &dynamodb.DeleteTableInput{TableName: &name}); err != nil {
			t.Error(err)
		}
	})
	return name
}

func TestEngineKeepsTheContract(t *testing.T) {
	c := client(t)
	name := table(t, c)
	dynamotest.RunEngine(t, func(t *testing.T) dynamo.Engine { return ddb.New(c, name) })
}

func TestStoreOnDynamoDBKeepsTheContract(t *testing.T) {
	c := client(t)
	notestest.Run(t, func(t *testing.T) notestest.Harness {
		clock, engine := notestest.NewClock(), ddb.New(c, table(t, c))
		open := func() notes.Store {
			store, err := dynamo.Open(t.Context(), engine, dynamo.Options{
				LogDays: notes.DefaultLimits().LogDays, NewEpoch: rand.Text, Now: clock.Now,
			})
			if err != nil {
				t.Fatal(err)
			}
			return store
		}
		return notestest.Harness{Store: open(), Clock: clock, Reopen: open}
	})
}
