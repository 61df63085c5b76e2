package dynamo

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"

	"notewire/notes"
)

// ArchiveError says which line of an archive cannot be used, and why.
type ArchiveError struct {
	Line    int64
	Problem string
}

func (e *ArchiveError) Error() string {
	return fmt.Sprintf("line %d of the archive: %s", e.Line, e.Problem)
}

// longestLine is more than a note may have of everything, escaped and posted as well.
const longestLine = 256 << 20

// archiveReader reads an archive line by line, and returns nothing that it has not checked.
type archiveReader struct {
	header headerLine
	in     *bufio.Reader
	line   int64 // the last one that was read
	seal   *seal
	counts ArchiveCounts

	head  *notes.Version // the last version that was read
	users []notes.UserID // whose entries of it come next
	first bool           // the next entry is the note's first

	folders archivedFolders
}

// archiveRow is what a line brings: a version, an entry or a folder, and with the last line that
// may be of the note its head.
type archiveRow struct {
	version *notes.Version
	entry   *notes.Entry
	folder  *notes.Folder
	head    *notes.Note
}

func newArchiveReader(r io.Reader) (*archiveReader, error) {
	a := &archiveReader{in: bufio.NewReaderSize(r, 1<<16), seal: newSeal()}
	object, err := a.next()
	if _, refused := errors.AsType[*ArchiveError](err); refused {
		return nil, a.refuse("it is not the first line of a Notewire archive, or it was edited")
	} else if err != nil {
		return nil, err
	}
	if err := json.Unmarshal(object, &a.header); err != nil || a.header.Kind != lineHeader {
		return nil, a.refuse("it is not the first line of a Notewire archive")
	}
	if f := a.header.Format; f < oldestArchive || f > archiveFormat {
		return nil, a.refuse("the archive has format %d; this program knows formats %d to %d", f, oldestArchive, archiveFormat)
	}
	a.seal = newSeal()
	return a, nil
}

func (a *archiveReader) refuse(format string, args ...any) error {
	return &ArchiveError{Line: a.line, Problem: fmt.Sprintf(format, args...)}
}

// next returns the object of the next line.
func (a *archiveReader) next() ([]byte, error) {
	var line []byte
	for {
		part, err := a.in.ReadSlice('\n')
		line = append(line, part...)
		a.counts.Bytes += int64(len(part))
		if err == nil {
			break
		}
		switch {
		case err == io.EOF:
			a.line++
			return nil, a.refuse("the archive is cut off here")
		case err != bufio.ErrBufferFull:
			return nil, fmt.Errorf("read line %d of the archive: %w", a.line+1, err)
		case len(line) > longestLine:
			a.line++
			return nil, a.refuse("it is longer than %d MB", longestLine>>20)
		}
	}
	a.line++
	object, ok := a.seal.open(line)
	if !ok {
		return nil, a.refuse("its sum is wrong: it was edited, or lines before it were moved or lost")
	}
	return object, nil
}

func (a *archiveReader) decode(object []byte, to any) error {
	decoder := json.NewDecoder(bytes.NewReader(object))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(to); err != nil {
		return a.refuse("%v", err)
	}
	if decoder.InputOffset() != int64(len(object)) {
		return a.refuse("something follows its object")
	}
	return nil
}

// read returns the next row, or nil at the end of an archive that is whole.
func (a *archiveReader) read(ctx context.Context) (*archiveRow, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	whole := a.seal.sum()
	object, err := a.next()
	if err != nil {
		return nil, err
	}
	switch kind(object) {
	case lineVersion:
		return a.version(object)
	case lineEntry:
		return a.entry(object)
	case lineFolder:
		return a.folder(object)
	case lineEnd:
		return nil, a.end(object, whole)
	}
	return nil, a.refuse("it is of no kind that this program knows")
}

// kind returns the value of the first member.
func kind(object []byte) string {
	rest, ok := bytes.CutPrefix(object, []byte(`{"kind":"`))
	if !ok {
		return ""
	}
	name, _, _ := bytes.Cut(rest, []byte(`"`))
	return string(name)
}

