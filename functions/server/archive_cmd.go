package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"os"

	"notewire/dynamo"
	"notewire/functions/config"
)

// storeFlags name the store as those of the server do.
type storeFlags struct {
	DataDir           string `env:"DATA_DIR" default:"data" help:"Directory of the database."`
	config.TableFlags `embed:"" group:"DynamoDB"`
}

// open opens the engine. The caller closes it.
func (f *storeFlags) open(ctx context.Context) (dynamo.Engine, func() error, error) {
	return f.serve().openEngine(ctx, slog.New(slog.DiscardHandler))
}

func (f *storeFlags) serve() *Serve { return &Serve{DataDir: f.DataDir, TableFlags: f.TableFlags} }

func (f *storeFlags) options() dynamo.Options { return dynamo.Options{NewEpoch: config.NewEpoch} }

// Export is the command that writes an archive.
type Export struct {
	storeFlags `embed:""`
	Out        string `short:"o" type:"path" help:"The archive's file; it appears when it is complete. Default: standard output."`

	stdout, stderr io.Writer // nil: the process's
}

// Run writes the archive.
func (x *Export) Run(ctx context.Context) (err error) {
	path := x.serve().databasePath()
	if _, err := os.Stat(path); x.DynamodbTable == "" && errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("there is no database %s to export: name its directory with DATA_DIR, or a table with DYNAMODB_TABLE", path)
	}
	engine, closeEngine, err := x.open(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, closeEngine()) }()
	store, err := dynamo.Open(ctx, engine, x.options())
	if err != nil {
		return fmt.Errorf("open %s: %w", x.serve().where(), err)
	}
	if x.Out == "" {
		return x.export(ctx, store, or[io.Writer](x.stdout, os.Stdout))
	}
	return x.toFile(ctx, store)
}

// toFile gives the file its name when it is complete and on disk. Only its owner may read
// it: it holds everybody's notes.
func (x *Export) toFile(ctx context.Context, store *dynamo.Store) error {
	partial := x.Out + ".partial"
	file, err := os.OpenFile(partial, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return err
	}
	err = x.export(ctx, store, file)
	if err == nil {
		err = file.Sync()
	}
	err = errors.Join(err, file.Close())
	if err != nil {
		return errors.Join(err, os.Remove(partial))
	}
	return os.Rename(partial, x.Out)
}

func (x *Export) export(ctx context.Context, store *dynamo.Store, w io.Writer) error {
	buffered := bufio.NewWriterSize(w, 1<<16)
	p := newProgress("exported", or[io.Writer](x.stderr, os.Stderr))
	counts, err := store.Export(ctx, buffered, p.show)
	if err == nil {
		err = buffered.Flush()
	}
	if err != nil {
		return fmt.Errorf("export %s: %w", x.serve().where(), err)
	}
	p.done(counts)
	return nil
}

// Import is the command that reads an archive.
type Import struct {
	storeFlags `embed:""`
	In         string `short:"i" type:"path" help:"The archive's file; it is checked as a whole before anything is written. Default: standard input, each line of which is checked before it is used."`

	stdin  io.Reader // nil: the process's
	stderr io.Writer
}

// Run reads the archive. After an interruption it is run again, and goes on.
func (m *Import) Run(ctx context.Context) error {
	if m.In == "" {
		return m.read(ctx, or[io.Reader](m.stdin, os.Stdin))
	}
	file, err := os.Open(m.In)
	if err != nil {
		return err
	}
	defer file.Close()
	p := newProgress("checked", or[io.Writer](m.stderr, os.Stderr))
	counts, err := dynamo.VerifyArchive(ctx, file, p.show)
	if err != nil {
		return fmt.Errorf("%w; nothing was written", err)
	}
	p.done(counts)
	if _, err := file.Seek(0, io.SeekStart); err != nil {
		return err
	}
	return m.read(ctx, file)
}

func (m *Import) read(ctx context.Context, r io.Reader) (err error) {
	engine, closeEngine, err := m.open(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, closeEngine()) }()
	p := newProgress("imported", or[io.Writer](m.stderr, os.Stderr))
	counts, err := dynamo.Import(ctx, engine, m.options(), r, p.show)
	switch _, refused := errors.AsType[*dynamo.ArchiveError](err); {
	case refused:
		return fmt.Errorf("import into %s: %w; what stands before that line may have been written: "+
			"run import again with the whole archive, and it goes on", m.serve().where(), err)
	case err != nil && counts.Versions > 0:
		return fmt.Errorf("import into %s stopped after %v: %w (run the same command again, and it goes on)", m.serve().where(), counts, err)
	case err != nil:
		return fmt.Errorf("import into %s: %w", m.serve().where(), err)
	}
	p.done(counts)
	return nil
}

// or returns v, or what stands for it if it is nil.
func or[T comparable](v, otherwise T) T {
	var none T
	if v == none {
		return otherwise
	}
	return v
}
