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

// written is the JavaScript for the text in the editor, without what is drawn into it.
const written = `[...document.querySelectorAll('.cm-line')].map(line => line.textContent).join('\n')`

// click clicks what has a test id, without looking whether it can be seen.
func click(id string) chromedp.Action[chromedp.Void] {
	return chromedp.Evaluate[chromedp.Void](`document.querySelector('` + string(testID(id)) + `').click()`)
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
	alice := p.token("alice")
	p.must("/api/notes", `{"title":"Reading list","content":"- The Mythical Man-Month\n- A Philosophy of Software Design","tags":["books"]}`, alice)
	p.must("/api/notes", `{"title":"Ideas","content":"A lamp that knows when you are asleep","starred":true}`, alice)
	id := p.must("/api/notes", `{"title":"Shopping","content":"- milk\n- flour"}`, alice)["id"].(string)
	p.must("/api/notes/"+id+"/share", `{"members":[{"userId":"bob","role":"write"}]}`, alice)
	a := openTab(t, chrome, p.URL+"/?as=alice#note="+id, 1400, 640)
	b := openTab(t, chrome, p.URL+"/?as=bob#note="+id, 700, 640)
	for _, tb := range []*tab{a, b} {
		tb.sees(text("live-status") + `.includes('WebSocket')`)
		tb.sees(written + ` === '- milk\n- flour'`)
	}
	b.run(click("live-status"))
	b.sees(`document.querySelector('` + string(testID("transport-sse")) + `') !== null`)
	b.run(click("transport-sse"))
	b.sees(text("live-status") + `.includes('SSE')`)
	b.run(click("live-status"))

	a.run(chromedp.SendKeys(testID("content"), kb.End+" and eggs"))
	b.sees(written + ` === '- milk and eggs\n- flour'`)
	b.run(chromedp.SendKeys(testID("title"), kb.End+" for Saturday"))
	a.sees(value("title") + ` === 'Shopping for Saturday'`)
	b.run(chromedp.SendKeys(testID("content"), kb.ArrowDown+kb.End+" and bread"))
	a.sees(written + ` === '- milk and eggs\n- flour and bread'`)
	a.sees(`document.querySelector('.cm-other-caret[data-name="bob"]') !== null`)

	// Undo takes back only what one has written oneself.
	a.run(chromedp.KeyEvent("z", chromedp.KeyModifiers(chromedp.ModifierCtrl)))
	b.sees(written + ` === '- milk\n- flour and bread'`)
	a.sees(written + ` === '- milk\n- flour and bread'`)

	a.run(click("history-toggle"))
	a.sees(`document.querySelectorAll('` + string(testID("version-item")) + `').length >= 3`)
	a.sees(text("save-status") + ` === 'Saved'`)
	shootBoth(t, a, b)

	p.must("/api/notes/"+id+"/revert", `{"version":1}`, alice)
	a.sees(written + ` === '- milk\n- flour'`)
	b.sees(written + ` === '- milk\n- flour'`)

	// The other transport, without a gap: what changes meanwhile is there afterwards.
	a.run(click("live-status"))
	a.sees(`document.querySelector('` + string(testID("transport-poll")) + `') !== null`)
	a.run(click("transport-poll"))
	p.must("/api/notes/"+id, `{"changes":{"content":"while switching"}}`, alice)
	a.sees(text("live-status") + `.includes('Long-poll')`)
	a.sees(written + ` === 'while switching'`)
	b.sees(written + ` === 'while switching'`)
}

