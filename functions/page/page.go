// Package page is the product's page: an app that is built from client/demo into the folder app, and served as it is. It
// talks to the server over the public wire only.
package page

import (
	"crypto/rand"
	"embed"
	"html"
	"io/fs"
	"net/http"
	"path"
	"strings"
)

//go:embed app
var app embed.FS

// What index.html has in the place of what only the server knows.
const (
	nonceMark = "STYLE_NONCE"
	clerkMark = "CLERK_PUBLISHABLE_KEY"
)

// Clerk is how the page signs people in; the zero value: it does not.
type Clerk struct {
	PublishableKey string
	Origin         string // of the instance, where its script comes from
}

// sw is the service worker, which keeps the app on the device. It has to be at the top to see the page itself.
const sw = "sw.js"

// Handler serves the app at exactly / and /inspector, its service worker at /sw.js, and its files below /page/. socketURL is
// where a gateway holds the WebSockets, which the page may then reach; empty: there is none.
func Handler(socketURL string, clerk Clerk) http.Handler {
	nonce := rand.Text()
	policy := policy(socketURL, clerk.Origin, nonce)
	marks := strings.NewReplacer(nonceMark, nonce, clerkMark, html.EscapeString(clerk.PublishableKey))
	index := asset{
		name: "index.html", body: []byte(marks.Replace(string(read("app/index.html")))),
		header: http.Header{"Cache-Control": {"no-cache"}, "Content-Security-Policy": {policy}, "Referrer-Policy": {"same-origin"}},
	}.handler()

	worker := asset{
		name: sw, body: read("app/" + sw),
		header: http.Header{"Cache-Control": {"no-cache"}, "Content-Security-Policy": {policy}},
	}.handler()

	mux := http.NewServeMux()
	mux.Handle("GET /{$}", index)
	mux.Handle("GET /inspector", index)
	mux.Handle("GET /"+sw, worker)
	for _, name := range files() {
		hashed := asset{
			name: name, body: read("app/" + name),
			header: http.Header{"Cache-Control": {"public, max-age=31536000, immutable"}, "Content-Security-Policy": {policy}},
		}
		mux.Handle("GET /"+name, hashed.handler())
	}
	return mux
}

// files are the app's files but for index.html. Their names have a hash of what is in them.
func files() []string {
	entries, err := fs.ReadDir(app, "app/page")
	if err != nil {
		panic(err) // The files are part of the binary.
	}
	var names []string
	for _, entry := range entries {
		names = append(names, path.Join("page", entry.Name()))
	}
	return names
}

func read(name string) []byte {
	body, err := app.ReadFile(name)
	if err != nil {
		panic(err)
	}
	return body
}
