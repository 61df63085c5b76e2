package chaos

import (
	"context"
	"encoding/json"
	"time"

	"notewire/client/goclient"
)

// answer hands a frame to whoever waits for what became of his mutation.
func (f *follower) answer(waiting chan *frame, e goclient.Event) {
	var answer frame
	if json.Unmarshal(e.Data, &answer) == nil && (answer.confirms() || answer.Type == "error") {
		answer.at = time.Now()
		select {
		case waiting <- &answer:
		default: // one is enough
		}
	}
}

// upFrame is a frame to the server.
type upFrame map[string]any

// ask sends mutations up, one right after the other, and waits for their answers, which are nil
// where none came. There are none at all if nothing was sent. server is where.
func (f *follower) ask(ctx context.Context, ups []upFrame) (answers []*frame, server int) {
	waiting := make([]chan *frame, len(ups))
	f.mu.Lock()
	stream, server := f.stream, f.server
	for i, up := range ups {
		waiting[i] = make(chan *frame, 1)
		if stream != nil {
			f.waiting[up["mutationId"].(string)] = waiting[i]
		}
	}
	f.mu.Unlock()
	if stream == nil {
		return nil, -1
	}
	defer func() {
		f.mu.Lock()
		defer f.mu.Unlock()
		for _, up := range ups {
			delete(f.waiting, up["mutationId"].(string))
		}
	}()
	ctx, cancel := context.WithTimeout(ctx, answerWithin)
	defer cancel()
	answers = make([]*frame, len(ups))
	for _, up := range ups {
		if stream.Send(ctx, up) != nil {
			return answers, server // it may have been sent
		}
	}
	for i := range waiting {
		select {
		case answers[i] = <-waiting[i]:
		case <-ctx.Done():
			return answers, server
		}
	}
	return answers, server
}
