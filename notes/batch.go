package notes

import "context"

// BatchItem is one mutation of a batch, or why it could not be read.
type BatchItem struct {
	Mutation Mutation
	Err      error
}

// Result is what became of one mutation of a batch. Exactly one member is set.
type Result struct {
	Outcome *Outcome
	Err     error
}

// Batch carries out mutations in order, each for itself. After a refusal, later ones for
// the same note are not tried and answer Skipped: they were made on top of it.
// Errors: LimitExceeded.
func (s *Service) Batch(ctx context.Context, author UserID, batch []BatchItem) ([]Result, error) {
	if len(batch) > s.limits.BatchSize {
		return nil, Refuse(LimitExceeded, countMessage("mutations", len(batch), s.limits.BatchSize))
	}
	results := make([]Result, len(batch))
	refused := map[NoteID]bool{}
	for i, item := range batch {
		r, id := &results[i], item.Mutation.Note
		switch {
		case id != "" && refused[id]:
			r.Err = Refuse(Skipped, "an earlier mutation of this note was refused")
		case item.Err != nil:
			r.Err = item.Err
		default:
			r.Outcome, r.Err = s.Mutate(ctx, author, "", item.Mutation)
		}
		refused[id] = refused[id] || r.Err != nil
	}
	return results, nil
}