func (a *archiveReader) version(object []byte) (*archiveRow, error) {
	var line versionLine
	if err := a.decode(object, &line); err != nil {
		return nil, err
	}
	if problem := line.problem(); problem != "" {
		return nil, a.refuse("%s", problem)
	}
	v := line.version()
	switch {
	case a.folders.last != nil:
		return nil, a.refuse("note %s comes after folders", v.ID)
	case a.head != nil && v.ID == a.head.ID && !(a.first && v.Note.Version > a.head.Note.Version):
		return nil, a.refuse("version %d of note %s is out of order", v.Note.Version, v.ID)
	case a.head == nil || v.ID != a.head.ID:
		if a.head != nil && (v.ID < a.head.ID || len(a.users) > 0) {
			return nil, a.refuse("note %s begins, but note %s is not complete or comes later", v.ID, a.head.ID)
		}
		a.counts.Notes++
	}
	a.counts.Versions++
	if a.head = v; v.Purged {
		a.users, a.first = nil, false
		return &archiveRow{version: v, head: v.Note}, nil
	}
	a.users, a.first = v.Accounts(), true
	slices.Sort(a.users)
	return &archiveRow{version: v}, nil
}

func (a *archiveReader) entry(object []byte) (*archiveRow, error) {
	var line entryLine
	if err := a.decode(object, &line); err != nil {
		return nil, err
	}
	if a.head == nil || line.ID != a.head.ID || len(a.users) == 0 || line.User != a.users[0] {
		return nil, a.refuse("an entry of %s of note %s does not belong here", line.User, line.ID)
	}
	row := &archiveRow{entry: line.entry(a.head.Note)}
	if a.first {
		row.head = a.head.Note
	}
	a.users, a.first = a.users[1:], false
	a.counts.Entries++
	return row, nil
}

// end checks the last line, and that it is the last.
func (a *archiveReader) end(object []byte, whole string) error {
	var line endLine
	if err := a.decode(object, &line); err != nil {
		return err
	}
	if len(a.users) > 0 {
		return a.refuse("the archive ends, but note %s is not complete", a.head.ID)
	}
	if problem := a.folders.unsound(); problem != "" {
		return a.refuse("%s", problem)
	}
	if !line.same(a.counts) {
		return a.refuse("it says %v; there are %v", line.ArchiveCounts, a.counts)
	}
	if line.SHA256 != whole {
		return a.refuse("its sha256 is not that of the lines before")
	}
	if _, err := a.in.ReadByte(); err == nil {
		a.line++
		return a.refuse("something follows the end")
	} else if err != io.EOF {
		return fmt.Errorf("read behind the end of the archive: %w", err)
	}
	return nil
}

// problem says what would not fit into a table or into the rules.
func (l *versionLine) problem() string {
	for _, id := range []string{string(l.ID), string(l.Owner), string(l.Author), string(l.Mutation)} {
		if !notes.ValidID(id) {
			return fmt.Sprintf("%q is not an id", id)
		}
	}
	if l.Version < 1 {
		return fmt.Sprintf("there is no version %d", l.Version)
	}
	if l.Access != notes.Private && l.Access != notes.Public {
		return fmt.Sprintf("%q is not an access", l.Access)
	}
	for i, m := range l.Members {
		if !notes.ValidID(string(m.User)) || m.User == l.Owner || m.Role != notes.Reader && m.Role != notes.Writer {
			return fmt.Sprintf("%q cannot be a collaborator as %q", m.User, m.Role)
		}
		if i > 0 && m.User <= l.Members[i-1].User {
			return "collaborators are not in the order of their ids"
		}
	}
	return ""
}

// VerifyArchive reads a whole archive and returns what is in it, or an *ArchiveError for the
// first line that is not as it was written. It tells progress like Import.
func VerifyArchive(ctx context.Context, r io.Reader, progress func(ArchiveCounts)) (ArchiveCounts, error) {
	a, err := newArchiveReader(r)
	if err != nil {
		return ArchiveCounts{}, err
	}
	for {
		row, err := a.read(ctx)
		if row == nil || err != nil {
			return a.counts, err
		}
		if progress != nil {
			progress(a.counts)
		}
	}
}
