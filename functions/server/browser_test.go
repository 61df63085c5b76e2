package main

import (
	"bytes"
	"context"
	"flag"
	"image"
	"image/draw"
	"image/png"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

var picture = flag.String("picture", "", "write the README's picture, two tabs side by side, to this file")

// browser is a headless Chromium, or why there is none.
func browser(t *testing.T) context.Context {
	t.Helper()
	path := ""
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome"} {
		if found, err := exec.LookPath(name); err == nil {
			path = found
			break
		}
	}
	if path == "" {
		need(t, "Chromium", "apt-get install chromium")
	}
	opts := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath(path), chromedp.NoSandbox,
		chromedp.Flag("disable-quic", true), chromedp.Flag("disable-component-update", true), chromedp.Flag("disable-dev-shm-usage", true))
	ctx, cancel := chromedp.NewExecAllocator(t.Context(), opts...)
	t.Cleanup(cancel)
	ctx, cancel = chromedp.NewContext(ctx)
	t.Cleanup(cancel)
	if err := chromedp.Do(ctx); err != nil {
		t.Fatal(err)
	}
	return ctx
}

// need skips a test that wants a program which is not there, and says how to get it. In CI
// the program must be there.
func need(t *testing.T, program, how string) {
	t.Helper()
	if os.Getenv("CI") == "true" {
		t.Fatalf("this test needs %s, and CI must have it: %s", program, how)
	}
	t.Skipf("this test needs %s: %s", program, how)
}

// tab is one page of the product.
type tab struct {
	t   *testing.T
	ctx context.Context
}

func openTab(t *testing.T, browser context.Context, url string, width, height int64) *tab {
	t.Helper()
	ctx, cancel := chromedp.NewContext(browser)
	t.Cleanup(cancel)
	tb := &tab{t, ctx}
	tb.run(chromedp.EmulateViewport(width, height), chromedp.Navigate(url))
	return tb
}

func (tb *tab) run(steps ...chromedp.Action[chromedp.Void]) {
	tb.t.Helper()
	if err := chromedp.Do(tb.ctx, steps...); err != nil {
		if shot, err := chromedp.Run(tb.ctx, chromedp.CaptureScreenshot()); err == nil {
			tb.t.Logf("what the tab showed: %s", artefact(tb.t, "failed.png", shot))
		}
		tb.t.Fatal(err)
	}
}

func (tb *tab) screenshot() []byte {
	tb.t.Helper()
	shot, err := chromedp.Run(tb.ctx, chromedp.CaptureScreenshot())
	if err != nil {
		tb.t.Fatal(err)
	}
	return shot
}

// sees waits until a JavaScript expression is true in the tab.
func (tb *tab) sees(expression string) {
	tb.t.Helper()
	tb.run(chromedp.Poll[chromedp.Void](expression, chromedp.WithPollingTimeout(15*time.Second)))
}

func testID(id string) chromedp.CSS { return chromedp.CSS(`[data-testid="` + id + `"]`) }

// value is the JavaScript for what a field holds.
func value(id string) string { return `document.querySelector('` + string(testID(id)) + `').value` }

// text is the JavaScript for what an element says.
func text(id string) string {
	return `document.querySelector('` + string(testID(id)) + `').textContent`
}

// artefact keeps a file where CI can pick it up.
func artefact(t *testing.T, name string, data []byte) string {
	t.Helper()
	dir := os.Getenv("ARTEFACTS")
	if dir == "" {
		dir = filepath.Join(os.TempDir(), "notewire-artefacts")
	}
	path := filepath.Join(dir, name)
	if err := os.MkdirAll(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, data, 0o644); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestTwoTabsFollowEachOther(t *testing.T) {
	p := start(t)
	chrome := browser(t)
	p.must("/api/notes", `{"title":"Reading list","content":"The Mythical Man-Month\nA Philosophy of Software Design"}`)
	p.must("/api/notes", `{"title":"Ideas","content":"A lamp that knows when you are asleep"}`)
	id := p.must("/api/notes", `{"title":"Shopping","content":"milk"}`)["id"].(string)
	a := openTab(t, chrome, p.URL+"/?transport=ws#note="+id, 1240, 560)
	b := openTab(t, chrome, p.URL+"/?transport=sse#note="+id, 760, 560)
	a.sees(text("live-status") + `.includes('WebSocket')`)
	b.sees(text("live-status") + `.includes('SSE')`)
	a.sees(value("content") + ` === 'milk'`)
	b.sees(value("content") + ` === 'milk'`)

	a.run(chromedp.SendKeys(testID("content"), "\neggs"))
	b.sees(value("content") + ` === 'milk\neggs'`)
	b.run(chromedp.SendKeys(testID("title"), kb.End+" for Saturday"))
	a.sees(value("title") + ` === 'Shopping for Saturday'`)
	b.run(chromedp.SendKeys(testID("content"), kb.ArrowDown+kb.End+"\nbread"))
	a.sees(value("content") + ` === 'milk\neggs\nbread'`)

	// A wide window shows the versions by itself.
	a.sees(`document.querySelectorAll('` + string(testID("version-item")) + `').length >= 3`)
	shootBoth(t, a, b)

	p.must("/api/notes/"+id+"/revert", `{"version":1}`)
	a.sees(value("content") + ` === 'milk'`)
	b.sees(value("content") + ` === 'milk'`)

	// The other transport, without a gap: what changes meanwhile is there afterwards.
	a.run(chromedp.Evaluate[chromedp.Void](`document.querySelector('` + string(testID("transport-sse")) + `').click()`))
	p.must("/api/notes/"+id, `{"changes":{"content":"while switching"}}`)
	a.sees(text("live-status") + `.includes('SSE')`)
	a.sees(value("content") + ` === 'while switching'`)
	b.sees(value("content") + ` === 'while switching'`)
}

func TestThePageWorksAtPhoneWidth(t *testing.T) {
	p := start(t)
	chrome := browser(t)
	p.must("/api/notes", `{"title":"Shopping","content":"milk"}`)
	phone := openTab(t, chrome, p.URL+"/", 390, 844)
	phone.sees(`document.querySelectorAll('` + string(testID("note-item")) + `').length === 1`)
	phone.sees(`document.documentElement.scrollWidth <= 390`)
	artefact(t, "phone.png", phone.screenshot())
}

// shootBoth puts the two tabs side by side into one picture.
func shootBoth(t *testing.T, tabs ...*tab) {
	t.Helper()
	var pages []image.Image
	width, height, gap := 0, 0, 12
	for _, tb := range tabs {
		page, err := png.Decode(bytes.NewReader(tb.screenshot()))
		if err != nil {
			t.Fatal(err)
		}
		pages = append(pages, page)
		width += page.Bounds().Dx() + gap
		height = max(height, page.Bounds().Dy())
	}
	both := image.NewRGBA(image.Rect(0, 0, width-gap, height))
	x := 0
	for _, page := range pages {
		draw.Draw(both, image.Rect(x, 0, x+page.Bounds().Dx(), height), page, image.Point{}, draw.Src)
		x += page.Bounds().Dx() + gap
	}
	var buf bytes.Buffer
	if err := (&png.Encoder{CompressionLevel: png.BestCompression}).Encode(&buf, both); err != nil {
		t.Fatal(err)
	}
	artefact(t, "two-tabs.png", buf.Bytes())
	if *picture != "" {
		if err := os.WriteFile(*picture, buf.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}
