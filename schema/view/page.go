// Package view makes the page in which people explore a Document: one self-contained HTML file that needs no network.
// The page decides conditions, counts tokens and compares texts itself; what it shows is in it as data.
//
// What a Document holds is somebody else's text. It stands in the page as base64 of compressed JSON, so that none of it
// can be markup; the page's script puts it into text nodes only, and a content security policy lets nothing else run,
// and nothing be fetched.
package view

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"html/template"
	"io"
	"strings"
	"sync"

	"github.com/klauspost/compress/gzip"

	"github.com/bundlens/bundlens/internal/hidden"
	"github.com/bundlens/bundlens/schema"
	"github.com/bundlens/bundlens/schema/diff"
	"github.com/bundlens/bundlens/schema/internal/tokens"
)

// Page is a page for Documents or for a history. It is not changed after it is made.
type Page struct {
	title string
	data  payload
	rest  []second // of the Documents
}

// payload is what the page's script reads; web/src/document.ts describes it as well.
type payload struct {
	Documents  []first      `json:"documents"`
	Comparison *diff.Result `json:"comparison"`
	History    *timeline    `json:"history"`
	// Served says that a server stands behind the page, with pages for each version of a history.
	Served bool `json:"served"`
}

// Documents makes a page for one Document, or one that compares two.
func Documents(docs ...*schema.Document) (*Page, error) {
	if len(docs) != 1 && len(docs) != 2 {
		return nil, fmt.Errorf("a page shows one document or compares two, not %d", len(docs))
	}
	p := &Page{title: titleOf(docs)}
	for _, d := range docs {
		var b bytes.Buffer
		if err := schema.EncodeWhole(&b, d); err != nil {
			return nil, err
		}
		shown, rest, err := split(b.Bytes())
		if err != nil {
			return nil, err
		}
		p.data.Documents, p.rest = append(p.data.Documents, shown), append(p.rest, rest)
	}
	if len(docs) == 2 {
		result, err := diff.Compare(docs[0], docs[1], diff.Options{})
		if err != nil {
			return nil, err
		}
		p.data.Comparison = withoutTexts(result)
	}
	return p, nil
}

// withoutTexts drops the differences of texts, which the page finds in the Documents.
func withoutTexts(r *diff.Result) *diff.Result {
	for _, s := range r.Sections {
		for i := range s.Records {
			s.Records[i].Texts = nil
		}
	}
	return r
}

func titleOf(docs []*schema.Document) string {
	var names []string
	for _, d := range docs {
		name := strings.TrimSpace(d.Source.Package + " " + d.Source.Version)
		if d.Source.Package == "" {
			name = d.Source.Name
		}
		names = append(names, hidden.Spelled(name))
	}
	return strings.Join(names, " and ")
}

var frame = sync.OnceValue(func() *template.Template { return template.Must(template.New("page").Parse(frameText)) })

const frameText = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{{.Policy}}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<meta name="color-scheme" content="light dark">
<title>{{.Title}} - bundlens</title>
<link rel="icon" href="data:,">
{{.Style}}
</head>
<body>
<div id="app"><noscript>This page needs JavaScript to show what is in it. It asks nothing of any network.</noscript></div>
<template id="notices">{{.Notices}}</template>
{{.First}}{{.Script}}
{{.Second}}</body>
</html>
`

// WriteTo writes the page. The same page gives the same bytes.
func (p *Page) WriteTo(w io.Writer) (int64, error) {
	var shown, rest bytes.Buffer
	if err := writeBlock(&shown, "data", p.data); err != nil {
		return 0, err
	}
	if p.data.History == nil {
		words, err := vocabulary()
		if err != nil {
			return 0, err
		}
		rest.Write(words)
		if err := writeBlock(&rest, "rest", p.rest); err != nil {
			return 0, err
		}
	}
	counted := &counter{w: w}
	err := frame().Execute(counted, map[string]any{
		"Policy": Policy(), "Title": p.title, "Notices": notices,
		"First": template.HTML(shown.String()), "Second": template.HTML(rest.String()),
		"Style":  template.HTML("<style>" + style + "</style>"),
		"Script": template.HTML("<script>" + script + "</script>"),
	})
	return counted.n, err
}

type counter struct {
	w io.Writer
	n int64
}

func (c *counter) Write(p []byte) (int, error) {
	n, err := c.w.Write(p)
	c.n += int64(n)
	return n, err
}

// Policy is the page's content security policy: its own script and style, by their digests, and nothing else.
var Policy = sync.OnceValue(func() string {
	return "default-src 'none'; script-src " + digest(script) + "; style-src " + digest(style) +
		"; img-src data:; base-uri 'none'; form-action 'none'"
})

func digest(s string) string {
	sum := sha256.Sum256([]byte(s))
	return "'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'"
}

// writeBlock writes a value as a block of data that no browser runs: base64 of compressed JSON.
func writeBlock(w *bytes.Buffer, id string, v any) error {
	fmt.Fprintf(w, `<script type="application/gzip" id="%s">`, id)
	encoded := base64.NewEncoder(base64.StdEncoding, w)
	packed := gzip.NewWriter(encoded)
	enc := json.NewEncoder(packed)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		return err
	}
	if err := packed.Close(); err != nil {
		return err
	}
	if err := encoded.Close(); err != nil {
		return err
	}
	w.WriteString("</script>\n")
	return nil
}

// vocabulary is the block by which the page counts tokens as package tokens does.
var vocabulary = sync.OnceValues(func() ([]byte, error) {
	words, err := tokens.Vocabulary()
	if err != nil {
		return nil, err
	}
	var b bytes.Buffer
	err = writeBlock(&b, "vocabulary", map[string]any{
		"factor": tokens.Factor, "maxCounted": tokens.MaxCounted, "accuracy": tokens.Accuracy, "tokens": json.RawMessage(words),
	})
	return b.Bytes(), err
})
