package dynamo_test

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"notewire/dynamo"
)

// Whatever happens to an archive, the first line that is not as it was is named.
func TestADamagedArchiveIsRefusedByLine(t *testing.T) {
	lines := variedArchive(t, 4, 3)
	last := len(lines)
	replace := func(i int, old, new string) func([]string) []string {
		return func(l []string) []string { l[i] = strings.Replace(l[i], old, new, 1); return l }
	}
	for _, c := range []struct {
		name   string
		damage func([]string) []string
		line   int
		says   string
	}{
		{"nothing at all", func([]string) []string { return nil }, 1, "not the first line"},
		{"another file", func([]string) []string { return []string{"hello, world, this is not an archive\n"} }, 1, "not the first line"},
		{"an edited header", replace(0, `"at":1`, `"at":2`), 1, "edited"},
		{"an edited text", replace(2, "text 2", "text 3"), 3, "edited"},
		{"an edited sum", replace(2, `"sum":"`, `"sum":"x`), 3, "edited"},
		{"a text edited by one byte to broken JSON", replace(2, `"op":`, `"op";`), 3, "edited"},
		{"a line lost", func(l []string) []string { return slices.Delete(l, 2, 3) }, 3, "lost"},
		{"a line doubled", func(l []string) []string { return slices.Insert(l, 3, l[2]) }, 4, "edited"},
		{"lines swapped", func(l []string) []string { l[2], l[3] = l[3], l[2]; return l }, 3, "moved"},
		{"an empty line", func(l []string) []string { return slices.Insert(l, 3, "\n") }, 4, "edited"},
		{"the end lost", func(l []string) []string { return l[:last-1] }, last, "cut off"},
		{"cut within a line", func(l []string) []string { l[4] = l[4][:20]; return l[:5] }, 5, "cut off"},
		{"the last newline lost", replace(last-1, "\n", ""), last, "cut off"},
		{"an edited count", replace(last-1, `"notes":4`, `"notes":5`), last, "edited"},
		{"more behind the end", func(l []string) []string { return append(l, l[1]) }, last + 1, "follows"},
	} {
		t.Run(c.name, func(t *testing.T) {
			damaged := c.damage(slices.Clone(lines))
			_, err := dynamo.VerifyArchive(t.Context(), archiveOf(damaged), nil)
			refusedAt(t, err, c.line, c.says)
			engine := newFile(t)
			_, err = dynamo.Import(t.Context(), engine, archiveOptions, archiveOf(damaged), nil)
			refusedAt(t, err, c.line, c.says)
			if _, err := dynamo.Import(t.Context(), engine, archiveOptions, archiveOf(lines), nil); err != nil {
				t.Errorf("with the whole archive it does not go on: %v", err)
			}
		})
	}
}

func refusedAt(t *testing.T, err error, line int, says string) {
	t.Helper()
	refusal, ok := errors.AsType[*dynamo.ArchiveError](err)
	if !ok {
		t.Fatalf("error %v, want one about line %d", err, line)
	}
	if refusal.Line != int64(line) || !strings.Contains(refusal.Problem, says) {
		t.Fatalf("refused: %v; want line %d, %q", err, line, says)
	}
}

