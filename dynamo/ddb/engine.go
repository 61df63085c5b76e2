package ddb

import (
	"context"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"notewire/dynamo"
)

var _ dynamo.Engine = (*Engine)(nil)

// Engine is dynamo.Engine on one table. Safe for concurrent use; it has no goroutine and
// nothing to close.
type Engine struct {
	client *dynamodb.Client
	table  string
	// Consumed, if it is set before the first call, is told the capacity units that each
	// request consumed, of the table and its index together.
	Consumed func(units float64)
}

// report is what requests ask for, so that consumed can tell.
func (e *Engine) report() types.ReturnConsumedCapacity {
	if e.Consumed == nil {
		return types.ReturnConsumedCapacityNone
	}
	return types.ReturnConsumedCapacityTotal
}

func (e *Engine) consumed(capacity ...types.ConsumedCapacity) {
	for _, c := range capacity {
		if e.Consumed != nil {
			e.Consumed(aws.ToFloat64(c.CapacityUnits))
		}
	}
}

// New returns an Engine on a table that Migrate has made or checked.
func New(client *dynamodb.Client, table string) *Engine {
	return &Engine{client: client, table: table}
}

// batch is how many keys one BatchGetItem may have.
const batch = 100

// Get implements dynamo.Engine.
func (e *Engine) Get(ctx context.Context, keys ...dynamo.Key) ([]*dynamo.Item, error) {
	found := make(map[dynamo.Key]*dynamo.Item, len(keys))
	var wanted []map[string]types.AttributeValue
	for _, key := range keys {
		if _, twice := found[key]; !twice { // DynamoDB refuses a key that is there twice
			found[key] = nil
			wanted = append(wanted, keyValue(key))
		}
	}
	for len(wanted) > 0 {
		n := min(batch, len(wanted))
		if err := e.getBatch(ctx, wanted[:n], found); err != nil {
			return nil, e.explain("read", err)
		}
		wanted = wanted[n:]
	}
	items := make([]*dynamo.Item, len(keys))
	for i, key := range keys {
		items[i] = found[key]
	}
	return items, nil
}

// getBatch reads until nothing is left unprocessed: a batch answers with 16 MB at most.
func (e *Engine) getBatch(ctx context.Context, keys []map[string]types.AttributeValue, found map[dynamo.Key]*dynamo.Item) error {
	for attempt := 0; len(keys) > 0; attempt++ {
		out, err := e.client.BatchGetItem(ctx, &dynamodb.BatchGetItemInput{
			RequestItems:           map[string]types.KeysAndAttributes{e.table: {Keys: keys, ConsistentRead: aws.Bool(true)}},
			ReturnConsumedCapacity: e.report(),
		})
		if err != nil {
			return err
		}
		e.consumed(out.ConsumedCapacity...)
		for _, values := range out.Responses[e.table] {
			item, err := itemOf(values)
			if err != nil {
				return err
			}
			found[item.Key] = item
		}
		left := out.UnprocessedKeys[e.table].Keys
		if len(left) == len(keys) { // nothing at all: it is busy
			if err := pause(ctx, attempt); err != nil {
				return err
			}
		}
		keys = left
	}
	return nil
}

// Query implements dynamo.Engine.
func (e *Engine) Query(ctx context.Context, q dynamo.Query) (dynamo.Page, error) {
	var page dynamo.Page
	in, any := e.queryInput(q)
	if !any {
		return page, nil
	}
	size := 0
	for {
		in.Limit = aws.Int32(int32(q.Limit - len(page.Items)))
		out, err := e.client.Query(ctx, in)
		if err != nil {
			return page, e.explain("query", err)
		}
		if out.ConsumedCapacity != nil {
			e.consumed(*out.ConsumedCapacity)
		}
		for i, values := range out.Items {
			item, err := itemOf(values)
			if err != nil {
				return page, err
			}
			page.Items = append(page.Items, item)
			size += sizeOf(item)
			if q.Bytes > 0 && size >= q.Bytes {
				page.More = i < len(out.Items)-1 || out.LastEvaluatedKey != nil
				return page, nil
			}
		}
		if out.LastEvaluatedKey == nil || len(page.Items) >= q.Limit {
			page.More = out.LastEvaluatedKey != nil
			return page, nil
		}
		in.ExclusiveStartKey = out.LastEvaluatedKey
	}
}

// queryInput returns the request, or false if the range is empty, which DynamoDB would
// refuse.
func (e *Engine) queryInput(q dynamo.Query) (*dynamodb.QueryInput, bool) {
	pk, sk := attrPK, attrSK
	in := &dynamodb.QueryInput{TableName: &e.table, ScanIndexForward: aws.Bool(!q.Desc), ConsistentRead: aws.Bool(!q.Index), ReturnConsumedCapacity: e.report()}
	if q.Index {
		pk, sk = attrIndexPK, attrIndexSK
		in.IndexName = aws.String(indexName)
	}
	if q.From > q.To || q.To == "" {
		return nil, false
	}
	if q.After != nil {
		place := q.After.SK
		in.ExclusiveStartKey = keyValue(q.After.Key)
		if q.Index {
			place = q.After.Index.SK
			in.ExclusiveStartKey[attrIndexPK] = text(q.After.Index.PK)
			in.ExclusiveStartKey[attrIndexSK] = text(q.After.Index.SK)
		}
		switch {
		case !q.Desc && place > q.To, q.Desc && place < q.From, !q.Index && place == far(q):
			return nil, false // nothing lies behind it, and DynamoDB refuses to look
		case place < q.From, place > q.To:
			in.ExclusiveStartKey = nil
		}
	}
	in.ExpressionAttributeNames = map[string]string{"#pk": pk, "#sk": sk}
	in.ExpressionAttributeValues = map[string]types.AttributeValue{":pk": text(q.PK), ":to": text(q.To)}
	in.KeyConditionExpression = aws.String("#pk = :pk AND #sk <= :to")
	if q.From != "" {
		in.ExpressionAttributeValues[":from"] = text(q.From)
		in.KeyConditionExpression = aws.String("#pk = :pk AND #sk BETWEEN :from AND :to")
	}
	return in, true
}

// far is the end of the range that is read last.
func far(q dynamo.Query) string {
	if q.Desc {
		return q.From
	}
	return q.To
}

// explain says what to do about an error that an operator can mend.
func (e *Engine) explain(doing string, err error) error {
	if hint := hintFor(err, e.table); hint != "" {
		return fmt.Errorf("%s table %s: %s: %w", doing, e.table, hint, err)
	}
	return fmt.Errorf("%s table %s: %w", doing, e.table, err)
}
