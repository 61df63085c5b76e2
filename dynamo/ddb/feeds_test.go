package ddb_test

import (
	"testing"

	"notewire/dynamo/ddb"
	"notewire/transport/feed"
	"notewire/transport/feed/feedtest"
)

func TestFeedsOnDynamoDBKeepTheContract(t *testing.T) {
	c := client(t)
	feedtest.Run(t, func(t *testing.T) feed.Rows { return openStore(t, ddb.New(c, table(t, c))) })
}