// An archive whose sums are right, but which no export writes, is refused as well.
func TestAnArchiveOfNonsenseIsRefused(t *testing.T) {
	const (
		header = `{"kind":"notewire","format":2,"epoch":"e","at":1}`
		one    = `{"kind":"version","id":"n","version":1,"op":"create","author":"ann","mutationId":"m","userId":"ann","content":"","type":"note","access":"private"}`
		ann    = `{"kind":"entry","id":"n","userId":"ann","tags":[]}`
		folder = `{"kind":"folder","id":"f","userId":"ann","name":"F","color":"#6b7280","parentId":null,"order":0}`
		purge  = `{"kind":"version","id":"n","version":2,"op":"purge","author":"ann","mutationId":"p","userId":"ann","content":"","type":"","access":"private","deleted":true,"purged":true}`
	)
	with := func(s, old, new string) string { return strings.Replace(s, old, new, 1) }
	for _, c := range []struct {
		name  string
		lines []string
		says  string
	}{
		{"of a later format", []string{with(header, `"format":2`, `"format":3`)}, "this program knows formats 1 to 2"},
		{"without a header", []string{one}, "not the first line"},
		{"with a member that is unknown", []string{header, with(one, `"type"`, `"typo"`)}, "typo"},
		{"with a line that is unknown", []string{header, `{"kind":"label"}`}, "no kind"},
		{"with a note id that is none", []string{header, with(one, `"id":"n"`, `"id":"a#b"`)}, "not an id"},
		{"with version 0", []string{header, with(one, `"version":1`, `"version":0`)}, "no version 0"},
		{"with an access that is none", []string{header, with(one, "private", "secret")}, "not an access"},
		{"with a role that is none", []string{header, with(one, `"access"`, `"collaborators":[{"userId":"b","role":"king"}],"access"`)}, "collaborator"},
		{"with collaborators out of order", []string{header, with(one, `"access"`, `"collaborators":[{"userId":"c","role":"read"},{"userId":"b","role":"read"}],"access"`)}, "order"},
		{"with a version twice", []string{header, one, one}, "out of order"},
		{"with a version behind the entries", []string{header, one, ann, with(one, `"version":1`, `"version":2`)}, "out of order"},
		{"with notes out of order", []string{header, one, ann, with(one, `"id":"n"`, `"id":"m"`)}, "comes later"},
		{"without an entry", []string{header, one, with(one, `"id":"n"`, `"id":"o"`)}, "not complete"},
		{"with a stranger's entry", []string{header, one, with(ann, `"ann"`, `"bob"`)}, "does not belong"},
		{"with an entry twice", []string{header, one, ann, ann}, "does not belong"},
		{"that ends without an entry", []string{header, one, `{"kind":"end","notes":1,"versions":1,"entries":0,"sha256":""}`}, "not complete"},
		{"with a wrong count", []string{header, one, ann, `{"kind":"end","notes":1,"versions":1,"entries":2,"sha256":""}`}, "there are 1 notes"},
		{"with an entry of what was purged", []string{header, one, purge, ann}, "does not belong"},
		{"with a version behind a purge", []string{header, purge, with(one, `"version":1`, `"version":3`)}, "out of order"},
		{"with folders before an entry", []string{header, one, folder}, "not complete"},
		{"with a note behind folders", []string{header, folder, one}, "comes after folders"},
		{"with a folder twice", []string{header, folder, folder}, "out of order"},
		{"with folders out of order", []string{header, folder, with(folder, `"f"`, `"e"`)}, "out of order"},
		{"with a folder id that is none", []string{header, with(folder, `"f"`, `""`)}, "ids"},
		{"with a folder of nobody", []string{header, with(folder, `"ann"`, `"a/b"`)}, "ids"},
		{"with a folder in what is none", []string{header, with(folder, `null`, `""`)}, "ids"},
		{"with a folder in none that is there", []string{header, with(folder, `null`, `"g"`), with(folder, `"ann"`, `"bob"`)}, "folder f of ann"},
		{"with a folder in itself, at the end", []string{header, with(folder, `null`, `"f"`), `{"kind":"end","folders":1,"sha256":""}`}, "folder f of ann"},
		{"with a wrong count of folders", []string{header, folder, `{"kind":"end","folders":2,"sha256":""}`}, "1 folders"},
		{"with a wrong hash", []string{header, one, ann, `{"kind":"end","notes":1,"versions":1,"entries":1,"sha256":"0"}`}, "sha256"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := dynamo.VerifyArchive(t.Context(), archiveOf(dynamo.Sealed(c.lines...)), nil)
			refusedAt(t, err, len(c.lines), c.says)
		})
	}
}
