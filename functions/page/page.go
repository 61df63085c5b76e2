// Package page is the first page of the product: plain HTML, CSS and JavaScript modules, served as they are.
// It talks to the server over the public wire only.
package page

import (
	"bytes"
	"crypto/sha256"
	"embed"
	"fmt"
	"net/http"
	"net/url"
	"path"
	"time"
)

//go:embed *.html *.css *.js *.svg
var assets embed.FS

// policy allows nothing but what this server serves, and no page of another origin to frame this one.
const policy = "default-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

// The system's own table of types is not asked: it may say that JavaScript is plain text.
var contentTypes = map[string]string{
	".html": "text/html; charset=utf-8",
	".css":  "text/css; charset=utf-8",
	".js":   "text/javascript; charset=utf-8",
	".svg":  "image/svg+xml",
}

// Handler serves index.html at exactly / and everything else below /page/. socketURL is where
// a gateway holds the WebSockets, which the page may then reach; empty: there is none.
func Handler(socketURL string) http.Handler {
	policy := policy
	if u, err := url.Parse(socketURL); err == nil && u.Host != "" {
		policy += "; connect-src 'self' " + u.Scheme + "://" + u.Host
	}
	mux := http.NewServeMux()
	entries, err := assets.ReadDir(".")
	if err != nil {
		panic(err) // The files are part of the binary.
	}
	for _, entry := range entries {
		pattern := "GET /page/" + entry.Name()
		if entry.Name() == "index.html" {
			pattern = "GET /{$}"
		}
		mux.Handle(pattern, asset(entry.Name(), policy))
	}
	return mux
}

func asset(name, policy string) http.HandlerFunc {
	body, err := assets.ReadFile(name)
	if err != nil {
		panic(err)
	}
	etag := fmt.Sprintf(`"%x"`, sha256.Sum256(body))
	return func(w http.ResponseWriter, r *http.Request) {
		header := w.Header()
		header.Set("Content-Type", contentTypes[path.Ext(name)])
		header.Set("ETag", etag)
		header.Set("Cache-Control", "no-cache")
		header.Set("Content-Security-Policy", policy)
		header.Set("X-Content-Type-Options", "nosniff")
		http.ServeContent(w, r, name, time.Time{}, bytes.NewReader(body))
	}
}
