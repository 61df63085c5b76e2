package ddb

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"notewire/dynamo"
)

// Transact implements dynamo.Engine: one TransactWriteItems. The SDK gives the request a
// token, so that its own retries after a lost answer have one effect. A transaction that
// meets another one on the same item, or is throttled, is tried again until ctx ends.
func (e *Engine) Transact(ctx context.Context, ops []dynamo.Op) error {
	items := make([]types.TransactWriteItem, len(ops))
	for i := range ops {
		item, err := e.writeItem(&ops[i])
		if err != nil {
			return fmt.Errorf("op %d on %v: %w", i, ops[i].Key(), err)
		}
		items[i] = item
	}
	for attempt := 0; ; attempt++ {
		out, err := e.client.TransactWriteItems(ctx, &dynamodb.TransactWriteItemsInput{
			TransactItems: items, ReturnConsumedCapacity: e.report(),
		})
		if err == nil {
			e.consumed(out.ConsumedCapacity...)
			return nil
		}
		clash, again := reasons(err)
		if clash != nil {
			return found(clash, err)
		}
		if !again {
			return e.explain("write", err)
		}
		if pauseErr := pause(ctx, attempt); pauseErr != nil {
			return e.explain("write", errors.Join(pauseErr, err))
		}
	}
}

// reasons tells a condition that does not hold from what only needs another try. Both were
// not applied.
func reasons(err error) (clash *dynamo.Clash, again bool) {
	cancelled, ok := errors.AsType[*types.TransactionCanceledException](err)
	if !ok {
		_, inProgress := errors.AsType[*types.TransactionInProgressException](err)
		return nil, inProgress
	}
	failed := make([]bool, len(cancelled.CancellationReasons))
	for i, reason := range cancelled.CancellationReasons {
		switch aws.ToString(reason.Code) {
		case "ConditionalCheckFailed":
			failed[i] = true
			clash = &dynamo.Clash{Failed: failed, Found: make([]*dynamo.Item, len(failed))}
		case "TransactionConflict", "ThrottlingError", "ProvisionedThroughputExceeded":
			again = true
		}
	}
	return clash, again
}

// found adds the items that the reasons show, and returns the clash.
func found(clash *dynamo.Clash, err error) error {
	cancelled, _ := errors.AsType[*types.TransactionCanceledException](err)
	for i, reason := range cancelled.CancellationReasons {
		if len(reason.Item) == 0 {
			continue
		}
		item, err := itemOf(reason.Item)
		if err != nil {
			return err
		}
		clash.Found[i] = item
	}
	return clash
}

func (e *Engine) writeItem(op *dynamo.Op) (types.TransactWriteItem, error) {
	expression, names, values := condition(op.If)
	show := types.ReturnValuesOnConditionCheckFailureNone
	if op.Show {
		show = types.ReturnValuesOnConditionCheckFailureAllOld
	}
	switch {
	case op.Put != nil:
		item, err := valuesOf(op.Put)
		return types.TransactWriteItem{Put: &types.Put{
			TableName: &e.table, Item: item, ConditionExpression: expression,
			ExpressionAttributeNames: names, ExpressionAttributeValues: values, ReturnValuesOnConditionCheckFailure: show,
		}}, err
	case op.Delete != nil:
		return types.TransactWriteItem{Delete: &types.Delete{
			TableName: &e.table, Key: keyValue(*op.Delete), ConditionExpression: expression,
			ExpressionAttributeNames: names, ExpressionAttributeValues: values, ReturnValuesOnConditionCheckFailure: show,
		}}, nil
	}
	if expression == nil { // DynamoDB refuses a check of nothing
		expression, names = aws.String("attribute_exists(#pk) OR attribute_not_exists(#pk)"), map[string]string{"#pk": attrPK}
	}
	return types.TransactWriteItem{ConditionCheck: &types.ConditionCheck{
		TableName: &e.table, Key: keyValue(*op.Check), ConditionExpression: expression,
		ExpressionAttributeNames: names, ExpressionAttributeValues: values, ReturnValuesOnConditionCheckFailure: show,
	}}, nil
}

func condition(c dynamo.Cond) (*string, map[string]string, map[string]types.AttributeValue) {
	switch c.Kind {
	case dynamo.Absent:
		return aws.String("attribute_not_exists(#pk) OR #ttl < :now"),
			map[string]string{"#pk": attrPK, "#ttl": attrTTL}, map[string]types.AttributeValue{":now": number(c.N)}
	case dynamo.Present:
		return aws.String("attribute_exists(#pk)"), map[string]string{"#pk": attrPK}, nil
	case dynamo.Equal:
		return aws.String("#attr = :n"), map[string]string{"#attr": c.Attr}, map[string]types.AttributeValue{":n": number(c.N)}
	}
	return nil, nil, nil
}

// pause waits longer each time, at random, so that those who met spread out.
func pause(ctx context.Context, attempt int) error {
	timer := time.NewTimer(rand.N(5 * time.Millisecond << min(attempt, 7)))
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
