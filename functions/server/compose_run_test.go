package main

import (
	"errors"
	"io/fs"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"notewire/dynamo/ddb/ddbtest"
	"notewire/transport/bus/bustest"
)

// What `docker compose up` does, without Docker: the program is built from what .dockerignore
// lets through, by the Dockerfile's own command, and runs in the containers' environment. The
// table's name resolves through a proxy; only the bus's name is replaced.
func TestTheContainersWork(t *testing.T) {
	bus := bustest.Start(t)
	table := measure(t, ddbtest.Shared(t))
	binary := buildImage(t)
	file := composed(t)
	env := func(service string, more ...string) []string {
		all := append(more, "HTTP_PROXY="+table.url) // for http://dynamodb:8000
		for _, environment := range []map[string]string{imageEnvironment(t), file.Services[service].Environment} {
			for name, value := range environment {
				all = append(all, name+"="+strings.ReplaceAll(value, "redis://valkey:6379", bus.URL))
			}
		}
		return all
	}
	migrate := exec.Command(binary, words(t, file.Services["migrate"].Command)...)
	migrate.Env = env("migrate")
	for range 2 { // each `up` runs it
		if out, err := migrate.CombinedOutput(); err != nil {
			t.Fatalf("migrate: %v\n%s", err, out)
		}
		migrate = &exec.Cmd{Path: migrate.Path, Args: migrate.Args, Env: migrate.Env}
	}

	server := launch(t, t.TempDir(), env("server"), binary)
	_, port, _ := strings.Cut(strings.TrimPrefix(server.URL, "http://"), ":")
	for _, host := range []string{"localhost", "127.0.0.1"} {
		fromTheHost(t, "http://"+host+":"+port)
	}
	if r := (&program{t: t, URL: server.URL}).get("/", "Host: notes.example.com:"+port); r.Status != http.StatusForbidden {
		t.Errorf("a name that was made to resolve to the server is answered %d", r.Status)
	}

	check := file.Services["server"].Healthcheck.Test
	if len(check) < 2 || check[0] != "CMD" || check[1] != "/notewire" || !strings.Contains(dockerfile(t), `ENTRYPOINT ["/notewire"]`) {
		t.Fatalf("the health check is %q", check)
	}
	health := func() ([]byte, error) {
		cmd := exec.Command(binary, check[2:]...)
		cmd.Env = env("server", "PORT="+port)
		return cmd.CombinedOutput()
	}
	if out, err := health(); err != nil {
		t.Errorf("the running server's health: %v\n%s", err, out)
	}
	server.stop(t)
	if out, err := health(); err == nil {
		t.Errorf("the stopped server is well: %s", out)
	}
}

// fromTheHost does what a browser does at that origin.
func fromTheHost(t *testing.T, origin string) {
	t.Helper()
	p, from := &program{t: t, URL: origin}, "Origin: "+origin
	if r := p.get("/"); r.Status != http.StatusOK || !strings.HasPrefix(r.Header.Get("Content-Type"), "text/html") {
		t.Errorf("the page at %s: %d %v", origin, r.Status, r.Header)
	}
	events := p.stream("/api/events", from)
	events.next("auth_success")
	note := p.must("/api/notes", `{"title":"from a container"}`, from)
	if made := events.next("note_created_sync"); made["mutationId"] != note["mutationId"] || made["cursor"] != note["cursor"] {
		t.Errorf("%s: after %v came %v", origin, note, made)
	}
	events.quit()
}

// buildImage runs the Dockerfile's build and returns the program's path.
func buildImage(t *testing.T) string {
	t.Helper()
	src, out := t.TempDir(), t.TempDir()
	copyContext(t, "../..", src)
	build := regexp.MustCompile(`(?m)^RUN.* (CGO_ENABLED=0 .*go build .*)$`).FindStringSubmatch(dockerfile(t))
	if build == nil {
		t.Fatal("the Dockerfile builds nothing")
	}
	cmd := exec.CommandContext(t.Context(), "sh", "-c", strings.ReplaceAll(build[1], "/out/", out+"/"))
	cmd.Dir, cmd.Env = src, append(os.Environ(), "VERSION=v1.2.3", "TARGETOS=", "TARGETARCH=")
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("of what .dockerignore lets through, %s: %v\n%s", build[1], err, out)
	}
	binary := filepath.Join(out, "notewire")
	if version, err := exec.Command(binary, "version").Output(); err != nil || string(version) != "notewire v1.2.3\n" {
		t.Errorf("its version is %q, %v", version, err)
	}
	return binary
}

// copyContext copies what .dockerignore lets through.
func copyContext(t *testing.T, from, to string) {
	t.Helper()
	through := dockerignore(readFile(t, filepath.Join(from, ".dockerignore")))
	err := filepath.WalkDir(from, func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if entry.Name() == ".git" {
			return fs.SkipDir
		}
		name, err := filepath.Rel(from, path)
		if err != nil || entry.IsDir() || !through(filepath.ToSlash(name)) {
			return err
		}
		data, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		target := filepath.Join(to, name)
		return errors.Join(os.MkdirAll(filepath.Dir(target), 0o755), os.WriteFile(target, data, 0o644))
	})
	if err != nil {
		t.Fatal(err)
	}
}

// dockerignore reads patterns as Docker does: the last one that fits a file, or a directory
// above it, decides.
func dockerignore(patterns string) (through func(path string) bool) {
	type rule struct {
		fits *regexp.Regexp
		in   bool
	}
	var rules []rule
	for line := range strings.Lines(patterns) {
		line = strings.TrimSpace(line)
		if line == "" || line[0] == '#' {
			continue
		}
		pattern, in := strings.CutPrefix(line, "!")
		pattern = regexp.QuoteMeta(pattern)
		pattern = strings.ReplaceAll(pattern, `\*\*/`, `(.*/)?`)
		pattern = strings.ReplaceAll(pattern, `\*`, `[^/]*`)
		rules = append(rules, rule{regexp.MustCompile("^" + pattern + "(/.*)?$"), in})
	}
	return func(path string) bool {
		in := true
		for _, r := range rules {
			if r.fits.MatchString(path) {
				in = r.in
			}
		}
		return in
	}
}

// words are the arguments of a command.
func words(t *testing.T, command any) (args []string) {
	t.Helper()
	list, ok := command.([]any)
	if !ok {
		t.Fatalf("command %v is no list", command)
	}
	for _, word := range list {
		args = append(args, word.(string))
	}
	return args
}
