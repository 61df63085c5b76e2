package page

import (
	"net/http"
	"net/http/httptest"
	"path"
	"regexp"
	"strings"
	"testing"
)

func get(t *testing.T, target string, header http.Header) *http.Response {
	t.Helper()
	request := httptest.NewRequest(http.MethodGet, target, nil)
	request.Header = header
	recorder := httptest.NewRecorder()
	Handler("").ServeHTTP(recorder, request)
	return recorder.Result()
}

func TestEveryAssetIsServedWithItsTypeAndThePolicy(t *testing.T) {
	entries, err := assets.ReadDir(".")
	if err != nil {
		t.Fatal(err)
	}
	for _, entry := range entries {
		target := "/page/" + entry.Name()
		if entry.Name() == "index.html" {
			target = "/"
		}
		response := get(t, target, nil)
		if response.StatusCode != http.StatusOK {
			t.Errorf("%s: status %d", target, response.StatusCode)
		}
		for name, want := range map[string]string{
			"Content-Type":            contentTypes[path.Ext(entry.Name())],
			"Content-Security-Policy": policy,
			"X-Content-Type-Options":  "nosniff",
			"Cache-Control":           "no-cache",
		} {
			if got := response.Header.Get(name); got != want || got == "" {
				t.Errorf("%s: %s is %q, want %q", target, name, got, want)
			}
		}
	}
}

func TestAnUnchangedAssetIsNotSentAgain(t *testing.T) {
	first := get(t, "/page/app.js", nil)
	again := get(t, "/page/app.js", http.Header{"If-None-Match": {first.Header.Get("ETag")}})
	if again.StatusCode != http.StatusNotModified {
		t.Fatalf("status %d", again.StatusCode)
	}
}

func TestOtherPathsAreNotFound(t *testing.T) {
	for _, target := range []string{"/api/notes", "/index.html", "/page/", "/page/page.go", "/page/index.html"} {
		if response := get(t, target, nil); response.StatusCode != http.StatusNotFound {
			t.Errorf("%s: status %d", target, response.StatusCode)
		}
	}
}

// A browser shows a broken reference and an inline script only in its console.
func TestTheFilesReferToEachOtherOnly(t *testing.T) {
	reference := regexp.MustCompile(`(?:src|href)="/page/([^"#]+)|from '\./([^']+)'`)
	forbidden := regexp.MustCompile(`(?i)<style|<script>|\sstyle="|\son[a-z]+="|(?:src|href)="https?:|innerHTML`)
	entries, err := assets.ReadDir(".")
	if err != nil {
		t.Fatal(err)
	}
	for _, entry := range entries {
		body, err := assets.ReadFile(entry.Name())
		if err != nil {
			t.Fatal(err)
		}
		for _, match := range reference.FindAllStringSubmatch(string(body), -1) {
			if _, err := assets.ReadFile(strings.Join(match[1:], "")); err != nil {
				t.Errorf("%s refers to %q: %v", entry.Name(), match[0], err)
			}
		}
		if found := forbidden.FindString(string(body)); found != "" {
			t.Errorf("%s contains %q, which the policy forbids", entry.Name(), found)
		}
	}
}

// Where a gateway holds the WebSockets, the page may reach it, and nothing else.
func TestThePageMayReachTheGateway(t *testing.T) {
	w := httptest.NewRecorder()
	Handler("wss://x.example.com/live").ServeHTTP(w, httptest.NewRequest("GET", "/", nil))
	if got := w.Header().Get("Content-Security-Policy"); got != policy+"; connect-src 'self' wss://x.example.com" {
		t.Errorf("the policy is %s", got)
	}
}
