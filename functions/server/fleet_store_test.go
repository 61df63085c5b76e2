package main

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"strings"
	"sync"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"notewire/functions/config"
)

// streamOff switches off the stream of a table, which no server reads: it makes DynamoDB Local
// slow for all tables.
func streamOff(t *testing.T, table config.TableFlags) {
	t.Helper()
	client, err := table.Client(t.Context())
	if err == nil {
		_, err = client.UpdateTable(t.Context(), &dynamodb.UpdateTableInput{
			TableName: &table.DynamodbTable, StreamSpecification: &types.StreamSpecification{StreamEnabled: aws.Bool(false)},
		})
	}
	if err != nil {
		t.Fatal(err)
	}
}

// storeMeter stands before DynamoDB and counts the requests.
type storeMeter struct {
	url string

	mu       sync.Mutex
	requests map[string]int // by operation and, if it is not 200, status
}

func measure(t *testing.T, endpoint string) *storeMeter {
	t.Helper()
	to, err := url.Parse(endpoint)
	if err != nil {
		t.Fatal(err)
	}
	m := &storeMeter{requests: map[string]int{}}
	proxy := &httputil.ReverseProxy{
		Rewrite:        func(r *httputil.ProxyRequest) { r.SetURL(to) },
		Transport:      &http.Transport{MaxIdleConnsPerHost: 100},
		ModifyResponse: m.count,
		ErrorHandler:   func(w http.ResponseWriter, _ *http.Request, _ error) { w.WriteHeader(http.StatusBadGateway) }, // its client was killed
	}
	server := httptest.NewServer(proxy)
	t.Cleanup(server.Close)
	m.url = server.URL
	return m
}

func (m *storeMeter) count(r *http.Response) error {
	_, operation, _ := strings.Cut(r.Request.Header.Get("X-Amz-Target"), ".")
	if r.StatusCode != http.StatusOK {
		operation += fmt.Sprint(" ", r.StatusCode)
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	m.requests[operation]++
	return nil
}

// String says how often a commit was tried again: DynamoDB answers 400 to a transaction
// that met another one.
func (m *storeMeter) String() string {
	m.mu.Lock()
	defer m.mu.Unlock()
	commits, again := m.requests["TransactWriteItems"], m.requests["TransactWriteItems 400"]
	return fmt.Sprintf("%d commits, %.2f retries and %.1f reads each", commits, float64(again)/float64(max(1, commits)),
		float64(m.requests["BatchGetItem"]+m.requests["Query"])/float64(max(1, commits)))
}
