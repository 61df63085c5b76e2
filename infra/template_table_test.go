package infra_test

import (
	"crypto/rand"
	"encoding/json"
	"log/slog"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"notewire/dynamo/ddb"
	"notewire/dynamo/ddb/ddbtest"
)

// table is what the code needs of its table. CloudFormation's names are the API's.
type table struct {
	AttributeDefinitions   []types.AttributeDefinition
	KeySchema              []types.KeySchemaElement
	GlobalSecondaryIndexes []struct {
		IndexName  *string
		KeySchema  []types.KeySchemaElement
		Projection types.Projection
	}
	StreamSpecification     struct{ StreamViewType types.StreamViewType }
	TimeToLiveSpecification struct{ AttributeName *string }
	BillingMode             types.BillingMode
}

// The stack's table is the one that `notewire migrate` makes.
func TestTheStacksTableIsTheMigratedOne(t *testing.T) {
	t.Parallel()
	client, name := dynamoDBLocal(t), "notewire-"+rand.Text()
	if err := ddb.Migrate(t.Context(), client, name, slog.New(slog.DiscardHandler)); err != nil {
		t.Fatal(err)
	}
	made, err := client.DescribeTable(t.Context(), &dynamodb.DescribeTableInput{TableName: &name})
	if err != nil {
		t.Fatal(err)
	}
	ttl, err := client.DescribeTimeToLive(t.Context(), &dynamodb.DescribeTimeToLiveInput{TableName: &name})
	if err != nil {
		t.Fatal(err)
	}
	want := convert[table](t, made.Table)
	want.TimeToLiveSpecification.AttributeName = ttl.TimeToLiveDescription.AttributeName
	want.BillingMode = made.Table.BillingModeSummary.BillingMode
	got := convert[table](t, readTemplate(t).of("Table"))
	for _, made := range []*table{&got, &want} { // DynamoDB keeps no order of these
		slices.SortFunc(made.AttributeDefinitions, func(a, b types.AttributeDefinition) int {
			return strings.Compare(*a.AttributeName, *b.AttributeName)
		})
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("the template has %s\nmigrate makes %s", text(t, got), text(t, want))
	}
}

func convert[T any](t *testing.T, from any) (to T) {
	t.Helper()
	if err := json.Unmarshal([]byte(text(t, from)), &to); err != nil {
		t.Fatal(err)
	}
	return to
}

func text(t *testing.T, v any) string {
	t.Helper()
	data, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

// dynamoDBLocal runs the real DynamoDB Local for a test. Without it the test is skipped, and
// says how to get it; in CI it must be there.
func dynamoDBLocal(t *testing.T) *dynamodb.Client {
	t.Helper()
	endpoint := ddbtest.Start(t)
	return dynamodb.New(dynamodb.Options{
		Region: "us-east-1", BaseEndpoint: &endpoint,
		Credentials: credentials.NewStaticCredentialsProvider("local", "local", ""),
	})
}
