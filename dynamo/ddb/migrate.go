package ddb

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
)

// Migrate makes the table with its index, TTL and stream, or checks that the one that is
// there fits and adds what is missing of TTL and stream. It may be run again at any time.
func Migrate(ctx context.Context, client *dynamodb.Client, table string, log *slog.Logger) error {
	found, err := client.DescribeTable(ctx, &dynamodb.DescribeTableInput{TableName: &table})
	if _, absent := errors.AsType[*types.ResourceNotFoundException](err); absent {
		log.Info("creating the table", "table", table)
		if _, err = client.CreateTable(ctx, schema(table)); err != nil {
			return (&Engine{table: table}).explain("create", err)
		}
		waiter := dynamodb.NewTableExistsWaiter(client)
		found, err = waiter.WaitForOutput(ctx, &dynamodb.DescribeTableInput{TableName: &table}, 5*time.Minute)
	}
	if err != nil {
		return (&Engine{table: table}).explain("look at", err)
	}
	if err := fits(found.Table); err != nil {
		return fmt.Errorf("table %s does not fit: %w: choose another name with DYNAMODB_TABLE, or delete the table", table, err)
	}
	if err := addStream(ctx, client, found.Table, log); err != nil {
		return (&Engine{table: table}).explain("add the stream to", err)
	}
	if err := addTTL(ctx, client, table, log); err != nil {
		return (&Engine{table: table}).explain("switch on TTL of", err)
	}
	log.Info("the table fits", "table", table)
	return nil
}

func schema(table string) *dynamodb.CreateTableInput {
	str := func(name string) types.AttributeDefinition {
		return types.AttributeDefinition{AttributeName: aws.String(name), AttributeType: types.ScalarAttributeTypeS}
	}
	return &dynamodb.CreateTableInput{
		TableName:            &table,
		BillingMode:          types.BillingModePayPerRequest,
		AttributeDefinitions: []types.AttributeDefinition{str(attrPK), str(attrSK), str(attrIndexPK), str(attrIndexSK)},
		KeySchema:            keySchema(attrPK, attrSK),
		GlobalSecondaryIndexes: []types.GlobalSecondaryIndex{{
			IndexName: aws.String(indexName), KeySchema: keySchema(attrIndexPK, attrIndexSK),
			Projection: &types.Projection{ProjectionType: types.ProjectionTypeAll},
		}},
		StreamSpecification: stream(),
	}
}

// stream carries keys only: a record is a hint, the log is the truth.
func stream() *types.StreamSpecification {
	return &types.StreamSpecification{StreamEnabled: aws.Bool(true), StreamViewType: types.StreamViewTypeKeysOnly}
}

func keySchema(pk, sk string) []types.KeySchemaElement {
	return []types.KeySchemaElement{
		{AttributeName: aws.String(pk), KeyType: types.KeyTypeHash},
		{AttributeName: aws.String(sk), KeyType: types.KeyTypeRange},
	}
}

// fits says what is wrong with a table.
func fits(t *types.TableDescription) error {
	if got, want := describe(t.KeySchema), describe(keySchema(attrPK, attrSK)); got != want {
		return fmt.Errorf("its key is %s, not %s", got, want)
	}
	for _, index := range t.GlobalSecondaryIndexes {
		if aws.ToString(index.IndexName) != indexName {
			continue
		}
		if got, want := describe(index.KeySchema), describe(keySchema(attrIndexPK, attrIndexSK)); got != want {
			return fmt.Errorf("the key of its index %s is %s, not %s", indexName, got, want)
		}
		if index.Projection == nil || index.Projection.ProjectionType != types.ProjectionTypeAll {
			return fmt.Errorf("its index %s does not project all attributes", indexName)
		}
		return nil
	}
	return fmt.Errorf("it has no index %s", indexName)
}

func describe(key []types.KeySchemaElement) string {
	parts := make([]string, len(key))
	for i, k := range key {
		parts[i] = fmt.Sprintf("%s (%s)", aws.ToString(k.AttributeName), strings.ToLower(string(k.KeyType)))
	}
	return strings.Join(parts, ", ")
}

func addStream(ctx context.Context, client *dynamodb.Client, t *types.TableDescription, log *slog.Logger) error {
	if t.StreamSpecification != nil && aws.ToBool(t.StreamSpecification.StreamEnabled) {
		return nil
	}
	log.Info("switching on the stream", "table", aws.ToString(t.TableName))
	_, err := client.UpdateTable(ctx, &dynamodb.UpdateTableInput{TableName: t.TableName, StreamSpecification: stream()})
	return err
}

func addTTL(ctx context.Context, client *dynamodb.Client, table string, log *slog.Logger) error {
	found, err := client.DescribeTimeToLive(ctx, &dynamodb.DescribeTimeToLiveInput{TableName: &table})
	if err != nil {
		return err
	}
	if d := found.TimeToLiveDescription; d != nil && (d.TimeToLiveStatus == types.TimeToLiveStatusEnabled || d.TimeToLiveStatus == types.TimeToLiveStatusEnabling) {
		if aws.ToString(d.AttributeName) != attrTTL {
			return fmt.Errorf("TTL is on for %s, not for %s", aws.ToString(d.AttributeName), attrTTL)
		}
		return nil
	}
	log.Info("switching on TTL", "table", table)
	_, err = client.UpdateTimeToLive(ctx, &dynamodb.UpdateTimeToLiveInput{
		TableName:               &table,
		TimeToLiveSpecification: &types.TimeToLiveSpecification{AttributeName: aws.String(attrTTL), Enabled: aws.Bool(true)},
	})
	return err
}
