package view

import (
	"context"
	"fmt"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"

	"github.com/bundlens/bundlens/internal/campaign"
	"github.com/bundlens/bundlens/schema"
	"github.com/bundlens/bundlens/schema/history"
)

// browser is one browser for all tests of this package.
var browser = sync.OnceValues(func() (context.Context, error) {
	path := ""
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome"} {
		if found, err := exec.LookPath(name); err == nil {
			path = found
			break
		}
	}
	if path == "" {
		return nil, fmt.Errorf("there is no chromium here")
	}
	options := append(slices.Clone(chromedp.DefaultExecAllocatorOptions[:]), chromedp.ExecPath(path), chromedp.NoSandbox, chromedp.DisableGPU,
		chromedp.WSURLReadTimeout(time.Minute), chromedp.Flag("disable-quic", true), chromedp.WindowSize(1440, 900))
	allocator, _ := chromedp.NewExecAllocator(context.Background(), options...)
	ctx, cancel := chromedp.NewContext(allocator)
	closeBrowser = cancel
	return ctx, chromedp.Run(ctx)
})

var closeBrowser = func() {}

func TestMain(m *testing.M) {
	code := m.Run()
	closeBrowser()
	os.Exit(code)
}

// tab is a tab of the browser that shows a page. What the page complains of, and what it asks of a network, fails the
// test.
type tab struct {
	*testing.T
	ctx context.Context
}

// openFile writes a page to a file and opens that, as a user opens a report from disk.
func openFile(t *testing.T, page []byte, hash string) tab {
	t.Helper()
	file := filepath.Join(t.TempDir(), "report.html")
	if err := os.WriteFile(file, page, 0o644); err != nil {
		t.Fatal(err)
	}
	return openTab(t, "file://"+file+hash)
}

func openTab(t *testing.T, url string) tab {
	t.Helper()
	parent, err := browser()
	if err != nil {
		t.Skipf("no browser: %v", err)
	}
	ctx, cancel := chromedp.NewContext(parent)
	t.Cleanup(cancel)
	ctx, stop := context.WithTimeout(ctx, 2*time.Minute)
	t.Cleanup(stop)
	chromedp.ListenTarget(ctx, func(event any) {
		switch e := event.(type) {
		case *runtime.EventConsoleAPICalled:
			t.Errorf("the page says on the console: %s", e.Args[0].Value)
		case *runtime.EventExceptionThrown:
			t.Errorf("the page throws: %s", e.ExceptionDetails.Error())
		case *network.EventRequestWillBeSent:
			if u := e.Request.URL; u != strings.Split(url, "#")[0] && !strings.HasPrefix(u, "data:") {
				t.Errorf("the page asks for %s", u)
			}
		}
	})
	v := tab{t, ctx}
	v.run(network.Enable(), runtime.Enable(), chromedp.Navigate(url), chromedp.WaitVisible("#main", chromedp.ByQuery))
	v.until(`!document.body.innerText.includes('…tok') && !document.querySelector('[data-figure="tools"]')?.textContent.includes('…')`)
	return v
}

func (v tab) run(actions ...chromedp.Action) {
	v.Helper()
	if err := chromedp.Run(v.ctx, actions...); err != nil {
		v.Fatal(err)
	}
}

// get is what an expression gives in the page.
func (v tab) get(expression string) (out string) {
	v.Helper()
	v.run(chromedp.Evaluate("String("+expression+")", &out))
	return out
}

// until waits until an expression holds in the page.
func (v tab) until(expression string) {
	v.Helper()
	if err := chromedp.Run(v.ctx, chromedp.Poll(expression, nil, chromedp.WithPollingTimeout(30*time.Second))); err != nil {
		v.Fatalf("%s: %v; the page shows\n%s", expression, err, v.get("document.body.innerText.slice(0, 3000)"))
	}
}

// press presses a key where no field has the focus.
func (v tab) press(key string) {
	v.Helper()
	v.run(chromedp.Evaluate(`document.activeElement.blur()`, nil), input.DispatchKeyEvent(input.KeyDown).WithKey(key).WithText(key), input.DispatchKeyEvent(input.KeyUp).WithKey(key))
}

