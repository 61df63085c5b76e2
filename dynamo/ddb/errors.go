package ddb

import (
	"errors"
	"net"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/aws/smithy-go"
)

// hintFor says what an operator can do about an error, or nothing.
func hintFor(err error, table string) string {
	if _, ok := errors.AsType[*types.ResourceNotFoundException](err); ok {
		return "there is no such table: run notewire migrate"
	}
	if api, ok := errors.AsType[smithy.APIError](err); ok {
		switch api.ErrorCode() {
		case "AccessDeniedException":
			return "permission denied: the role needs dynamodb:BatchGetItem, Query, PutItem, DeleteItem, ConditionCheckItem, " +
				"DescribeTable on the table and its index, for export and import Scan, and for migrate CreateTable, UpdateTable, DescribeTimeToLive, UpdateTimeToLive"
		case "UnrecognizedClientException", "InvalidSignatureException", "ExpiredTokenException":
			return "the AWS credentials are not accepted: check AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_PROFILE and AWS_REGION"
		}
	}
	if _, ok := errors.AsType[net.Error](err); ok {
		return "DynamoDB cannot be reached: check AWS_REGION, the network, and AWS_ENDPOINT_URL_DYNAMODB if it is set"
	}
	return ""
}
