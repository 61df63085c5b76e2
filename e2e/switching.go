package e2e

import (
	"fmt"

	"notewire/client/goclient"
)

var switchRules = []rule{
	{"an account's follower changes transports while others write, and misses nothing", []Ability{AccountSocket, AccountSSE}, switchAccount},
	{"a note's follower changes transports while others write, and misses nothing", []Ability{NoteSocket, NoteSSE}, switchNote},
}

func switchAccount(t *trial) {
	ann := t.user("ann")
	id := ann.create(nil)
	switches(ann, id, ann.place(), t.transports(onAccounts), func(transport goclient.Transport, cursor string) *tap { return ann.account(transport, cursor) })
}

func switchNote(t *trial) {
	ann := t.user("ann")
	id := ann.create(nil)
	at := ann.note(goclient.SSE, id, "").cursor
	switches(ann, id, at, t.transports(onNotes), func(transport goclient.Transport, cursor string) *tap { return ann.note(transport, id, cursor) })
}

// switches follows a writer over changing connections with one cursor. The writer is never
// far ahead, so that he writes while each of them is opened.
func switches(u *user, note, cursor string, transports []goclient.Transport, open func(goclient.Transport, string) *tap) {
	t := u.t
	t.Helper()
	const leg, ahead = 6, 8
	var legs []goclient.Transport // each after each, and after itself
	for _, a := range transports {
		for _, b := range transports {
			legs = append(legs, a, b)
		}
	}
	may, failed := make(chan struct{}, ahead), make(chan error, 1)
	for range ahead {
		may <- struct{}{}
	}
	go func() {
		defer close(failed)
		for i := range leg * len(legs) {
			select {
			case <-may:
			case <-t.ctx.Done():
				return
			}
			if _, err := u.mutate("edit", note, members{"changes": members{"content": fmt.Sprint(i)}, "mutationId": fmt.Sprint("edit", i)}); err != nil {
				failed <- err
				return
			}
		}
	}()
	var before *tap
	for i, transport := range legs {
		s := open(transport, cursor)
		if before != nil && i%2 == 0 { // every other one is opened before the one before it is closed
			_ = before.Close()
		}
		for j := range leg {
			equal(t, "the mutation", s.any().MutationID, fmt.Sprint("edit", i*leg+j))
			may <- struct{}{}
		}
		if before, cursor = s, s.cursor; i%2 == 1 {
			_ = s.Close()
		}
	}
	if err := <-failed; err != nil {
		t.Fatal(err)
	}
}
