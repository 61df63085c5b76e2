package emulator

import (
	"bufio"
	"context"
	"crypto/rand"
	"errors"
	"io"
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
	"github.com/aws/aws-sdk-go-v2/service/dynamodbstreams"
)

// local is the real DynamoDB Local, started once.
var local = sync.OnceValues(startLocal)

var stopLocal = func() {}

func startLocal() (string, error) {
	if endpoint := os.Getenv("DYNAMODB_LOCAL"); endpoint != "" {
		return endpoint, nil
	}
	cmd := exec.Command("../../dynamodb-local/run.sh", "0")
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
	return "", errors.New(stderr.String())
}

// table is a table with a stream.
type table struct {
	db      *dynamodb.Client
	streams *dynamodbstreams.Client
	name    string
	arn     string // of its stream
}

func makeTable(t *testing.T) *table {
	t.Helper()
	endpoint, err := local()
	if err != nil && os.Getenv("CI") == "true" {
		t.Fatalf("CI must have DynamoDB Local: %v", err)
	}
	if err != nil {
		t.Skipf("this test needs DynamoDB Local: %v", err)
	}
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
