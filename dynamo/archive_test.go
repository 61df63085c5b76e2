package dynamo_test

import (
	"bytes"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	mathrand "math/rand/v2"
	"path/filepath"
	"strings"
	"testing"

	"notewire/dynamo"
	"notewire/dynamo/bolt"
	"notewire/dynamo/dynamotest"
	"notewire/notes/notestest"
)

var archiveOptions = dynamo.Options{LogDays: 30, NewEpoch: rand.Text}

func newFile(t testing.TB) *bolt.Engine {
	t.Helper()
	engine, err := bolt.Open(filepath.Join(t.TempDir(), "notes.db"), bolt.Options{NoSync: true, SweepEvery: -1})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := engine.Close(); err != nil {
			t.Error(err)
		}
	})
	return engine
}

func openStore(t testing.TB, engine dynamo.Engine) *dynamo.Store {
	t.Helper()
	store, err := dynamo.Open(t.Context(), engine, archiveOptions)
	if err != nil {
		t.Fatal(err)
	}
	return store
}

// exported returns the lines of an engine's archive.
func exported(t testing.TB, engine dynamo.Engine) []string {
	t.Helper()
	var archive bytes.Buffer
	if _, err := openStore(t, engine).Export(t.Context(), &archive, nil); err != nil {
		t.Fatal(err)
	}
	return strings.SplitAfter(strings.TrimSuffix(archive.String(), "\n"), "\n")
}

// variedArchive is the archive of a store of all kinds of notes.
func variedArchive(t testing.TB, count, versions int) []string {
	t.Helper()
	engine := newFile(t)
	notestest.Varied(t, openStore(t, engine), count, versions)
	lines := exported(t, engine)
	lines[len(lines)-1] += "\n"
	return lines
}

func archiveOf(lines []string) io.Reader { return strings.NewReader(strings.Join(lines, "")) }

// sameArchive compares all but the first lines.
func sameArchive(t testing.TB, got, want []string) {
	t.Helper()
	if len(got) != len(want) {
		t.Fatalf("%d lines, want %d", len(got), len(want))
	}
	for i := 1; i < len(got); i++ {
		if g, w := strings.TrimSpace(got[i]), strings.TrimSpace(want[i]); g != w {
			t.Fatalf("line %d is %.300s, want %.300s", i+1, g, w)
		}
	}
}

func TestAnImportedStoreHasTheSameArchive(t *testing.T) {
	want := variedArchive(t, 50, 5)
	engine := newFile(t)
	counts, err := dynamo.Import(t.Context(), engine, archiveOptions, archiveOf(want), nil)
	if err != nil {
		t.Fatal(err)
	}
	if counts.Notes != 50 || counts.Versions < 200 || counts.Entries < 50 || counts.Folders < 6 || counts.Skipped != 0 {
		t.Errorf("imported %v, %d skipped", counts, counts.Skipped)
	}
	sameArchive(t, exported(t, engine), want)
	if verified, err := dynamo.VerifyArchive(t.Context(), archiveOf(want), nil); err != nil || verified != counts {
		t.Errorf("verified %v, %v; want %v", verified, err, counts)
	}
	for _, kind := range []string{`"posted":{`, `"access":"public"`, `"deleted":true`, `"collaborators":[`, `"starred":true`, `"iv":"iv"`, `🧑‍🚀`, `"revertedFrom":1`,
		`"revertedKept":true`, `"merged":true`, `"conflicts":["content"]`, `"purged":true`, `"expiresAt":1`, `"kind":"folder"`, `"parentId":"f-1"`} {
		if !strings.Contains(strings.Join(want, ""), kind) {
			t.Errorf("the archive has no %s: the test does not show much", kind)
		}
	}
}

func TestAnEmptyStoreHasAnArchive(t *testing.T) {
	want := exported(t, newFile(t))
	engine := newFile(t)
	want[len(want)-1] += "\n"
	if _, err := dynamo.Import(t.Context(), engine, archiveOptions, archiveOf(want), nil); err != nil {
		t.Fatal(err)
	}
	sameArchive(t, exported(t, engine), want)
}

func TestAnImportRenewsTheEpoch(t *testing.T) {
	lines := variedArchive(t, 3, 2)
	engine := newFile(t)
	before := openStore(t, engine).Epoch()
	if _, err := dynamo.Import(t.Context(), engine, archiveOptions, archiveOf(lines), nil); err != nil {
		t.Fatal(err)
	}
	after := openStore(t, engine).Epoch()
	if after == before || strings.Contains(lines[0], after) {
		t.Errorf("the epoch is %s; before it was %s, in the archive %s", after, before, lines[0])
	}
}

