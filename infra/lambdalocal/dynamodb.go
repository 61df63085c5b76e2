package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os/exec"
	"path/filepath"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodbstreams"

	"notewire/dynamo/ddb"
	"notewire/infra/lambdalocal/emulator"
)

const region = "us-east-1"

// startDynamoDB starts DynamoDB Local if none was named, and sets its URL. stop ends it.
func (p *program) startDynamoDB(ctx context.Context, log *slog.Logger) (stop func(), err error) {
	if p.Dynamodb != "" {
		return func() {}, nil
	}
	data, err := filepath.Abs(filepath.Join(p.DataDir, "dynamodb"))
	if err != nil {
		return nil, err
	}
	log.Info("starting DynamoDB Local", "data", data)
	cmd := exec.Command("infra/dynamodb-local/run.sh", "0", data)
	cmd.SysProcAttr = emulator.ProcessAttributes() // it outlives Ctrl-C, for the last $disconnect
	var stderr strings.Builder
	cmd.Stderr = &stderr
	out, err := cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := cmd.Start(); err != nil {
		return nil, fmt.Errorf("%w: run this program at the repository's root, or name a DynamoDB Local with --dynamodb", err)
	}
	defer context.AfterFunc(ctx, func() { _ = cmd.Process.Kill() })()
	for lines := bufio.NewScanner(out); lines.Scan(); {
		if addr, ok := strings.CutPrefix(lines.Text(), "DynamoDB Local listens on "); ok {
			go func() { _, _ = io.Copy(io.Discard, out) }()
			p.Dynamodb = "http://" + addr
			return func() { _ = cmd.Process.Kill(); _ = cmd.Wait() }, nil
		}
	}
	_ = cmd.Wait()
	return nil, errors.New("DynamoDB Local did not start: " + stderr.String())
}

// openTable makes the table, or checks it, and returns its stream.
func (p *program) openTable(ctx context.Context, log *slog.Logger) (streamARN string, err error) {
	client := dynamodb.New(dynamodb.Options{
		Region: region, BaseEndpoint: &p.Dynamodb, Credentials: anyCredentials,
		DisableValidateResponseChecksum: true, // DynamoDB Local's are not right
	})
	if err := ddb.Migrate(ctx, client, p.Table, log); err != nil {
		return "", err
	}
	found, err := client.DescribeTable(ctx, &dynamodb.DescribeTableInput{TableName: &p.Table})
	if err != nil {
		return "", err
	}
	return aws.ToString(found.Table.LatestStreamArn), nil
}

func (p *program) streams() *dynamodbstreams.Client {
	return dynamodbstreams.New(dynamodbstreams.Options{Region: region, BaseEndpoint: &p.Dynamodb, Credentials: anyCredentials})
}

// anyCredentials are good enough for DynamoDB Local, and the same as the functions'.
var anyCredentials = credentials.NewStaticCredentialsProvider("local", "local", "local")
