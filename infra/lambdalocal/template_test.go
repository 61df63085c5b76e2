package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

func TestTheTemplateSaysWhatItNeeds(t *testing.T) {
	read, err := readTemplate("../template.yaml")
	if err != nil {
		t.Fatal(err)
	}
	r := read.Resources
	for name, f := range map[string]function{"http": r.HTTP, "socket": r.Socket, "fanout": r.Fanout} {
		if f.timeout() < 5*time.Second {
			t.Errorf("%s has %v", name, f.timeout())
		}
	}
	if s := r.Stream.Properties; s.BatchSize < 1 || s.Retries < 1 || s.MaxAge < 60 || len(s.FilterCriteria.Filters) == 0 {
		t.Errorf("the stream's settings are %+v", s)
	}
	schedules, err := r.Fanout.schedules()
	if err != nil || len(schedules) != 1 || schedules[0] != (schedule{time.Minute, `{"sweep":true}`}) {
		t.Errorf("the schedules are %+v, %v", schedules, err)
	}
}

func TestAScheduleThatIsNoRateIsRefused(t *testing.T) {
	text, err := os.ReadFile("../template.yaml")
	if err != nil {
		t.Fatal(err)
	}
	for _, bad := range []string{"cron(0 12 * * ? *)", "rate(0 minutes)", "rate(5 weeks)", "rate(minute)"} {
		path := filepath.Join(t.TempDir(), "template.yaml")
		if err := os.WriteFile(path, []byte(strings.Replace(string(text), "rate(1 minute)", bad, 1)), 0o600); err != nil {
			t.Fatal(err)
		}
		read, err := readTemplate(path)
		if err != nil {
			t.Fatal(err)
		}
		if all, err := read.Resources.Fanout.schedules(); err == nil {
			t.Errorf("%s became %v", bad, all)
		}
	}
	if _, err := readTemplate("/nowhere"); err == nil || !strings.Contains(err.Error(), "--template") {
		t.Errorf("no template: %v", err)
	}
}

func TestWhatIsPassedOn(t *testing.T) {
	t.Setenv("CLERK_ISSUER", "https://clerk.example")
	t.Setenv("MINE", "1")
	t.Setenv("SECRET", "1")
	p := program{Table: "table", Dynamodb: "http://db", DataDir: "data", Env: []string{"MINE", "ABSENT", "DATA_DIR=/other"}}
	env, err := p.functionEnv("http://sockets/local")
	if err != nil {
		t.Fatal(err)
	}
	all := "\n" + strings.Join(env, "\n") + "\n"
	for _, want := range []string{"DYNAMODB_TABLE=table", "AWS_ENDPOINT_URL_DYNAMODB=http://db", "WEBSOCKET_API_ENDPOINT=http://sockets/local", "CLERK_ISSUER=https://clerk.example", "MINE=1"} {
		if !strings.Contains(all, "\n"+want+"\n") {
			t.Errorf("no %s in %q", want, env)
		}
	}
	if strings.Contains(all, "SECRET") || strings.Contains(all, "ABSENT") {
		t.Errorf("too much in %q", env)
	}
	if env[len(env)-1] != "DATA_DIR=/other" {
		t.Errorf("the user's word is not the last: %q", env)
	}
}
