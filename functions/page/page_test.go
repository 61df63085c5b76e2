package page

import (
	"compress/gzip"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"path"
	"regexp"
	"slices"
	"strings"
	"testing"
)

func get(t *testing.T, target string, header http.Header) *http.Response {
	t.Helper()
	return ask(t, Handler("", Clerk{}), target, header)
}

func ask(t *testing.T, handler http.Handler, target string, header http.Header) *http.Response {
	t.Helper()
	request := httptest.NewRequest(http.MethodGet, target, nil)
	request.Header = header
	recorder := httptest.NewRecorder()
	handler.ServeHTTP(recorder, request)
	return recorder.Result()
}

func bodyOf(t *testing.T, response *http.Response) string {
	t.Helper()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(body)
}

func TestEveryFileIsServedWithItsTypeAndForGood(t *testing.T) {
	hashed := regexp.MustCompile(`^page/[a-z]+-[A-Za-z0-9_-]{8}\.(js|css|svg)$`)
	for _, name := range files() {
		if !hashed.MatchString(name) {
			t.Errorf("%s has no hash in its name, and is served as if it never changed", name)
		}
		response := get(t, "/"+name, nil)
		if response.StatusCode != http.StatusOK {
			t.Errorf("%s: status %d", name, response.StatusCode)
		}
		for header, want := range map[string]string{
			"Content-Type":           contentTypes[path.Ext(name)],
			"Cache-Control":          "public, max-age=31536000, immutable",
			"X-Content-Type-Options": "nosniff",
		} {
			if got := response.Header.Get(header); got != want || got == "" {
				t.Errorf("%s: %s is %q, want %q", name, header, got, want)
			}
		}
	}
}

func TestThePageIsAskedForEachTime(t *testing.T) {
	for _, target := range []string{"/", "/inspector"} {
		response := get(t, target, nil)
		if got := response.Header.Get("Cache-Control"); response.StatusCode != http.StatusOK || got != "no-cache" {
			t.Errorf("%s: status %d, Cache-Control %q", target, response.StatusCode, got)
		}
		if got := response.Header.Get("Content-Type"); got != "text/html; charset=utf-8" {
			t.Errorf("%s is %q", target, got)
		}
	}
}

// What the service worker keeps is all that the page can ask for without the server.
func TestTheServiceWorkerKeepsEveryFile(t *testing.T) {
	response := get(t, "/sw.js", nil)
	if got := response.Header.Get("Cache-Control"); response.StatusCode != http.StatusOK || got != "no-cache" {
		t.Errorf("status %d, Cache-Control %q: a newer one would not be found", response.StatusCode, got)
	}
	if got := response.Header.Get("Content-Type"); got != "text/javascript; charset=utf-8" {
		t.Errorf("it is %q, which no browser runs", got)
	}
	list := regexp.MustCompile(`const files = (\[.*\])`).FindStringSubmatch(bodyOf(t, response))
	if list == nil {
		t.Fatal("it has no list of files")
	}
	var kept []string
	if err := json.Unmarshal([]byte(list[1]), &kept); err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(kept, files()) {
		t.Errorf("it keeps %v, and there are %v", kept, files())
	}
}

func TestWhatIsUnchangedIsNotSentAgain(t *testing.T) {
	handler := Handler("", Clerk{})
	for _, target := range append(files(), "", "inspector") {
		for _, encoding := range []string{"gzip, br", "identity"} {
			header := http.Header{"Accept-Encoding": {encoding}}
			tag := ask(t, handler, "/"+target, header).Header.Get("ETag")
			header.Set("If-None-Match", tag)
			if again := ask(t, handler, "/"+target, header); again.StatusCode != http.StatusNotModified || tag == "" {
				t.Errorf("/%s, %s: status %d, ETag %s", target, encoding, again.StatusCode, tag)
			}
		}
	}
}

func TestWhatIsCompressedIsTheSame(t *testing.T) {
	for _, name := range files() {
		small := get(t, "/"+name, http.Header{"Accept-Encoding": {"gzip"}})
		plain := get(t, "/"+name, nil)
		if small.Header.Get("Content-Encoding") != "gzip" || plain.Header.Get("Content-Encoding") != "" {
			t.Fatalf("%s: encodings %q and %q", name, small.Header.Get("Content-Encoding"), plain.Header.Get("Content-Encoding"))
		}
		if small.Header.Get("ETag") == plain.Header.Get("ETag") {
			t.Errorf("%s has one ETag for two representations", name)
		}
		r, err := gzip.NewReader(small.Body)
		if err != nil {
			t.Fatal(err)
		}
		body, err := io.ReadAll(r)
		if err != nil || string(body) != bodyOf(t, plain) {
			t.Errorf("%s is another when it is compressed (%v)", name, err)
		}
	}
}

