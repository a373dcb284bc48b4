package view

import (
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"

	"github.com/bundlens/bundlens/schema"
)

// largeDocument is a Document of about 25 MB as it is written: as many tools, texts and variables as large programs have,
// several times over, and a prompt with a thousand conditions.
func largeDocument() *schema.Document {
	d := tern("1.0.0")
	sentence := func(i int) string {
		return fmt.Sprintf("Rule %d: look at place %x before you fly to coast %o, and say so in %d words.\n", i, i*7919, i*31, i%97)
	}
	paragraph := func(i, sentences int) string {
		var b strings.Builder
		for s := range sentences {
			b.WriteString(sentence(i*1000 + s))
		}
		return b.String()
	}
	for i := range 400 {
		d.Questions = append(d.Questions, schema.Question{Kind: schema.KindEnv, Subject: fmt.Sprintf("TERN_%d", i), Test: schema.TestHolds,
			Answers: schema.Same(false), Decided: true, Expr: fmt.Sprintf("process.env.TERN_%d", i)})
		d.Environment = append(d.Environment, schema.Variable{Name: fmt.Sprintf("TERN_%d", i)})
	}
	whole := &d.Prompts[0]
	for i := range 1000 {
		asks := schema.Asks(2 + i%400)
		asks.Text = fmt.Sprintf("process.env.TERN_%d", i%400)
		whole.Text.Parts = append(whole.Text.Parts, schema.Part{Choice: []schema.Branch{
			{When: asks, Parts: []schema.Part{{Lit: sentence(i)}}}, {When: schema.Negated(asks), Parts: []schema.Part{{Lit: sentence(-i)}}}}})
	}
	for i := range 300 {
		t := d.Tools[1]
		text := schema.Literal(paragraph(i, 60))
		t.Name, t.Description = fmt.Sprintf("Tool%d", i), &text
		t.Implementation = []schema.Member{{Name: "call", Source: paragraph(i, 120)}}
		d.Tools = append(d.Tools, t)
	}
	for i := range 4000 {
		d.Prompts = append(d.Prompts, schema.Prompt{ID: fmt.Sprintf("text-%d", i), Kind: "message", Title: sentence(i), Text: schema.Literal(paragraph(1000+i, 26))})
	}
	return d
}

// BenchmarkLargeDocument measures a Document of 25 MB in a browser: until its page is written (write-ms), until it is
// shown and can be used (shown-ms), until it has counted its tokens (counted-ms), until words are found in it for the first time
// (search-ms) and until the prompt is another one after an answer (answer-ms).
func BenchmarkLargeDocument(b *testing.B) {
	parent, err := browser()
	if err != nil {
		b.Skipf("no browser: %v", err)
	}
	d := largeDocument()
	for b.Loop() {
		start := time.Now()
		page := pageBytes(b, d)
		b.ReportMetric(float64(time.Since(start).Milliseconds()), "write-ms")
		file := filepath.Join(b.TempDir(), "report.html")
		if err := os.WriteFile(file, page, 0o644); err != nil {
			b.Fatal(err)
		}
		ctx, cancel := chromedp.NewContext(parent)
		var shown, counted, search, answer string
		err := chromedp.Run(ctx, chromedp.Navigate("file://"+file),
			chromedp.Poll(`performance.getEntriesByName('bundlens-shown')[0]?.startTime.toFixed()`, &shown),
			chromedp.Poll(`document.querySelector('[data-figure="tools"]') && !document.querySelector('.effect').textContent.includes('…') && performance.now().toFixed()`, &counted),
			chromedp.Evaluate(within(`const i = document.querySelector('.search input'); i.value = 'rule 4999010'; i.dispatchEvent(new Event('input', {bubbles: true}))`, `document.querySelector('.results li')`), &search, awaited),
			chromedp.Evaluate(`location.hash = '#/prompt'`, nil), chromedp.WaitVisible(".sent", chromedp.ByQuery),
			chromedp.Evaluate(within(`[...document.querySelectorAll('.segments button')].find((e) => e.textContent === 'print').click()`, `document.querySelector('.sent').textContent.includes('You print one answer.')`), &answer, awaited))
		cancel()
		if err != nil {
			b.Fatal(err)
		}
		for unit, text := range map[string]string{"shown-ms": shown, "counted-ms": counted, "search-ms": search, "answer-ms": answer} {
			ms, err := strconv.ParseFloat(text, 64)
			if err != nil {
				b.Fatalf("%s: %q", unit, text)
			}
			b.ReportMetric(ms, unit)
		}
	}
}

// within is an expression for how long it takes, in milliseconds, until something holds after something is done.
func within(do, until string) string {
	return `(async () => { const start = performance.now(); ` + do + `; while (!(` + until + `)) await new Promise((r) => setTimeout(r)); return (performance.now() - start).toFixed() })()`
}

// awaited has an evaluation wait for a promise.
func awaited(p *runtime.EvaluateParams) *runtime.EvaluateParams { return p.WithAwaitPromise(true) }