// shows waits until an element has a text in it.
func (v tab) shows(selector, text string) {
	v.Helper()
	v.until(fmt.Sprintf(`document.querySelector(%q)?.textContent.includes(%q)`, selector, text))
}

// lacks is an error where an element has a text in it.
func (v tab) lacks(selector, text string) {
	v.Helper()
	if got := v.get(fmt.Sprintf(`document.querySelector(%q)?.textContent`, selector)); strings.Contains(got, text) {
		v.Errorf("%s has %q in it: %s", selector, text, got)
	}
}

func TestExplore(t *testing.T) {
	v := openFile(t, pageBytes(t, tern("1.0.0")), "")
	v.shows("h1", "tern")
	v.shows(".weights", "Look")

	// The schema as a tree and as JSON.
	v.run(chromedp.Click(`.menu a[href*="tools"]`, chromedp.ByQuery))
	v.press("j")
	v.shows("article h2", "Leap")
	v.press("j")
	v.shows("article h2", "Look")
	v.shows(".properties", "place")
	v.run(chromedp.Click(`[role="tab"]:nth-child(2)`, chromedp.ByQuery))
	v.shows("article pre.code", `"place": {`)
	if hash := v.get("location.hash"); hash != "#/tools/Look" {
		t.Errorf("the address of a tool is %s", hash)
	}

	// Search finds words in a text, and the record that it opens shows where.
	v.press("/")
	v.run(chromedp.KeyEvent("northern seas"))
	v.shows(".results", "northern seas")
	v.run(chromedp.KeyEvent("\r"))
	v.shows(".sent", "northern seas")
	if n := v.get("CSS.highlights.get('found')?.size"); n != "1" {
		t.Errorf("%s places are marked", n)
	}

	// Keys go through the sections; help opens and closes.
	v.press("?")
	v.until(`document.querySelector('dialog').open`)
	v.run(chromedp.KeyEvent("\u001b"))
	v.until(`!document.querySelector('dialog').open`)
	v.press("t")
	v.until(`document.documentElement.dataset.theme === 'light'`)
	v.press("t")
	v.until(`document.documentElement.dataset.theme === 'dark'`)
}

// TestQuestions answers what the program asks, and sees prompt, tools and counts follow.
func TestQuestions(t *testing.T) {
	v := openFile(t, pageBytes(t, tern("1.0.0")), "#/prompt")
	v.shows(".sent", "You talk to a person.")
	v.lacks(".sent", "Be strict.")
	before := v.get(`document.querySelector('[data-figure="prompt"]').textContent`)
	v.run(chromedp.Click(`//button[text()="print"]`))
	v.shows(".sent", "You print one answer.")
	v.lacks(".sent", "You talk to a person.")
	v.shows(".sent .new", "You print one answer.")
	v.run(chromedp.Evaluate(`{const s = [...document.querySelectorAll('.subject')].find((e) => e.textContent.includes('TERN_STRICT')).querySelector('input')
		s.value = '1'; s.dispatchEvent(new Event('input', {bubbles: true}))}`, nil))
	v.shows(".sent", "Be strict.")
	if after := v.get(`document.querySelector('[data-figure="prompt"]').textContent`); after == before {
		t.Errorf("the prompt still has %s tokens", after)
	}
	if n := v.get(`document.querySelector('[data-figure="tools"]').textContent`); !strings.HasPrefix(n, "1−1") {
		t.Errorf("there are %s tools; Leap is only there in a terminal", n)
	}
	// The answers are in the address.
	hash := v.get("location.hash")
	other := openFile(t, pageBytes(t, tern("1.0.0")), hash)
	other.shows(".sent", "Be strict.")
	other.run(chromedp.Click(`.questions-head button`, chromedp.ByQuery))
	other.shows(".sent", "You talk to a person.")
}

