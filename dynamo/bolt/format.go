package bolt

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"syscall"
	"time"

	"go.etcd.io/bbolt"
	boltErrors "go.etcd.io/bbolt/errors"
)

// The buckets of the file.
var (
	metaBucket  = []byte("meta")  // the marks below
	itemsBucket = []byte("items") // PK 0x00 SK → see item.go
	indexBucket = []byte("index") // IPK 0x00 ISK 0x00 PK 0x00 SK → nothing
)

// The marks of a file that is ours.
const (
	applicationKey, application = "application", "notewire"
	formatKey, format           = "format", "1"
)

var (
	errForeign = errors.New("it is the file of another program")
	errFormat  = errors.New("its format is not known to this program")
	errDamaged = errors.New("it is damaged, or no Notewire database at all")
)

// lockTimeout lets a predecessor that is just being closed finish.
const lockTimeout = time.Second

// boltOptions: the freelist is kept on the disk. Without it a commit to a file with
// 200 MB of free pages takes 0.7 ms instead of 1.8 ms, but opening reads the whole file.
// Either is safe in a crash. InitialMmapSize spares a small file all remapping, for which
// the writer waits for readers; Windows would allocate it on disk.
//
// bbolt relies on the file system. ext4 with fast_commit could corrupt its file at a power
// cut before Linux 5.10.94, 5.15.27 and 5.17 (etcd-io/bbolt#562).
func boltOptions(noSync bool) *bbolt.Options {
	opts := &bbolt.Options{
		Timeout:         lockTimeout,
		FreelistType:    bbolt.FreelistMapType,
		InitialMmapSize: 64 << 20,
		NoStatistics:    true, // they cost every reader a lock
		NoSync:          noSync,
		NoGrowSync:      noSync,
	}
	if runtime.GOOS == "windows" {
		opts.InitialMmapSize = 0
	}
	return opts
}

// openFile opens or creates the file and makes sure that it is ours. Its errors are for
// people.
func openFile(path string, noSync bool) (db *bbolt.DB, err error) {
	defer func() {
		if err != nil {
			err = fmt.Errorf("open database %s: %w: %s", path, err, advice(err, path))
		}
	}()
	info, err := os.Stat(path)
	fresh := err != nil || info.Size() == 0
	if !fresh {
		if err := inspect(path, info); err != nil {
			return nil, err
		}
	}
	parents := missingDirs(filepath.Dir(path))
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return nil, err
	}
	err = guarded(func() (err error) {
		db, err = bbolt.Open(path, 0o600, boltOptions(noSync))
		return err
	})
	if err != nil {
		return nil, err
	}
	err = prepare(db)
	if err == nil && fresh && !noSync {
		err = syncDirs(append(parents, filepath.Dir(path)))
	}
	if err != nil {
		return nil, errors.Join(err, db.Close())
	}
	return db, nil
}

// inspect checks an existing file without changing it, which opening it for writing
// might.
func inspect(path string, info fs.FileInfo) error {
	if info.IsDir() {
		return syscall.EISDIR
	}
	opts := boltOptions(false)
	opts.ReadOnly = true
	db, err := bbolt.Open(path, 0, opts)
	var system *fs.PathError
	switch {
	case errors.As(err, &system) || errors.Is(err, boltErrors.ErrTimeout):
		return err
	case err != nil:
		return fmt.Errorf("%w (%w)", errDamaged, err)
	}
	err = guarded(func() error { return db.View(recognise) })
	return errors.Join(err, db.Close())
}

// guarded makes an error of a panic. bbolt panics when a page is not what it should be,
// and faults when it reads past the end of a file that was cut short.
func guarded(fn func() error) (err error) {
	defer debug.SetPanicOnFault(debug.SetPanicOnFault(true))
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("%w (%v)", errDamaged, p)
		}
	}()
	return fn()
}

// recognise checks the length of the file and its marks. One without any bucket is fine:
// its creation was interrupted.
func recognise(tx *bbolt.Tx) error {
	info, err := os.Stat(tx.DB().Path())
	if err != nil {
		return err
	}
	if info.Size() < tx.Size() {
		return fmt.Errorf("%w (cut short: %d of %d bytes)", errDamaged, info.Size(), tx.Size())
	}
	if first, _ := tx.Cursor().First(); first == nil {
		return nil
	}
	meta := tx.Bucket(metaBucket)
	switch {
	case meta == nil || string(meta.Get([]byte(applicationKey))) != application:
		return errForeign
	case string(meta.Get([]byte(formatKey))) != format:
		return fmt.Errorf("%w (it has %q, wanted is %q)", errFormat, meta.Get([]byte(formatKey)), format)
	case tx.Bucket(itemsBucket) == nil || tx.Bucket(indexBucket) == nil:
		return errDamaged
	}
	return nil
}

// prepare makes the buckets and marks of a file that has none.
func prepare(db *bbolt.DB) error {
	marked := false
	err := db.View(func(tx *bbolt.Tx) error {
		marked = tx.Bucket(metaBucket) != nil
		return recognise(tx) // once more: this time nobody else can change it
	})
	if err != nil || marked {
		return err
	}
	return db.Update(initialise)
}

func initialise(tx *bbolt.Tx) error {
	for _, name := range [][]byte{metaBucket, itemsBucket, indexBucket} {
		if _, err := tx.CreateBucket(name); err != nil {
			return err
		}
	}
	meta := tx.Bucket(metaBucket)
	if err := meta.Put([]byte(applicationKey), []byte(application)); err != nil {
		return err
	}
	return meta.Put([]byte(formatKey), []byte(format))
}

// missingDirs returns the directories that get a new entry when dir is made.
func missingDirs(dir string) (parents []string) {
	for {
		parent := filepath.Dir(dir)
		if _, err := os.Stat(dir); err == nil || parent == dir {
			return parents
		}
		parents = append(parents, parent)
		dir = parent
	}
}

// syncDirs makes new entries of directories durable: without it a power cut may lose the
// file with everything that was fsynced into it.
func syncDirs(dirs []string) error {
	if runtime.GOOS == "windows" {
		return nil // has no such thing
	}
	for _, dir := range dirs {
		d, err := os.Open(dir)
		if err != nil {
			return err
		}
		if err := errors.Join(d.Sync(), d.Close()); err != nil {
			return err
		}
	}
	return nil
}

// advice says what to do about an error of openFile.
func advice(err error, path string) string {
	for _, known := range []struct {
		err error
		say string
	}{
		{boltErrors.ErrTimeout, "another process has it open; stop that one, or use another file"},
		{errForeign, "use another file"},
		{errFormat, "run the version of Notewire that wrote it, or use another file"},
		{errDamaged, "restore it from a backup, or use another file"},
		{fs.ErrPermission, "let this user write to " + filepath.Dir(path) + " and to the file, or use another path"},
		{syscall.EROFS, "the disk is read-only; use another path"},
	} {
		if errors.Is(err, known.err) {
			return known.say
		}
	}
	return "use another path"
}
