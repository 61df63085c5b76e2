package main

import (
	"context"
	"errors"
	"log/slog"
	"os"
	"path/filepath"

	"notewire/dynamo"
	"notewire/dynamo/bolt"
	"notewire/dynamo/ddb"
	"notewire/functions/config"
)

// Migrate is the command that makes the table.
type Migrate struct {
	config.TableFlags `embed:""`
}

// Run makes the table, or checks the one that is there.
func (m *Migrate) Run(ctx context.Context) error {
	if m.DynamodbTable == "" {
		return errors.New("which table? set DYNAMODB_TABLE, or --dynamodb-table")
	}
	client, err := m.Client(ctx)
	if err != nil {
		return err
	}
	return ddb.Migrate(ctx, client, m.DynamodbTable, slog.New(slog.NewTextHandler(os.Stdout, nil)))
}

func (s *Serve) databasePath() string { return filepath.Join(s.DataDir, "notewire.db") }

// openEngine opens the table, or the file. The caller closes it.
func (s *Serve) openEngine(ctx context.Context, log *slog.Logger) (dynamo.Engine, func() error, error) {
	if s.DynamodbTable == "" {
		engine, err := bolt.Open(s.databasePath(), bolt.Options{NoSync: s.UnsafeNoSync, Logger: log})
		if err != nil {
			return nil, nil, err
		}
		return engine, engine.Close, nil
	}
	client, err := s.Client(ctx)
	if err != nil {
		return nil, nil, err
	}
	return ddb.New(client, s.DynamodbTable), func() error { return nil }, nil
}

// where says where the notes are.
func (s *Serve) where() string {
	if s.DynamodbTable != "" {
		return "DynamoDB table " + s.DynamodbTable
	}
	return s.databasePath()
}
