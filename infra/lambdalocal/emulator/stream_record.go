package emulator

import (
	"github.com/aws/aws-lambda-go/events"
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodbstreams/types"
)

// records turns records of the stream into those of an event, without those that the filters
// keep out.
func (s *Stream) records(from []types.Record) (all []events.DynamoDBEventRecord) {
	for _, r := range from {
		record := events.DynamoDBEventRecord{
			AWSRegion: s.cfg.Region, EventID: aws.ToString(r.EventID), EventName: string(r.EventName),
			EventSource: "aws:dynamodb", EventVersion: aws.ToString(r.EventVersion), EventSourceArn: s.cfg.ARN,
			Change: events.DynamoDBStreamRecord{
				ApproximateCreationDateTime: events.SecondsEpochTime{Time: aws.ToTime(r.Dynamodb.ApproximateCreationDateTime)},
				Keys:                        attributes(r.Dynamodb.Keys),
				NewImage:                    attributes(r.Dynamodb.NewImage),
				OldImage:                    attributes(r.Dynamodb.OldImage),
				SequenceNumber:              aws.ToString(r.Dynamodb.SequenceNumber),
				SizeBytes:                   aws.ToInt64(r.Dynamodb.SizeBytes),
				StreamViewType:              string(r.Dynamodb.StreamViewType),
			},
		}
		if who := r.UserIdentity; who != nil {
			record.UserIdentity = &events.DynamoDBUserIdentity{Type: aws.ToString(who.Type), PrincipalID: aws.ToString(who.PrincipalId)}
		}
		if passes(s.filters, &record) {
			all = append(all, record)
		}
	}
	return all
}

func attributes(from map[string]types.AttributeValue) map[string]events.DynamoDBAttributeValue {
	if from == nil {
		return nil
	}
	all := make(map[string]events.DynamoDBAttributeValue, len(from))
	for name, value := range from {
		all[name] = attribute(value)
	}
	return all
}

func attribute(v types.AttributeValue) events.DynamoDBAttributeValue {
	switch v := v.(type) {
	case *types.AttributeValueMemberS:
		return events.NewStringAttribute(v.Value)
	case *types.AttributeValueMemberN:
		return events.NewNumberAttribute(v.Value)
	case *types.AttributeValueMemberB:
		return events.NewBinaryAttribute(v.Value)
	case *types.AttributeValueMemberBOOL:
		return events.NewBooleanAttribute(v.Value)
	case *types.AttributeValueMemberSS:
		return events.NewStringSetAttribute(v.Value)
	case *types.AttributeValueMemberNS:
		return events.NewNumberSetAttribute(v.Value)
	case *types.AttributeValueMemberBS:
		return events.NewBinarySetAttribute(v.Value)
	case *types.AttributeValueMemberM:
		return events.NewMapAttribute(attributes(v.Value))
	case *types.AttributeValueMemberL:
		list := make([]events.DynamoDBAttributeValue, len(v.Value))
		for i, item := range v.Value {
			list[i] = attribute(item)
		}
		return events.NewListAttribute(list)
	}
	return events.NewNullAttribute()
}