func TestCompare(t *testing.T) {
	v := openFile(t, pageBytes(t, tern("1.0.0"), tern("2.0.0")), "")
	v.shows(".list h1", "Changes")
	v.run(chromedp.Click(`.list a[href*="compare/prompt"]`, chromedp.ByQuery))
	v.shows(".diff ins", "southern")
	v.shows(".diff del", "northern")
	v.run(chromedp.Click(`.list a[href*="tools%2FLook"]`, chromedp.ByQuery))
	v.shows("article", "breaking")
}

func TestTimeline(t *testing.T) {
	dir := ternHistory(t)
	page, err := History(dir, true)
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(Handler(page, dir))
	defer server.Close()
	v := openTab(t, server.URL+"/")
	v.shows(".lifetimes", "Leap")
	v.until(`document.querySelectorAll('.plot canvas').length === 2`)
	v.run(chromedp.Click(`.list a[href*="2.0.0"]`, chromedp.ByQuery))
	v.shows("article", "removed Leap")
	v.shows(".markdown", "southern")
	for path, want := range map[string]string{"/versions/1.0.0": "1.0.0", "/compare/1.0.0/2.0.0": "1.0.0 → 2.0.0"} {
		openTab(t, server.URL+path).shows("#main h1", want)
	}
}

// TestHostile opens every kind of record of a Document in which every text is an attack.
func TestHostile(t *testing.T) {
	v := openFile(t, pageBytes(t, hostileDocument()), "")
	for _, section := range []string{"", "prompt", "tools", "prompts", "reminders", "agents", "commands", "environment", "flags", "capabilities", "health", "search"} {
		for _, key := range []string{attacks[0], attacks[8], "__proto__"} {
			v.run(chromedp.Evaluate(fmt.Sprintf(`location.hash = '#/%s/' + encodeURIComponent(%q) + '?q=window'`, section, key), nil))
			v.until(`document.querySelector('#main')`)
			v.run(chromedp.Evaluate(`document.querySelectorAll('details').forEach((d) => d.open = true); document.querySelectorAll('[role=tab]').forEach((b) => b.click())`, nil), chromedp.Sleep(20*time.Millisecond))
			if got := v.get("window.attacked"); got != "undefined" {
				t.Fatalf("%s %q: attack %s ran", section, key, got)
			}
			if got := v.get(`document.querySelectorAll('img, svg, iframe, #app script, #app [onerror], #app [onload], a[href^="javascript:"]').length`); got != "0" {
				t.Fatalf("%s %q: %s elements of the document's text", section, key, got)
			}
			if got := v.get(`(document.querySelector('#app').innerText + [...document.querySelectorAll('#app [title], #app [aria-label]')].map((e) => (e.title ?? '') + (e.ariaLabel ?? '')).join('')).match(/[\u0000-\u0008\u000b-\u001f\u00ad\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff\u3164]|[\u{e0000}-\u{e007f}]/u)?.[0].codePointAt(0).toString(16)`); got != "undefined" {
				t.Errorf("%s %q: U+%s is not shown as such", section, key, got)
			}
		}
	}
	v.run(chromedp.Evaluate(`location.hash = '#/prompts/' + encodeURIComponent('family \u{1f468}\u200d\u{1f469}\u200d\u{1f467} and ❤\ufe0f stay whole')`, nil))
	v.shows("article h2", "\U0001f468\u200d\U0001f469\u200d\U0001f467 and ❤\ufe0f stay whole")
}

// TestPhone has no part of the page stand out of a phone's screen.
func TestPhone(t *testing.T) {
	campaign.Need(t, "it opens a browser for what seldom changes")
	for _, doc := range []*schema.Document{tern("1.0.0"), hostileDocument()} {
		v := openFile(t, pageBytes(t, doc), "")
		v.run(chromedp.EmulateViewport(390, 844, chromedp.EmulateMobile))
		for _, hash := range []string{"#/", "#/prompt", "#/tools", "#/tools/" + doc.Tools[0].Name, "#/health"} {
			v.run(chromedp.Evaluate(fmt.Sprintf("location.hash = %q", hash), nil), chromedp.Sleep(50*time.Millisecond))
			if wide := v.get("document.scrollingElement.scrollWidth"); wide != "390" {
				t.Errorf("%s: the page is %s pixels wide", hash, wide)
			}
		}
	}
}

