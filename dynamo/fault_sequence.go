//go:build fault_sequence

package dynamo

import "context"

// transact takes the sequences first and writes the rest after: the usual counter, which
// leaves places that are filled later or never. No program is built like this but the one
// that shows that chaos finds it.
func transact(ctx context.Context, e Engine, ops []Op) error {
	var sequences, rest []Op
	for _, op := range ops {
		if op.Put != nil && op.Put.SK == seqSK {
			op.Show = false
			sequences = append(sequences, op)
		} else {
			rest = append(rest, op)
		}
	}
	for _, op := range sequences {
		if err := e.Transact(ctx, []Op{op}); err != nil {
			return again(err)
		}
	}
	return again(e.Transact(ctx, rest))
}

// again makes a clash one that names no op, so that everything is read again.
func again(err error) error {
	if clash, ok := err.(*Clash); ok {
		clash.Failed, clash.Found = []bool{true}, []*Item{nil}
	}
	return err
}
