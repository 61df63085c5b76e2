package functions

import (
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/labstack/echo/v4"

	"notewire/notes"
)

// BenchmarkListsOf5000Notes asks for a page of 50, for counts and for searches of an account with
// as many notes of 2 KB as a list looks at, by HTTP, from a file. The plain list is beside them.
//
//	go test ./functions -run '^$' -bench ListsOf5000 -benchtime 2s
func BenchmarkListsOf5000Notes(b *testing.B) {
	handler, token := fiveThousand(b)
	for _, c := range []struct{ name, path string }{
		{"plain", "/api/notes?limit=50"},
		{"by-title", "/api/notes?sort=title&limit=50"},
		{"by-access-starred", "/api/notes?sort=accessed&starred=true&limit=50"},
		{"counts", "/api/counts"},
		{"search-found-often", "/api/notes?search=lorem&limit=50"},
		{"search-found-once", "/api/notes?search=needle&limit=50"},
	} {
		b.Run(c.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				w := httptest.NewRecorder()
				r := httptest.NewRequest(http.MethodGet, "http://localhost"+c.path, nil)
				r.Header.Set("Authorization", "Bearer "+token)
				if handler.ServeHTTP(w, r); w.Code != 200 {
					b.Fatalf("%d %s", w.Code, w.Body)
				}
			}
		})
	}
}

func fiveThousand(b *testing.B) (handler *echo.Echo, token string) {
	d := realDeps(b)
	token, _, err := d.Local.Mint("ann", time.Now())
	if err != nil {
		b.Fatal(err)
	}
	random := rand.New(rand.NewPCG(1, 2))
	words := strings.Fields("lorem ipsum dolor sit amet consectetur adipiscing elit sed do eiusmod tempor")
	for i := range notes.DefaultLimits().ListNotes {
		var text strings.Builder
		for text.Len() < 2<<10 {
			text.WriteString(words[random.IntN(len(words))] + " ")
		}
		if i == 2500 {
			text.WriteString("needle")
		}
		title := fmt.Sprintf("%s %d", words[random.IntN(len(words))], random.IntN(10000))
		create := notes.Create{
			BodyPatch:   notes.BodyPatch{Title: notes.Some(&title), Content: notes.Some(text.String())},
			FieldsPatch: notes.FieldsPatch{Starred: notes.Some(i%10 == 0)},
		}
		if _, err := d.Service.Mutate(b.Context(), "ann", "", notes.Mutation{Op: create}); err != nil {
			b.Fatal(err)
		}
	}
	return New(d), token
}
