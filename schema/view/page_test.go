package view

import (
	"bytes"
	"strings"
	"testing"

	"github.com/bundlens/bundlens/schema"
)

// pageBytes is a page as it is written.
func pageBytes(t testing.TB, docs ...*schema.Document) []byte {
	t.Helper()
	page, err := Documents(docs...)
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	if n, err := page.WriteTo(&b); err != nil || n != int64(b.Len()) {
		t.Fatal(n, err)
	}
	return b.Bytes()
}

// TestNothingIsMarkup looks for what a hostile Document says in the bytes of its page.
func TestNothingIsMarkup(t *testing.T) {
	page := pageBytes(t, hostileDocument())
	if bytes.Contains(page, []byte("attacked")) && !strings.Contains(script, "attacked") {
		at := bytes.Index(page, []byte("attacked"))
		if !bytes.Contains(page[max(0, at-80):at], []byte("&lt;")) { // the title, escaped
			t.Errorf("text of the document stands in the page: %s", page[max(0, at-80):at+20])
		}
	}
	if n := bytes.Count(page, []byte("<script")); n != 4 {
		t.Errorf("%d scripts, want two blocks of data, the vocabulary and the page's own", n)
	}
	for _, c := range []string{"\u202e", "\x1b", "\x00"} {
		if bytes.Contains(page, []byte(c)) && !strings.Contains(script+style, c) {
			t.Errorf("%q stands in the page", c)
		}
	}
}

func TestSamePageSameBytes(t *testing.T) {
	if !bytes.Equal(pageBytes(t, hostileDocument()), pageBytes(t, hostileDocument())) {
		t.Error("two pages of one document differ")
	}
}

func TestDocumentsWantsOneOrTwo(t *testing.T) {
	for _, n := range []int{0, 3} {
		if _, err := Documents(make([]*schema.Document, n)...); err == nil {
			t.Errorf("%d documents: no error", n)
		}
	}
}