// TestContrast has every text of the page stand out from its ground, in both schemes.
func TestContrast(t *testing.T) {
	campaign.Need(t, "it opens a browser for what seldom changes")
	const faint = `(() => {
		const light = (c) => { const [r, g, b] = c.map((v) => (v /= 255) <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4); return 0.2126 * r + 0.7152 * g + 0.0722 * b }
		const probe = document.createElement('canvas').getContext('2d', {willReadFrequently: true})
		const rgb = (c) => { probe.clearRect(0, 0, 1, 1); probe.fillStyle = c; probe.fillRect(0, 0, 1, 1); return [...probe.getImageData(0, 0, 1, 1).data] }
		const ground = (e) => { for (; e; e = e.parentElement) { const c = rgb(getComputedStyle(e).backgroundColor); if (c[3] === 255) return c.slice(0, 3) } return [255, 255, 255] }
		const out = []
		for (const e of document.querySelectorAll('#app *')) {
			if (![...e.childNodes].some((n) => n.nodeType === 3 && n.nodeValue.trim()) || !e.checkVisibility() || e.closest('.why, .unsent, .skip')) continue
			const a = light(rgb(getComputedStyle(e).color).slice(0, 3)), b = light(ground(e))
			const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05)
			if (ratio < 4.5) out.push(ratio.toFixed(2) + ' ' + e.className + ' ' + e.textContent.slice(0, 40))
		}
		return out.join('\n')
	})()`
	v := openFile(t, pageBytes(t, tern("1.0.0"), tern("2.0.0")), "")
	for _, theme := range []string{"light", "dark"} {
		for _, hash := range []string{"#/", "#/prompt?w=mode~print", "#/tools/Look", "#/compare", "#/compare/tools%2FLook", "#/health", "#/search?q=seas"} {
			v.run(chromedp.Evaluate(fmt.Sprintf("location.hash = %q; document.documentElement.dataset.theme = %q", hash, theme), nil), chromedp.Sleep(250*time.Millisecond))
			if got := v.get(faint); got != "" {
				t.Errorf("%s %s: too faint\n%s", theme, hash, got)
			}
		}
	}
}

// TestNames has a name for each thing that can be operated.
func TestNames(t *testing.T) {
	campaign.Need(t, "it opens a browser for what seldom changes")
	v := openFile(t, pageBytes(t, tern("1.0.0"), tern("2.0.0")), "")
	for _, hash := range []string{"#/", "#/prompt", "#/tools/Look", "#/environment", "#/compare/tools%2FLook"} {
		v.run(chromedp.Evaluate(fmt.Sprintf("location.hash = %q", hash), nil), chromedp.Sleep(50*time.Millisecond))
		if got := v.get(`[...document.querySelectorAll('#app button, #app a, #app input, #app select')].filter((e) => e.checkVisibility() && !(e.ariaLabel || e.textContent.trim() || e.labels?.[0]?.textContent.trim())).map((e) => e.outerHTML.slice(0, 200)).join('\n')`); got != "" {
			t.Errorf("%s: without a name:\n%s", hash, got)
		}
		if got := v.get(`document.querySelectorAll('h1').length + ' ' + document.querySelectorAll('main').length`); got != "1 1" {
			t.Errorf("%s: there are %s of h1 and main", hash, got)
		}
	}
}

// ternHistory is a history of an invented program in a directory.
func ternHistory(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	_, err := history.Run(t.Context(), dir, history.Plan{Package: "tern", Engine: "e", Versions: []string{"1.0.0", "2.0.0"},
		Analyze: func(_ context.Context, v string) (*schema.Document, error) { return tern(v), nil }}, false)
	if err != nil {
		t.Fatal(err)
	}
	return dir
}
