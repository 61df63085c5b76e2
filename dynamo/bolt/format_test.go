package bolt

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"go.etcd.io/bbolt"
)

// refused checks that Open fails with an error that names the path, the problem and what
// to do, and that it lets go of the file.
func refused(t *testing.T, path string, words ...string) {
	t.Helper()
	e, err := Open(path, Options{SweepEvery: -1})
	if err == nil {
		e.Close()
		t.Fatal("the file was opened")
	}
	for _, word := range append(words, path) {
		if !strings.Contains(err.Error(), word) {
			t.Errorf("the error does not say %q: %v", word, err)
		}
	}
}

func TestFileAndDirectoryArePrivate(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a", "b", "notes.db")
	open(t, path)
	for p, want := range map[string]os.FileMode{path: 0o600, filepath.Dir(path): 0o700, filepath.Dir(filepath.Dir(path)): 0o700} {
		info, err := os.Stat(p)
		if err != nil || info.Mode().Perm() != want {
			t.Errorf("%s: %v, error %v, want %v", p, info.Mode(), err, want)
		}
	}
}

// made returns the path of a bbolt file that fn has written to.
func made(t *testing.T, fn func(*bbolt.Tx) error) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "made.db")
	db, err := bbolt.Open(path, 0o600, nil)
	if err != nil {
		t.Fatal(err)
	}
	if err := db.Update(fn); err != nil {
		t.Fatal(err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestFileOfAnotherFormatIsRefused(t *testing.T) {
	path := made(t, func(tx *bbolt.Tx) error {
		if err := initialise(tx); err != nil {
			return err
		}
		return tx.Bucket(metaBucket).Put([]byte("format"), []byte("2"))
	})
	refused(t, path, `"2"`, "run the version of Notewire that wrote it")
}

func TestFileOfAnotherProgramIsRefusedAndLeftAlone(t *testing.T) {
	foreign := func(bucket string) string {
		return made(t, func(tx *bbolt.Tx) error { _, err := tx.CreateBucket([]byte(bucket)); return err })
	}
	for _, path := range []string{foreign("items"), foreign("meta")} {
		before, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		refused(t, path, "another program", "use another file")
		if after, _ := os.ReadFile(path); !bytes.Equal(before, after) {
			t.Error("the file was changed")
		}
	}
}

func TestFileWithoutABucketIsCompleted(t *testing.T) { // a crash right after its creation
	path := made(t, func(*bbolt.Tx) error { return nil })
	mustPut(t, open(t, path), item("a", 1))
}

func TestFileThatIsNoDatabaseIsRefused(t *testing.T) {
	for name, content := range map[string][]byte{
		"short": []byte("my notes"),
		"long":  bytes.Repeat([]byte("my notes\n"), 10_000),
		"zeros": make([]byte, 1<<15),
	} {
		t.Run(name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "notes.txt")
			if err := os.WriteFile(path, content, 0o600); err != nil {
				t.Fatal(err)
			}
			refused(t, path, "no Notewire database", "use another file")
			if after, _ := os.ReadFile(path); !bytes.Equal(content, after) {
				t.Error("the file was changed")
			}
		})
	}
}

// written returns the path and the content of a database of some size.
func written(t *testing.T) (path string, content []byte) {
	t.Helper()
	path = file(t)
	e := open(t, path)
	fill(t, e, 2000)
	if err := e.Close(); err != nil {
		t.Fatal(err)
	}
	content, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return path, content
}

func TestFileThatWasCutShortIsRefused(t *testing.T) {
	path, content := written(t)
	page := os.Getpagesize()
	for _, size := range []int{page / 2, page, 2 * page, 3 * page, 4 * page, 10 * page} {
		if err := os.WriteFile(path, content[:size], 0o600); err != nil {
			t.Fatal(err)
		}
		refused(t, path, "restore it from a backup")
	}
}

func TestFileWithDamagedPagesIsRefused(t *testing.T) {
	path, content := written(t)
	for i := range content {
		if i >= 2*os.Getpagesize() { // all but the two pages that bbolt checks
			content[i] = 0xa5
		}
	}
	if err := os.WriteFile(path, content, 0o600); err != nil {
		t.Fatal(err)
	}
	refused(t, path, "damaged", "restore it from a backup")
	db, err := bbolt.Open(path, 0o600, &bbolt.Options{ReadOnly: true, Timeout: 100 * time.Millisecond})
	if err != nil {
		t.Fatalf("the lock was kept: %v", err)
	}
	db.Close()
}

func TestFileInUseIsRefusedWithinSeconds(t *testing.T) {
	path := file(t)
	open(t, path)
	start := time.Now()
	refused(t, path, "another process has it open", "stop that one")
	if took := time.Since(start); took > 5*time.Second {
		t.Errorf("it took %v", took)
	}
}

func TestUnusableDirectoryIsRefused(t *testing.T) {
	dir := t.TempDir()
	inFile := filepath.Join(dir, "file")
	if err := os.WriteFile(inFile, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	refused(t, filepath.Join(inFile, "notes.db"), "use another path")
	refused(t, dir, "use another path")
	refused(t, "", "use another path")
}

func TestUnwritableDirectoryIsRefused(t *testing.T) {
	if os.Geteuid() == 0 {
		t.Skip("root may write anywhere")
	}
	dir := filepath.Join(t.TempDir(), "readonly")
	if err := os.Mkdir(dir, 0o500); err != nil {
		t.Fatal(err)
	}
	refused(t, filepath.Join(dir, "notes.db"), "permission denied", "let this user write to "+dir)
	refused(t, filepath.Join(dir, "sub", "notes.db"), "permission denied", "let this user write to")
}
