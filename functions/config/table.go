package config

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"os"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"

	"notewire/functions"
)

// TableFlags name a DynamoDB table. Credentials come from where AWS programs look for them.
type TableFlags struct {
	DynamodbTable    string `env:"DYNAMODB_TABLE" help:"Keep notes in this DynamoDB table, which notewire migrate makes, rather than in a file."`
	DynamodbEndpoint string `env:"AWS_ENDPOINT_URL_DYNAMODB" help:"Another endpoint, such as DynamoDB Local's http://127.0.0.1:8000."`
	AwsRegion        string `env:"AWS_REGION" help:"The region of the table."`
}

// Client returns a client for the table. It asks nobody on the network.
func (f *TableFlags) Client(ctx context.Context) (*dynamodb.Client, error) {
	var opts []func(*config.LoadOptions) error
	region := f.AwsRegion
	if f.isLocal() && os.Getenv("AWS_ACCESS_KEY_ID") == "" { // DynamoDB Local takes any
		opts = append(opts, config.WithCredentialsProvider(credentials.NewStaticCredentialsProvider("local", "local", "")))
		if region == "" {
			region = "us-east-1"
		}
	}
	if region != "" {
		opts = append(opts, config.WithRegion(region))
	}
	cfg, err := config.LoadDefaultConfig(ctx, opts...)
	if err != nil {
		return nil, fmt.Errorf("read the AWS configuration: %w", err)
	}
	if cfg.Region == "" {
		return nil, errors.New("DYNAMODB_TABLE is set, but no region: set AWS_REGION")
	}
	return dynamodb.NewFromConfig(cfg, func(o *dynamodb.Options) {
		if f.DynamodbEndpoint != "" {
			o.BaseEndpoint = aws.String(f.DynamodbEndpoint)
		}
		o.DisableValidateResponseChecksum = f.isLocal() // DynamoDB Local's are not right
	}), nil
}

func (f *TableFlags) isLocal() bool {
	u, err := url.Parse(f.DynamodbEndpoint)
	return err == nil && functions.IsLoopback(u.Hostname())
}
