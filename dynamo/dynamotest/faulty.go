package dynamotest

import (
	"context"

	"notewire/dynamo"
)

// Faulty is an engine whose transactions fail when a test wants it. Reads pass through.
type Faulty struct {
	dynamo.Engine

	// OnTransact is asked before each transaction whether to apply it, and what to answer:
	//
	//	true, nil    nothing is wrong
	//	false, err   it failed, and was not applied
	//	true, err    it was applied (unless it clashed), but the answer was lost
	//	false, nil   a lie: it is acknowledged and lost. Checks of durability must find it.
	//
	// Nil: nothing is ever wrong. It is called from the goroutine of each caller, maybe
	// from several at once, and must not keep or change ops. Set it before the first use.
	OnTransact func(ops []dynamo.Op) (apply bool, err error)
}

var _ dynamo.Engine = (*Faulty)(nil)

// Transact implements dynamo.Engine, as far as OnTransact lets it.
func (f *Faulty) Transact(ctx context.Context, ops []dynamo.Op) error {
	if f.OnTransact == nil {
		return f.Engine.Transact(ctx, ops)
	}
	apply, lost := f.OnTransact(ops)
	var answer error
	if apply {
		answer = f.Engine.Transact(ctx, ops)
	}
	if lost != nil {
		return lost
	}
	return answer
}
