package page

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"fmt"
	"maps"
	"net/http"
	"path"
	"strings"
	"sync"
	"time"
)

// The system's own table of types is not asked: it may say that JavaScript is plain text.
var contentTypes = map[string]string{
	".html": "text/html; charset=utf-8",
	".css":  "text/css; charset=utf-8",
	".js":   "text/javascript; charset=utf-8",
	".svg":  "image/svg+xml",
}

// asset is a file of the app.
type asset struct {
	name   string
	body   []byte
	header http.Header
}

// handler serves the file, compressed to those who take that. It is compressed once, when it is first wanted so.
func (a asset) handler() http.HandlerFunc {
	small := sync.OnceValue(func() []byte { return compress(a.body) })
	sum := sha256.Sum256(a.body)
	plainTag, smallTag := fmt.Sprintf(`"%x"`, sum), fmt.Sprintf(`"%x-gzip"`, sum)
	return func(w http.ResponseWriter, r *http.Request) {
		header := w.Header()
		maps.Copy(header, a.header)
		header.Set("Content-Type", contentTypes[path.Ext(a.name)])
		header.Set("X-Content-Type-Options", "nosniff")
		header.Set("Vary", "Accept-Encoding")
		header.Set("ETag", plainTag)
		body := a.body
		if takesGzip(r) {
			header.Set("ETag", smallTag)
			header.Set("Content-Encoding", "gzip")
			body = small()
		}
		http.ServeContent(w, r, a.name, time.Time{}, bytes.NewReader(body))
	}
}

func compress(body []byte) []byte {
	var small bytes.Buffer
	w, err := gzip.NewWriterLevel(&small, gzip.BestCompression)
	if err != nil {
		panic(err)
	}
	w.Write(body) // A buffer takes all.
	w.Close()
	return small.Bytes()
}

// takesGzip is whether a browser said so. One that says "gzip;q=0" is none that exists.
func takesGzip(r *http.Request) bool {
	for part := range strings.SplitSeq(r.Header.Get("Accept-Encoding"), ",") {
		if name, _, _ := strings.Cut(part, ";"); strings.TrimSpace(name) == "gzip" {
			return true
		}
	}
	return false
}
