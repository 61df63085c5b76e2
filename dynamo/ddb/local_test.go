package ddb_test

import (
	"context"
	"crypto/rand"
	"log/slog"
	"os"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"notewire/dynamo"
	"notewire/dynamo/ddb"
	"notewire/dynamo/ddb/ddbtest"
	"notewire/dynamo/dynamotest"
	"notewire/notes"
	"notewire/notes/notestest"
)

func TestMain(m *testing.M) {
	code := m.Run()
	ddbtest.Stop()
	os.Exit(code)
}

// client returns a client of DynamoDB Local, which all tests of the package share.
func client(t *testing.T) *dynamodb.Client {
	t.Helper()
	endpoint := ddbtest.Shared(t)
	return dynamodb.New(dynamodb.Options{
		Region: "us-east-1", BaseEndpoint: &endpoint,
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

func TestEngineKeepsTheContractAtOnce(t *testing.T) {
	c := client(t)
	name := table(t, c)
	dynamotest.RunEngineAtOnce(t, func(t *testing.T) dynamo.Engine { return ddb.New(c, name) })
}

// The race detector sees the store at work on a file; of this package it has to see the engine.
func TestStoreOnDynamoDBKeepsTheContract(t *testing.T) {
	notestest.Run(t, openDynamoDB)
	notestest.RunAtOnce(t, openDynamoDB)
}

// openDynamoDB opens a store on a new table.
func openDynamoDB(t *testing.T) notestest.Harness {
	c := client(t)
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
}
