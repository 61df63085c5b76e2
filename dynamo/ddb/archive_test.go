package ddb_test

import (
	"bytes"
	"crypto/rand"
	"errors"
	"os"
	"path/filepath"
	"strconv"
	"testing"
	"time"

	"notewire/dynamo"
	"notewire/dynamo/bolt"
	"notewire/dynamo/ddb"
	"notewire/notes/notestest"
)

var archiveOptions = dynamo.Options{LogDays: 30, NewEpoch: rand.Text}

// From a file to DynamoDB and back: all three archives are the same but for their first
// lines. NOTEWIRE_ARCHIVE_NOTES=2000 is the long form.
func TestAnArchiveTravelsFromAFileToDynamoDBAndBack(t *testing.T) {
	count, err := strconv.Atoi(os.Getenv("NOTEWIRE_ARCHIVE_NOTES"))
	if err != nil {
		count = 50
	}
	c := client(t)
	file, table, back := newFile(t), ddb.New(c, table(t, c)), newFile(t)
	notestest.Varied(t, openStore(t, file), count, 5)
	want := export(t, "the file", file)
	load(t, "DynamoDB", table, want)
	inTable := export(t, "DynamoDB", table)
	load(t, "the file", back, inTable)
	for name, got := range map[string][]byte{"DynamoDB's": inTable, "the last": export(t, "the last", back)} {
		if !bytes.Equal(withoutHeader(got), withoutHeader(want)) {
			t.Errorf("%s archive of %d bytes is not the first one of %d bytes", name, len(got), len(want))
		}
	}
}

func TestAnInterruptedImportIntoDynamoDBGoesOn(t *testing.T) {
	c := client(t)
	file, table := newFile(t), ddb.New(c, table(t, c))
	notestest.Varied(t, openStore(t, file), 30, 5)
	want := export(t, "the file", file)
	for _, part := range []int{4, 2} {
		_, err := dynamo.Import(t.Context(), table, archiveOptions, bytes.NewReader(want[:len(want)-len(want)/part]), nil)
		if _, cut := errors.AsType[*dynamo.ArchiveError](err); !cut {
			t.Fatalf("a part of the archive: %v", err)
		}
	}
	counts, err := dynamo.Import(t.Context(), table, archiveOptions, bytes.NewReader(want), nil)
	if err != nil || counts.Skipped == 0 {
		t.Fatalf("it skipped %d rows, error %v", counts.Skipped, err)
	}
	if got := export(t, "DynamoDB", table); !bytes.Equal(withoutHeader(got), withoutHeader(want)) {
		t.Error("the archive is another one")
	}
}

func withoutHeader(archive []byte) []byte {
	_, rest, _ := bytes.Cut(archive, []byte("\n"))
	return rest
}

func newFile(t *testing.T) *bolt.Engine {
	t.Helper()
	engine, err := bolt.Open(filepath.Join(t.TempDir(), "notes.db"), bolt.Options{NoSync: true, SweepEvery: -1})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = engine.Close() })
	return engine
}

func openStore(t *testing.T, engine dynamo.Engine) *dynamo.Store {
	t.Helper()
	store, err := dynamo.Open(t.Context(), engine, archiveOptions)
	if err != nil {
		t.Fatal(err)
	}
	return store
}

func export(t *testing.T, from string, engine dynamo.Engine) []byte {
	t.Helper()
	var archive bytes.Buffer
	began := time.Now()
	counts, err := openStore(t, engine).Export(t.Context(), &archive, nil)
	if err != nil {
		t.Fatal(err)
	}
	rate(t, "export from "+from, counts, began)
	return archive.Bytes()
}

func load(t *testing.T, to string, engine dynamo.Engine, archive []byte) {
	t.Helper()
	began := time.Now()
	counts, err := dynamo.Import(t.Context(), engine, archiveOptions, bytes.NewReader(archive), nil)
	if err != nil {
		t.Fatal(err)
	}
	rate(t, "import into "+to, counts, began)
}

func rate(t *testing.T, what string, c dynamo.ArchiveCounts, began time.Time) {
	seconds := time.Since(began).Seconds()
	t.Logf("%s: %v, %.1f MB in %.2f s: %.0f versions/s, %.1f MB/s",
		what, c, float64(c.Bytes)/1e6, seconds, float64(c.Versions)/seconds, float64(c.Bytes)/1e6/seconds)
}
