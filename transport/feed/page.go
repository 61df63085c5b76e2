package feed

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"notewire/notes"
	"notewire/transport/wire"
)

// pageRows is how many changes are read at a time.
const pageRows = 64

// page is changes on their way to the receiver. Its members, and the turn's row, are under the
// turn's lock.
type page struct {
	*turn
	to      reader
	changes []notes.Change
	lines   [][]int // places of changes in the page, by note, that no worker has taken yet
	settled []bool  // the changes that were delivered, refused or not wanted
	passed  int     // changes that all are settled, from the first one on
}

// reader is what a page was read for. It is called with the turn's lock held.
type reader interface {
	wants(c *notes.Change) bool
	delivered(c *notes.Change)
	// refused pauses the note, so that the rest of it is not wanted; false: there is no room.
	refused(c *notes.Change, why error) bool
	passed(seq int64) // everything up to a place is settled
}

// deliver takes changes to the receiver: those of one note one after the other, and several notes
// at a time. It returns when nothing is under way any more.
func (t *turn) deliver(ctx context.Context, changes []notes.Change, to reader) error {
	p := &page{turn: t, to: to, changes: changes, settled: make([]bool, len(changes))}
	p.sort()
	workers := min(t.Options.PerFeed, len(p.lines))
	if workers > 0 && t.doubtful() { // one change alone finds out whether the receiver is there
		p.send(ctx, p.lines[0][0])
	}
	var working sync.WaitGroup
	for range workers {
		working.Go(func() {
			for line := p.line(); line != nil; line = p.line() {
				for _, at := range line {
					p.send(ctx, at)
				}
			}
		})
	}
	working.Wait()
	return t.err
}

// sort makes lines of the changes that are wanted.
func (p *page) sort() {
	p.mu.Lock()
	defer p.mu.Unlock()
	of := map[notes.NoteID]int{}
	for at := range p.changes {
		c := &p.changes[at]
		if !p.to.wants(c) {
			p.settle(at)
			continue
		}
		line, ok := of[c.Note]
		if !ok {
			line = len(p.lines)
			of[c.Note], p.lines = line, append(p.lines, nil)
		}
		p.lines[line] = append(p.lines[line], at)
	}
}

// line takes one; nil if nothing is left to begin.
func (p *page) line() []int {
	p.mu.Lock()
	defer p.mu.Unlock()
	if len(p.lines) == 0 || p.err != nil {
		return nil
	}
	line := p.lines[0]
	p.lines = p.lines[1:]
	return line
}

// settle is called with the lock held.
func (p *page) settle(at int) {
	p.settled[at] = true
	for p.passed < len(p.settled) && p.settled[p.passed] {
		p.to.passed(p.changes[p.passed].Seq)
		p.passed++
	}
}

// begins reports whether a change is still to be sent.
func (p *page) begins(at int) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.err != nil || p.settled[at] {
		return false
	}
	if !p.to.wants(&p.changes[at]) { // one before it was refused
		p.settle(at)
		return false
	}
	return true
}

func (p *page) send(ctx context.Context, at int) {
	if !p.begins(at) {
		return
	}
	c := &p.changes[at]
	cursor := notes.Cursor{Epoch: p.row.Epoch, Seq: c.Seq}.String()
	err := p.post(ctx, &Delivery{
		ID: fmt.Sprintf("%s-%d", p.row.ID, c.Seq), Note: c.Note, Seq: c.Seq, Cursor: cursor, Event: wire.AccountEvent(c, cursor),
	})
	p.mu.Lock()
	defer p.mu.Unlock()
	refusal, refused := errors.AsType[*Refused](err)
	switch {
	case err == nil:
		p.row.Proven, p.row.Failures, p.row.RetryAt = true, 0, 0
		p.to.delivered(c)
		p.settle(at)
	case refused && p.to.refused(c, refusal):
		p.failed(refusal)
		p.settle(at)
	default:
		p.halt(ctx, err)
	}
}

// post hands one event to the sink.
func (t *turn) post(ctx context.Context, d *Delivery) error {
	d.Feed, d.User, d.Config = t.row.ID, t.row.User, t.row.Config
	leave, err := t.sending.enter(ctx, t.slow())
	if err != nil {
		return err
	}
	defer leave()
	if err := t.hold(ctx); err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, t.Options.Timeout)
	defer cancel()
	begun := time.Now()
	err = t.sink.Deliver(ctx, d)
	t.f.pace.add(time.Since(begun))
	return err
}

// halt ends the turn for what happened, the first time: nothing more is begun. The caller holds
// t.mu.
func (t *turn) halt(ctx context.Context, err error) {
	switch {
	case t.err != nil: // one failure is enough
	case ctx.Err() != nil:
		t.err = ctx.Err()
	default:
		t.failed(err)
		t.row.Failures++
		t.row.RetryAt = after(t.Options.wait(retryOf(err).After, t.row.Failures))
		t.err = errHalted
	}
}
