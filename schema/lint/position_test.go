package lint

import (
	"bytes"
	"encoding/xml"
	"strings"
	"testing"

	"github.com/jstemmer/go-junit-report/v2/junit"

	"github.com/bundlens/bundlens/schema"
)

func TestPositions(t *testing.T) {
	long := strings.Repeat("é", 5000) + "x😀y\n" + strings.Repeat("z", 9000)
	for _, c := range []struct {
		text       string
		start, end int
		want       string
		endLine    int
		endColumn  int
	}{
		{"abc", 0, 3, "f:1:1", 1, 4},
		{"a\nbc\n", 2, 4, "f:2:1", 2, 3},
		{"a\nbc\n", 5, 5, "f:3:1", 3, 1},
		{"a\nbc\n", 1, 3, "f:1:2", 2, 2},
		{"😀b", 4, 5, "f:1:3", 1, 4},
		{long, 10000, 10001, "f:1:5001", 1, 5002},
		{long, 10005, 10006, "f:1:5004", 1, 5005},
		{long, 10007 + 8999, 10007 + 9000, "f:2:9000", 2, 9001},
		{"abc", -5, 99, "f:1:1", 1, 4},
		{"", 0, 0, "f:1:1", 1, 1},
	} {
		p := NewLines("f", []byte(c.text)).Position(c.start, c.end)
		if p.String() != c.want || p.EndLine != c.endLine || p.EndColumn != c.endColumn {
			t.Errorf("%.20q %d to %d: got %s to %d:%d, want %s to %d:%d", c.text, c.start, c.end, p, p.EndLine, p.EndColumn, c.want, c.endLine, c.endColumn)
		}
	}
}

func FuzzPositions(f *testing.F) {
	f.Add("a😀\nb", 3, 6)
	f.Add("\xff\n\r", 0, 2)
	f.Fuzz(func(t *testing.T, text string, start, end int) {
		p := NewLines("f", []byte(text)).Position(start, end)
		if p.Line < 1 || p.Column < 1 || p.EndLine < p.Line || p.EndLine == p.Line && p.EndColumn < p.Column {
			t.Errorf("%q %d %d: %+v", text, start, end, p)
		}
	})
}

// hostileReport has findings of a program that wishes a reader harm.
func hostileReport(t *testing.T) *Report {
	t.Helper()
	doc := document("1.0.0")
	for _, name := range []string{"a\n::error::b", "a,b:c%d\r", "]]>", "<b>&\x00\x1b", "| x |\n# y", "@everyone [x](http://y)"} {
		doc.Tools = append(doc.Tools, schema.Tool{Name: name, Origin: schema.Origin{Module: name, Start: 1, End: 9}})
	}
	return run(t, Options{}, doc)
}

func TestJUnit(t *testing.T) {
	var b bytes.Buffer
	r := hostileReport(t)
	if err := r.WriteJUnit(&b, Warning); err != nil {
		t.Fatal(err)
	}
	var read junit.Testsuites
	if err := xml.Unmarshal(b.Bytes(), &read); err != nil {
		t.Fatalf("%v\n%s", err, b.String())
	}
	if n := r.Fails(Warning); read.Failures != n || n == 0 {
		t.Errorf("%d failures, want %d", read.Failures, n)
	}
	if r.Fails(Off) != 0 || r.Fails(Error) >= r.Fails(Warning) || r.Fails(Note) <= r.Fails(Warning) {
		t.Errorf("never %d, error %d, warning %d, note %d", r.Fails(Off), r.Fails(Error), r.Fails(Warning), r.Fails(Note))
	}
}

func TestGitHub(t *testing.T) {
	var b bytes.Buffer
	r := hostileReport(t)
	if err := r.WriteGitHub(&b); err != nil {
		t.Fatal(err)
	}
	n := 0
	for line := range strings.Lines(b.String()) {
		n++
		if !strings.HasPrefix(line, "::error title=bundlens ") && !strings.HasPrefix(line, "::warning title=bundlens ") {
			t.Errorf("%q is no annotation of ours", line)
		}
	}
	if n != r.Fails(Warning) {
		t.Errorf("%d annotations, want %d", n, r.Fails(Warning))
	}
	if !strings.Contains(b.String(), "file=a%2Cb%3Ac%25d%0D,line=1,endLine=2::a,b:c%25d%0D: ") {
		t.Error(b.String())
	}
	b.Reset()
	if err := r.WriteMarkdown(&b); err != nil {
		t.Fatal(err)
	}
	if strings.ContainsAny(b.String(), "<>@[]") {
		t.Error(b.String())
	}
}
