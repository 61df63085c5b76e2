// Package ddb is the engine on Amazon DynamoDB, or on anything that speaks its protocol:
// the fleet's and Lambda's store. The table is made, and checked, by Migrate.
//
// Every read is consistent where the contract asks for it. A transaction that meets another
// one on the same item is tried again here, with jitter; a condition that does not hold is
// a *dynamo.Clash, which the caller decides again on fresh rows.
package ddb