func TestOtherPathsAreNotFound(t *testing.T) {
	for _, target := range []string{"/api/notes", "/index.html", "/page/", "/page/page.go", "/page/index.html", "/inspector/", "/app/index.html"} {
		if response := get(t, target, nil); response.StatusCode != http.StatusNotFound {
			t.Errorf("%s: status %d", target, response.StatusCode)
		}
	}
}

// A browser shows a broken reference and an inline script only in its console.
func TestThePageRefersToItsOwnFilesOnly(t *testing.T) {
	html := bodyOf(t, get(t, "/", nil))
	references := regexp.MustCompile(`(?:src|href)="([^"]+)"`).FindAllStringSubmatch(html, -1)
	if len(references) < 3 {
		t.Fatalf("the page refers to %v", references)
	}
	for _, reference := range references {
		target := strings.TrimPrefix(reference[1], "./")
		if target == "api/notes" {
			continue // for those without JavaScript
		}
		if response := get(t, "/"+target, nil); response.StatusCode != http.StatusOK {
			t.Errorf("the page refers to %q: status %d", reference[1], response.StatusCode)
		}
	}
	if found := regexp.MustCompile(`(?i)<style|<script>|\sstyle="|\son[a-z]+="`).FindString(html); found != "" {
		t.Errorf("the page contains %q, which the policy forbids", found)
	}
}

func TestThePolicyAllowsOnlyThisServer(t *testing.T) {
	response := get(t, "/", nil)
	got := response.Header.Get("Content-Security-Policy")
	nonce := regexp.MustCompile(`'nonce-([A-Z2-7]{26})'`).FindStringSubmatch(got)
	if nonce == nil {
		t.Fatalf("the policy has no nonce: %s", got)
	}
	want := "default-src 'none'; script-src 'self'; style-src 'self' 'nonce-" + nonce[1] + "'; connect-src 'self'; img-src 'self' data:; " +
		"base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
	if got != want {
		t.Errorf("the policy is\n%s, want\n%s", got, want)
	}
	if html := bodyOf(t, response); !strings.Contains(html, `content="`+nonce[1]+`"`) || strings.Contains(html, nonceMark) {
		t.Error("the page does not know the policy's nonce")
	}
	if again := get(t, "/", nil).Header.Get("Content-Security-Policy"); again == got {
		t.Error("two processes have the same nonce")
	}
}

// Where a gateway holds the WebSockets, the page may reach it, and nothing else.
func TestThePageMayReachTheGateway(t *testing.T) {
	got := ask(t, Handler("wss://x.example.com/live", Clerk{}), "/", nil).Header.Get("Content-Security-Policy")
	if !strings.Contains(got, "; connect-src 'self' wss://x.example.com; ") {
		t.Errorf("the policy is %s", got)
	}
}

func TestThePageKnowsClerkWhereTheServerDoes(t *testing.T) {
	clerk := Clerk{PublishableKey: `pk_test_"<`, Origin: "https://clerk.example.com"}
	response := ask(t, Handler("", clerk), "/", nil)
	policy := response.Header.Get("Content-Security-Policy")
	for _, part := range []string{"script-src 'self' https://clerk.example.com ", "connect-src 'self' https://clerk.example.com;"} {
		if !strings.Contains(policy, part) {
			t.Errorf("the policy is %s, without %q", policy, part)
		}
	}
	const mark = `<meta name="clerk-publishable-key" content="%s">`
	if html := bodyOf(t, response); !strings.Contains(html, fmt.Sprintf(mark, "pk_test_&#34;&lt;")) {
		t.Errorf("the page does not say the key:\n%s", html)
	}
	if html := bodyOf(t, get(t, "/", nil)); !strings.Contains(html, fmt.Sprintf(mark, "")) {
		t.Errorf("the page of a server without Clerk says something of a key:\n%s", html)
	}
}
