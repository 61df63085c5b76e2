package emulator

import (
	"context"
	"crypto/rand"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/aws/aws-sdk-go-v2/service/dynamodbstreams"

	"notewire/dynamo/ddb/ddbtest"
)

// table is a table with a stream.
type table struct {
	db      *dynamodb.Client
	streams *dynamodbstreams.Client
	name    string
	arn     string // of its stream
}

func makeTable(t *testing.T) *table {
	t.Helper()
	endpoint := ddbtest.Shared(t)
	keys := credentials.NewStaticCredentialsProvider("local", "local", "")
	tab := &table{name: "emulator-" + rand.Text()}
	tab.db = dynamodb.New(dynamodb.Options{Region: "us-east-1", BaseEndpoint: &endpoint, Credentials: keys, DisableValidateResponseChecksum: true})
	tab.streams = dynamodbstreams.New(dynamodbstreams.Options{Region: "us-east-1", BaseEndpoint: &endpoint, Credentials: keys})
	made, err := tab.db.CreateTable(t.Context(), &dynamodb.CreateTableInput{
		TableName: &tab.name, BillingMode: types.BillingModePayPerRequest,
		AttributeDefinitions: []types.AttributeDefinition{
			{AttributeName: aws.String("PK"), AttributeType: types.ScalarAttributeTypeS},
			{AttributeName: aws.String("SK"), AttributeType: types.ScalarAttributeTypeS},
		},
		KeySchema: []types.KeySchemaElement{
			{AttributeName: aws.String("PK"), KeyType: types.KeyTypeHash},
			{AttributeName: aws.String("SK"), KeyType: types.KeyTypeRange},
		},
		StreamSpecification: &types.StreamSpecification{StreamEnabled: aws.Bool(true), StreamViewType: types.StreamViewTypeKeysOnly},
	})
	if err != nil {
		t.Fatal(err)
	}
	tab.arn = aws.ToString(made.TableDescription.LatestStreamArn)
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
		defer cancel()
		_, _ = tab.db.DeleteTable(ctx, &dynamodb.DeleteTableInput{TableName: &tab.name})
	})
	return tab
}

func (tab *table) put(t *testing.T, keys ...string) {
	t.Helper()
	for _, key := range keys {
		_, err := tab.db.PutItem(t.Context(), &dynamodb.PutItemInput{TableName: &tab.name, Item: map[string]types.AttributeValue{
			"PK": &types.AttributeValueMemberS{Value: "all"}, "SK": &types.AttributeValueMemberS{Value: key},
		}})
		if err != nil {
			t.Fatal(err)
		}
	}
}