func TestAnImportNeedsAnEmptyStore(t *testing.T) {
	lines := variedArchive(t, 3, 2)
	engine := newFile(t)
	notestest.Varied(t, openStore(t, engine), 1, 1)
	before := exported(t, engine)
	for range 2 { // the refusal leaves nothing behind
		_, err := dynamo.Import(t.Context(), engine, archiveOptions, archiveOf(lines), nil)
		if err == nil || !strings.Contains(err.Error(), "not empty") {
			t.Fatalf("error %v", err)
		}
	}
	sameArchive(t, exported(t, engine), before)
}

// faultyFile is an engine that can scan and be made to fail.
type faultyFile struct {
	*dynamotest.Faulty
	dynamo.Scanner
}

// A run ends early in every way there is: the archive cannot be read on, a write fails, or it
// is done and its answer is lost. The last one gets through, and nothing shows what was.
func TestAnInterruptedImportGoesOn(t *testing.T) {
	want := variedArchive(t, 40, 5)
	whole := strings.Join(want, "")
	lost := errors.New("connection lost")
	for seed := range uint64(8) {
		t.Run(fmt.Sprintf("seed %d", seed), func(t *testing.T) {
			random := mathrand.New(mathrand.NewPCG(seed, 1))
			file := newFile(t)
			for run := range 6 {
				left, apply := random.IntN(4), run%2 == 0
				engine := &faultyFile{&dynamotest.Faulty{Engine: file, OnTransact: func([]dynamo.Op) (bool, error) {
					if left--; left >= 0 {
						return true, nil
					}
					return apply, lost
				}}, file}
				var r io.Reader = strings.NewReader(whole)
				if run%3 == 2 {
					r = io.MultiReader(strings.NewReader(whole[:random.IntN(len(whole))]), &failing{lost})
				}
				if _, err := dynamo.Import(t.Context(), engine, archiveOptions, r, nil); !errors.Is(err, lost) && !cutOff(err) {
					t.Fatalf("error %v", err)
				}
			}
			if _, err := dynamo.Open(t.Context(), file, archiveOptions); err == nil || !strings.Contains(err.Error(), "run notewire import") {
				t.Fatalf("a store that is half filled opens with error %v", err)
			}
			counts, err := dynamo.Import(t.Context(), file, archiveOptions, strings.NewReader(whole), nil)
			if err != nil {
				t.Fatal(err)
			}
			t.Logf("the last run skipped %d rows", counts.Skipped)
			sameArchive(t, exported(t, file), want)
		})
	}
}

func cutOff(err error) bool {
	_, ok := errors.AsType[*dynamo.ArchiveError](err)
	return ok
}

type failing struct{ err error }

func (f *failing) Read([]byte) (int, error) { return 0, f.err }

func TestAnInterruptedImportGoesOnWithTheSameArchiveOnly(t *testing.T) {
	lines := variedArchive(t, 5, 2)
	engine := newFile(t)
	if _, err := dynamo.Import(t.Context(), engine, archiveOptions, archiveOf(lines[:6]), nil); !cutOff(err) {
		t.Fatalf("error %v", err)
	}
	other := variedArchive(t, 5, 2)
	if _, err := dynamo.Import(t.Context(), engine, archiveOptions, archiveOf(other), nil); err == nil || !strings.Contains(err.Error(), "another archive") {
		t.Errorf("error %v", err)
	}
	if _, err := dynamo.Import(t.Context(), engine, archiveOptions, archiveOf(lines), nil); err != nil {
		t.Error(err)
	}
}

func TestARowThatDiffersStopsAnImport(t *testing.T) {
	lines := variedArchive(t, 5, 2)
	engine := newFile(t)
	if _, err := dynamo.Import(t.Context(), engine, archiveOptions, archiveOf(lines[:1]), nil); !cutOff(err) {
		t.Fatalf("error %v", err)
	}
	head := &dynamo.Item{Key: dynamo.Key{PK: "NOTE#note-0003", SK: "HEAD"}, Attrs: map[string]any{"version": int64(9)}}
	if err := engine.Transact(t.Context(), []dynamo.Op{{Put: head}}); err != nil {
		t.Fatal(err)
	}
	_, err := dynamo.Import(t.Context(), engine, archiveOptions, archiveOf(lines), nil)
	if err == nil || !strings.Contains(err.Error(), "the head of note note-0003 is in the store already, and differs") {
		t.Errorf("error %v", err)
	}
}
