package ddb

import (
	"fmt"
	"strconv"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"notewire/dynamo"
)

// The names of what is not an attribute of the layout.
const (
	attrPK      = "PK"
	attrSK      = "SK"
	attrIndexPK = "GSI1PK"
	attrIndexSK = "GSI1SK"
	attrTTL     = "ttl"
	indexName   = "GSI1"
)

func text(s string) types.AttributeValue { return &types.AttributeValueMemberS{Value: s} }

func number(n int64) types.AttributeValue {
	return &types.AttributeValueMemberN{Value: strconv.FormatInt(n, 10)}
}

func keyValue(k dynamo.Key) map[string]types.AttributeValue {
	return map[string]types.AttributeValue{attrPK: text(k.PK), attrSK: text(k.SK)}
}

// valuesOf is an item as DynamoDB stores it.
func valuesOf(item *dynamo.Item) (map[string]types.AttributeValue, error) {
	values := keyValue(item.Key)
	if item.Index != (dynamo.Key{}) {
		values[attrIndexPK], values[attrIndexSK] = text(item.Index.PK), text(item.Index.SK)
	}
	if item.TTL != 0 {
		values[attrTTL] = number(item.TTL)
	}
	for name, v := range item.Attrs {
		if v == nil {
			continue
		}
		value, err := valueOf(v)
		if err != nil {
			return nil, fmt.Errorf("attribute %s: %w", name, err)
		}
		values[name] = value
	}
	return values, nil
}

func valueOf(v any) (types.AttributeValue, error) {
	switch v := v.(type) {
	case string:
		return text(v), nil
	case int64:
		return number(v), nil
	case bool:
		return &types.AttributeValueMemberBOOL{Value: v}, nil
	case []byte:
		return &types.AttributeValueMemberB{Value: v}, nil
	case []string:
		list := make([]types.AttributeValue, len(v))
		for i, s := range v {
			list[i] = text(s)
		}
		return &types.AttributeValueMemberL{Value: list}, nil
	}
	return nil, fmt.Errorf("a %T cannot be stored", v)
}

// itemOf reads what valuesOf wrote.
func itemOf(values map[string]types.AttributeValue) (*dynamo.Item, error) {
	item := &dynamo.Item{Attrs: make(map[string]any, len(values))}
	for name, value := range values {
		v, err := plain(value)
		if err != nil {
			return nil, fmt.Errorf("attribute %s: %w", name, err)
		}
		switch name {
		case attrPK:
			item.PK, _ = v.(string)
		case attrSK:
			item.SK, _ = v.(string)
		case attrIndexPK:
			item.Index.PK, _ = v.(string)
		case attrIndexSK:
			item.Index.SK, _ = v.(string)
		case attrTTL:
			item.TTL, _ = v.(int64)
		default:
			item.Attrs[name] = v
		}
	}
	return item, nil
}

func plain(value types.AttributeValue) (any, error) {
	switch v := value.(type) {
	case *types.AttributeValueMemberS:
		return v.Value, nil
	case *types.AttributeValueMemberN:
		return strconv.ParseInt(v.Value, 10, 64)
	case *types.AttributeValueMemberBOOL:
		return v.Value, nil
	case *types.AttributeValueMemberB:
		return v.Value, nil
	case *types.AttributeValueMemberL:
		list := make([]string, len(v.Value))
		for i, element := range v.Value {
			s, ok := element.(*types.AttributeValueMemberS)
			if !ok {
				return nil, fmt.Errorf("element %d is a %T", i, element)
			}
			list[i] = s.Value
		}
		return list, nil
	}
	return nil, fmt.Errorf("a %T is not of the layout", value)
}

// sizeOf is about what an item weighs.
func sizeOf(item *dynamo.Item) int {
	n := len(item.PK) + len(item.SK)
	for name, v := range item.Attrs {
		n += len(name)
		switch v := v.(type) {
		case string:
			n += len(v)
		case []byte:
			n += len(v)
		case []string:
			for _, s := range v {
				n += len(s)
			}
		default:
			n += 8
		}
	}
	return n
}
