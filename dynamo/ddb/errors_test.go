package ddb_test

import (
	"crypto/rand"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"notewire/dynamo"
	"notewire/dynamo/ddb"
)

func clientOf(endpoint string) *dynamodb.Client {
	return dynamodb.New(dynamodb.Options{
		Region: "us-east-1", BaseEndpoint: aws.String(endpoint), RetryMaxAttempts: 1,
		Credentials: credentials.NewStaticCredentialsProvider("a", "b", ""),
	})
}

// says checks that an error tells the operator what to do.
func says(t *testing.T, err error, parts ...string) {
	t.Helper()
	for _, part := range parts {
		if err == nil || !strings.Contains(err.Error(), part) {
			t.Errorf("%v does not say %q", err, part)
		}
	}
}

func TestATableWithAnotherKeyIsRefused(t *testing.T) {
	c, name := client(t), "other-"+rand.Text()
	_, err := c.CreateTable(t.Context(), &dynamodb.CreateTableInput{
		TableName: &name, BillingMode: types.BillingModePayPerRequest,
		AttributeDefinitions: []types.AttributeDefinition{{AttributeName: aws.String("id"), AttributeType: types.ScalarAttributeTypeS}},
		KeySchema:            []types.KeySchemaElement{{AttributeName: aws.String("id"), KeyType: types.KeyTypeHash}},
	})
	if err != nil {
		t.Fatal(err)
	}
	says(t, ddb.Migrate(t.Context(), c, name, slog.New(slog.DiscardHandler)),
		"does not fit", "its key is id (hash), not PK (hash), SK (range)", "DYNAMODB_TABLE")
}

func TestATableThatIsNotThereIsNamed(t *testing.T) {
	_, err := ddb.New(client(t), "absent-"+rand.Text()).Get(t.Context(), dynamo.Key{PK: "a", SK: "b"})
	says(t, err, "run notewire migrate")
}

// The answer has the shape that AWS documents.
func TestDeniedPermissionSaysWhatTheRoleNeeds(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/x-amz-json-1.0")
		w.WriteHeader(http.StatusBadRequest)
		_, _ = w.Write([]byte(`{"__type":"com.amazon.coral.service#AccessDeniedException","Message":"User: arn:aws:iam::123456789012:user/x is not authorized to perform: dynamodb:BatchGetItem"}`))
	}))
	defer server.Close()
	_, err := ddb.New(clientOf(server.URL), "notes").Get(t.Context(), dynamo.Key{PK: "a", SK: "b"})
	says(t, err, "permission denied", "dynamodb:BatchGetItem", "on the table and its index")
}

func TestAnEndpointThatCannotBeReachedSaysWhatToCheck(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	endpoint := "http://" + l.Addr().String()
	_ = l.Close() // nobody is there now
	_, err = ddb.New(clientOf(endpoint), "notes").Get(t.Context(), dynamo.Key{PK: "a", SK: "b"})
	says(t, err, "DynamoDB cannot be reached", "AWS_ENDPOINT_URL_DYNAMODB")
}
