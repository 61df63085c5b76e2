package ddb

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"

	"notewire/dynamo"
)

var _ dynamo.Scanner = (*Engine)(nil)

// Scan implements dynamo.Scanner. It answers with keys alone, but DynamoDB charges the read
// of whole items: a full scan costs a quarter of a unit per kilobyte of the table.
func (e *Engine) Scan(ctx context.Context, after dynamo.Key, limit int) (keys []dynamo.Key, more bool, err error) {
	in := &dynamodb.ScanInput{
		TableName: &e.table, ConsistentRead: aws.Bool(true), Limit: aws.Int32(int32(limit)),
		ProjectionExpression:     aws.String("#pk, #sk"),
		ExpressionAttributeNames: map[string]string{"#pk": attrPK, "#sk": attrSK},
	}
	if after != (dynamo.Key{}) {
		in.ExclusiveStartKey = keyValue(after)
	}
	for {
		out, err := e.client.Scan(ctx, in)
		if err != nil {
			return nil, false, e.explain("scan", err)
		}
		for _, values := range out.Items {
			item, err := itemOf(values)
			if err != nil {
				return nil, false, err
			}
			keys = append(keys, item.Key)
		}
		if len(keys) > 0 || out.LastEvaluatedKey == nil {
			return keys, out.LastEvaluatedKey != nil, nil
		}
		in.ExclusiveStartKey = out.LastEvaluatedKey
	}
}
