package page

import (
	"bytes"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

// The app that is served is the one that its sources make: built again, it is the same to the byte.
func TestTheAppIsCurrent(t *testing.T) {
	const client = "../../client"
	vite, err := filepath.Abs(client + "/node_modules/vite/bin/vite.js")
	if err != nil {
		t.Fatal(err)
	}
	_, missing := os.Stat(vite)
	node, err := exec.LookPath("node")
	if err != nil || missing != nil {
		if os.Getenv("CI") == "true" {
			t.Fatal("this test needs Node and client/node_modules, and CI must have them: make tools")
		}
		t.Skip("this test needs Node and client/node_modules: make tools")
	}
	out := t.TempDir()
	build := exec.CommandContext(t.Context(), node, vite, "build", "demo", "--outDir", out, "--emptyOutDir", "--logLevel", "warn")
	build.Dir = client
	build.Env = append(os.Environ(), "NODE_ENV=production")
	if said, err := build.CombinedOutput(); err != nil {
		t.Fatalf("vite build: %v\n%s", err, said)
	}
	built, served := contents(t, os.DirFS(out)), contents(t, sub(t))
	for name, body := range built {
		if !bytes.Equal(served[name], body) {
			t.Errorf("%s is not what its sources make: run make page", name)
		}
	}
	for name := range served {
		if built[name] == nil {
			t.Errorf("%s is left over: run make page", name)
		}
	}
}

func sub(t *testing.T) fs.FS {
	t.Helper()
	files, err := fs.Sub(app, "app")
	if err != nil {
		t.Fatal(err)
	}
	return files
}

func contents(t *testing.T, files fs.FS) map[string][]byte {
	t.Helper()
	all := map[string][]byte{}
	err := fs.WalkDir(files, ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		all[name], err = fs.ReadFile(files, name)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}