// What is written without a network is kept, also when the page is loaded again, and sent when there is one.
func TestWhatIsWrittenOfflineIsKept(t *testing.T) {
	p := start(t)
	chrome := browser(t)
	alice := p.token("alice")
	id := p.must("/api/notes", `{"title":"Shopping","content":"milk"}`, alice)["id"].(string)
	tb := openTab(t, chrome, p.URL+"/?as=alice#note="+id, 1280, 640)
	tb.sees(written + ` === 'milk'`)
	tb.run(click("live-status"))
	tb.sees(`document.querySelector('` + string(testID("go-offline")) + `') !== null`)
	tb.run(click("go-offline"))
	tb.sees(text("live-status") + `.includes('offline')`)
	tb.run(chromedp.SendKeys(testID("content"), kb.End+" and eggs"))
	tb.sees(text("save-status") + ` === 'Kept on this device'`)
	tb.sees(text("unsynced") + ` === '1'`)
	tb.run(click("go-online"))
	tb.sees(text("save-status") + ` === 'Saved'`)
	if got := p.get("/api/notes/"+id, alice).JSON(t)["content"]; got != "milk and eggs" {
		t.Errorf("the server has %q", got)
	}
}

// A public note is in no list of a stranger's: the page reads it, follows it, and lets him make a copy.
func TestAStrangerReadsAPublicNote(t *testing.T) {
	p := start(t)
	chrome := browser(t)
	alice := p.token("alice")
	id := p.must("/api/notes", `{"title":"House rules","content":"Be kind."}`, alice)["id"].(string)
	p.must("/api/notes/"+id+"/share", `{"access":"public"}`, alice)
	tb := openTab(t, chrome, p.URL+"/?as=carl#note="+id, 1280, 640)
	tb.sees(written + ` === 'Be kind.'`)
	tb.sees(text("read-only") + `.includes('you are not a member')`)
	p.must("/api/notes/"+id, `{"changes":{"content":"Be kind. Be brief."}}`, alice)
	tb.sees(written + ` === 'Be kind. Be brief.'`)
	tb.run(chromedp.Evaluate[chromedp.Void](`document.querySelector('` + string(testID("read-only")) + ` button').click()`))
	tb.sees(value("title") + ` === 'House rules (copy)'`)
	tb.sees(text("save-status") + ` === 'Saved'`)
}

// The policy would break the page without a word: a browser tells of it only in its console.
func TestThePageKeepsItsPolicy(t *testing.T) {
	p := start(t)
	chrome := browser(t)
	id := p.must("/api/notes", `{"title":"Shopping","content":"# milk"}`, p.token("alice"))["id"].(string)
	tb := openTab(t, chrome, p.URL+"/?as=alice#note="+id, 1280, 640)
	tb.sees(written + ` === '# milk'`)
	tb.sees(`getComputedStyle(document.querySelector('.cm-content')).whiteSpace === 'break-spaces'`) // the editor's own style sheet
	tb.sees(kept)
	tb.run(chromedp.Navigate(p.URL + "/inspector?note=" + id))
	tb.sees(`document.querySelector('` + string(testID("inspector-connect")) + `') !== null`)
	tb.run(click("inspector-connect"))
	tb.sees(`document.querySelector('[data-type="initial"]') !== null`)
	tb.sees(kept)
}

// kept is the JavaScript for a page that has done nothing that its policy forbids.
const kept = `(() => {
	const observer = new ReportingObserver(() => {}, { types: ['csp-violation'], buffered: true })
	observer.observe()
	const broken = observer.takeRecords().map(report => report.body.effectiveDirective + ' ' + report.body.blockedURL)
	if (broken.length > 0) throw new Error(broken.join(', '))
	return true
})()`

func TestThePageWorksAtPhoneWidth(t *testing.T) {
	p := start(t)
	chrome := browser(t)
	p.must("/api/notes", `{"title":"Shopping","content":"milk"}`, p.token("alice"))
	phone := openTab(t, chrome, p.URL+"/?as=alice", 390, 844)
	phone.sees(`document.querySelectorAll('` + string(testID("note-item")) + `').length === 1`)
	phone.sees(`document.documentElement.scrollWidth <= 390`)
	artefact(t, "phone.png", phone.screenshot())
	phone.run(click("note-item"))
	phone.sees(written + ` === 'milk'`)
	phone.sees(`getComputedStyle(document.querySelector('.list')).display === 'none'`)
	phone.sees(`document.documentElement.scrollWidth <= 390`)
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
