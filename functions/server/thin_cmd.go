package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"time"

	"notewire/dynamo"
	"notewire/functions/config"
	"notewire/notes"
)

// Thin is the command that applies the retention policy to all notes.
type Thin struct {
	storeFlags  `embed:""`
	HistoryKeep int  `env:"HISTORY_KEEP" default:"0" help:"Versions of a note that are kept, at least 10; of older ones the last of each day is."`
	LogDays     int  `env:"LOG_DAYS" default:"30" help:"Days that an account's log is kept: what it may tell of is kept, too. As the server has it."`
	DryRun      bool `help:"Only say how many versions would be removed."`

	stderr io.Writer // nil: the process's
	now    func() time.Time
}

// Validate implements kong.Validatable.
func (x *Thin) Validate() error {
	if x.HistoryKeep == 0 {
		return errors.New("HISTORY_KEEP is not set: all versions are kept")
	}
	if x.LogDays < 1 {
		return fmt.Errorf("LOG_DAYS is %d; it must be at least 1", x.LogDays)
	}
	return config.CheckHistoryKeep(x.HistoryKeep)
}

// Run goes through all notes. After an interruption it is run again. A server may use the same
// table meanwhile, or another such command.
func (x *Thin) Run(ctx context.Context) (err error) {
	path := x.serve().databasePath()
	if _, err := os.Stat(path); x.DynamodbTable == "" && errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("there is no database %s: name its directory with DATA_DIR, or a table with DYNAMODB_TABLE", path)
	}
	engine, closeEngine, err := x.open(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, closeEngine()) }()
	options := x.options()
	options.Now = x.now
	store, err := dynamo.Open(ctx, engine, options)
	if err != nil {
		return fmt.Errorf("open %s: %w", x.serve().where(), err)
	}
	limits := notes.DefaultLimits()
	limits.LogDays = x.LogDays
	if err := x.thin(ctx, store, notes.NewService(notes.Config{Store: store, Limits: limits, Now: x.now})); err != nil {
		return fmt.Errorf("thin %s: %w (run the same command again, and it goes on)", x.serve().where(), err)
	}
	return nil
}

func (x *Thin) thin(ctx context.Context, store *dynamo.Store, service *notes.Service) error {
	one, verb := service.Thin, "removed"
	if x.DryRun {
		one, verb = service.Thinnable, "would remove"
	}
	p := newProgress(verb, or[io.Writer](x.stderr, os.Stderr))
	seen, removed := 0, 0
	tell := func() string {
		return fmt.Sprintf("%s %d versions, of %d notes in %.1f s", verb, removed, seen, time.Since(p.began).Seconds())
	}
	err := store.EachNote(ctx, func(id notes.NoteID) error {
		n, err := one(ctx, id, x.HistoryKeep)
		if err != nil {
			return fmt.Errorf("note %s: %w", id, err)
		}
		seen, removed = seen+1, removed+n
		p.tell(tell)
		return nil
	})
	if err != nil {
		return err
	}
	p.end(tell())
	return nil
}
