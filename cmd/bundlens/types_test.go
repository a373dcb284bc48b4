package main

import (
	"bufio"
	"cmp"
	"compress/gzip"
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	sitter "github.com/smacker/go-tree-sitter"
	"github.com/smacker/go-tree-sitter/typescript/typescript"

	"github.com/bundlens/bundlens/analyzer"
	"github.com/bundlens/bundlens/analyzer/facts"
	"github.com/bundlens/bundlens/analyzer/source"
	"github.com/bundlens/bundlens/internal/campaign"
	"github.com/bundlens/bundlens/internal/ordered"
	"github.com/bundlens/bundlens/schema"
	"github.com/bundlens/bundlens/schema/export"
)

// TestPublishedTypes compares, property by property, the schemas that are found in a program with the types that its
// makers publish for its tools. testdata/types.txt says which program, and explains every disagreement.
func TestPublishedTypes(t *testing.T) {
	campaign.Need(t, "it fetches and analyses packages")
	files, _ := filepath.Glob(filepath.Join("..", "..", "..", "shared", "truth", "sdk", "*.d.ts.gz"))
	if len(files) == 0 {
		t.Skip("no types at ../shared/truth/sdk of the checkout")
	}
	data := readTypesData(t)
	for _, file := range files {
		version := strings.TrimSuffix(filepath.Base(file), ".d.ts.gz")
		t.Run(version, func(t *testing.T) { comparePublished(t, file, version, data) })
	}
}

// typesData is testdata/types.txt.
type typesData struct {
	pkg       string
	tools     map[string]string // type -> tool
	explained map[string]string // "version type.property", "* type.property" or "version type" -> cause
}

// explains tells whether there is a cause for a disagreement: for the property, or for the whole type.
func (d typesData) explains(version, place string) bool {
	whole, _, _ := strings.Cut(place, ".")
	return cmp.Or(d.explained[version+" "+place], d.explained["* "+place], d.explained[version+" "+whole]) != ""
}

func readTypesData(t *testing.T) typesData {
	t.Helper()
	file, err := os.Open(filepath.Join("testdata", "types.txt"))
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	d := typesData{tools: map[string]string{}, explained: map[string]string{}}
	for lines := bufio.NewScanner(file); lines.Scan(); {
		line := lines.Text()
		f := strings.Fields(line)
		switch {
		case len(f) == 0 || f[0][0] == '#':
		case f[0] == "package":
			d.pkg = f[1]
		case f[0] == "tool":
			d.tools[f[1]] = f[2]
		default:
			place, cause, _ := strings.Cut(line, ": ")
			d.explained[place] = cause
		}
	}
	return d
}

func comparePublished(t *testing.T, file, version string, data typesData) {
	in, err := source.Open(context.Background(), "npm:"+data.pkg+"@"+version, source.Options{Platform: "linux-x64"})
	if err != nil {
		t.Skipf("the package can't be had: %v", err)
	}
	defer in.Close()
	doc, err := analyze(context.Background(), in, engineOptions{workers: 2, facts: []analyzer.Fact{facts.Tools}})
	if err != nil {
		t.Fatal(err)
	}
	published := declarations(t, file)
	for _, c := range compareExported(t, published, doc, data) {
		if c.want != c.got && !data.explains(version, c.place) {
			t.Errorf("%s %s: not explained\n published %s\n exported  %s", version, c.place, c.want, c.got)
		}
	}
	same, total := 0, 0
	for _, c := range compareTypes(t, published, doc, data) {
		total++
		if c.want == c.got {
			same++
			continue
		}
		if !data.explains(version, c.place) {
			t.Errorf("%s %s: not explained\n published %s\n found     %s", version, c.place, c.want, c.got)
			continue
		}
		same++
	}
	t.Logf("%d of %d properties agree or are explained", same, total)
	if total == 0 || same*100 < total*99 {
		t.Errorf("%d of %d properties agree", same, total)
	}
}

// comparison is one property: its type as published and as found, with a question mark where it may be left out.
type comparison struct{ place, want, got string }

func compareTypes(t *testing.T, d *declared, doc *schema.Document, data typesData) (out []comparison) {
	t.Helper()
	tools := map[string]schema.Tool{}
	for _, tool := range doc.Tools {
		tools[tool.Name] = tool
	}
	for _, name := range d.names {
		if !strings.HasSuffix(name, "Input") {
			continue
		}
		tool, ok := schema.Tool{}, false
		for _, n := range strings.Split(cmp.Or(data.tools[name], strings.TrimSuffix(name, "Input")), "|") {
			if found, here := tools[n]; here && !ok {
				tool, ok = found, true
			}
		}
		if !ok {
			out = append(out, comparison{name, "a tool", "none"})
			continue
		}
		want := d.properties(d.types[name])
		found := foundProperties(t, tool)
		for _, p := range sortedKeys(want) {
			c := comparison{name + "." + p, want[p], "none"}
			if list := found[p]; slices.Contains(list, c.want) {
				c.got = c.want
			} else if len(list) > 0 {
				c.got = list[0]
			}
			out = append(out, c)
		}
		for _, p := range sortedKeys(found) {
			if want[p] == "" && found[p][0] != "" {
				out = append(out, comparison{name + "." + p, "none", found[p][0]})
			}
		}
	}
	return out
}

// compareExported compares the types that are published with those that the program's tools are exported to. Where the
// schema in the default world is another than what is published, which compareTypes is for, the export has to be that.
func compareExported(t *testing.T, d *declared, doc *schema.Document, data typesData) (out []comparison) {
	t.Helper()
	p, err := export.New(doc, export.Options{})
	if err != nil {
		t.Fatal(err)
	}
	format, err := export.Find("typescript")
	if err != nil {
		t.Fatal(err)
	}
	text, err := format.Write(p)
	if err != nil {
		t.Fatal(err)
	}
	exported := declarationsIn(t, "the export", text)
	for _, name := range d.names {
		if !strings.HasSuffix(name, "Input") {
			continue
		}
		for _, tool := range strings.Split(cmp.Or(data.tools[name], strings.TrimSuffix(name, "Input")), "|") {
			i := slices.IndexFunc(doc.Tools, func(t schema.Tool) bool { return t.Name == tool })
			if i < 0 || exported.types[tool+"Input"] == nil {
				continue
			}
			published, found, got := d.properties(d.types[name]), foundProperties(t, doc.Tools[i]), exported.properties(exported.types[tool+"Input"])
			for _, p := range slices.Compact(slices.Sorted(slices.Values(slices.Concat(sortedKeys(published), sortedKeys(found), sortedKeys(got))))) {
				c := comparison{name + "." + p, cmp.Or(published[p], "none"), cmp.Or(got[p], "none")}
				if list := found[p]; c.got == "none" && (len(list) == 0 || list[0] == "") || len(list) > 0 && list[0] == c.got {
					c.want = c.got
				}
				out = append(out, c)
			}
			break
		}
	}
	if len(out) == 0 {
		t.Error("no published type is exported")
	}
	return out
}

func sortedKeys[V any](m map[string]V) []string {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}

// foundProperties are the types of a tool's properties: in the default world first ("" where it lacks one there), then
// in others.
func foundProperties(t *testing.T, tool schema.Tool) map[string][]string {
	t.Helper()
	out := map[string][]string{}
	texts := [][]byte{tool.InputSchema}
	for _, v := range tool.SchemaVariants {
		texts = append(texts, v.InputSchema)
	}
	for i, text := range texts {
		v, err := ordered.Parse(text)
		if err != nil {
			t.Fatal(err)
		}
		root, _ := v.(*ordered.Map)
		for name, found := range schemaProperties(root, root) {
			if i > 0 && len(out[name]) == 0 {
				out[name] = []string{""}
			}
			out[name] = append(out[name], found)
		}
	}
	return out
}

// schemaProperties are the types of an object schema's properties.
func schemaProperties(s, root *ordered.Map) map[string]string {
	out := map[string]string{}
	props, _ := s.Value("properties").(*ordered.Map)
	required, _ := s.Value("required").([]any)
	if props == nil {
		return out
	}
	for _, k := range props.Keys() {
		mark := "?"
		if slices.Contains(required, any(k)) {
			mark = ""
		}
		p, _ := props.Value(k).(*ordered.Map)
		out[k] = mark + schemaType(p, root, 0)
	}
	return out
}

// schemaType writes the type that a schema describes.
func schemaType(s, root *ordered.Map, depth int) string {
	if s == nil || depth > 20 {
		return "unknown"
	}
	if ref, ok := s.Value("$ref").(string); ok {
		at := any(root)
		for _, step := range strings.Split(strings.TrimPrefix(ref, "#"), "/") {
			if m, ok := at.(*ordered.Map); ok && step != "" {
				at = m.Value(step)
			}
		}
		target, _ := at.(*ordered.Map)
		return schemaType(target, root, depth+1)
	}
	for _, key := range []string{"anyOf", "oneOf"} {
		if list, ok := s.Value(key).([]any); ok {
			var types []string
			for _, x := range list {
				o, _ := x.(*ordered.Map)
				types = append(types, schemaType(o, root, depth+1))
			}
			return unionOf(types)
		}
	}
	if c, ok := s.Get("const"); ok {
		return literalText(c)
	}
	if list, ok := s.Value("enum").([]any); ok {
		var types []string
		for _, v := range list {
			types = append(types, literalText(v))
		}
		return unionOf(types)
	}
	kinds, ok := s.Value("type").([]any)
	if !ok {
		kinds = []any{s.Value("type")}
	}
	var types []string
	for _, k := range kinds {
		types = append(types, typeOfKind(s, root, k, depth))
	}
	return unionOf(types)
}

func typeOfKind(s, root *ordered.Map, kind any, depth int) string {
	switch kind {
	case "integer":
		return "number"
	case "array":
		items, _ := s.Value("items").(*ordered.Map)
		return schemaType(items, root, depth+1) + "[]"
	case "object":
		props := schemaProperties(s, root)
		index := ""
		switch more := s.Value("additionalProperties").(type) {
		case nil:
			index = "unknown"
		case bool:
			if more {
				index = "unknown"
			}
		case *ordered.Map:
			index = schemaType(more, root, depth+1)
		}
		return objectOf(props, index)
	case nil:
		return "unknown"
	}
	return fmt.Sprint(kind)
}

func literalText(v any) string {
	text, _ := ordered.Marshal(v)
	return string(text)
}

func unionOf(types []string) string {
	slices.Sort(types)
	types = slices.Compact(types)
	if slices.Contains(types, "unknown") {
		return "unknown"
	}
	if len(types) == 1 {
		return types[0]
	}
	return "(" + strings.Join(types, "|") + ")"
}

func objectOf(props map[string]string, index string) string {
	var b strings.Builder
	for _, k := range sortedKeys(props) {
		mark, typ := "", props[k]
		if strings.HasPrefix(typ, "?") {
			mark, typ = "?", typ[1:]
		}
		b.WriteString(k + mark + ":" + typ + ";")
	}
	if index != "" {
		b.WriteString("[]:" + index)
	}
	return "{" + b.String() + "}"
}

// declared is what a file of types declares.
type declared struct {
	src   []byte
	names []string
	types map[string]*sitter.Node
}

func declarations(t *testing.T, file string) *declared {
	t.Helper()
	f, err := os.Open(file)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	z, err := gzip.NewReader(f)
	if err != nil {
		t.Fatal(err)
	}
	src, err := io.ReadAll(z)
	if err != nil {
		t.Fatal(err)
	}
	return declarationsIn(t, file, src)
}

func declarationsIn(t *testing.T, file string, src []byte) *declared {
	t.Helper()
	root, err := sitter.ParseCtx(context.Background(), src, typescript.GetLanguage())
	if err != nil || root.HasError() {
		t.Fatalf("%s can't be parsed: %v", file, err)
	}
	d := &declared{src, nil, map[string]*sitter.Node{}}
	for i := range int(root.NamedChildCount()) {
		n := root.NamedChild(i)
		if n.Type() == "export_statement" {
			n = n.ChildByFieldName("declaration")
		}
		if n == nil || n.ChildByFieldName("name") == nil {
			continue
		}
		body := n.ChildByFieldName("body")
		if body == nil {
			body = n.ChildByFieldName("value")
		}
		name := n.ChildByFieldName("name").Content(src)
		d.names = append(d.names, name)
		d.types[name] = body
	}
	return d
}

// properties are the types of an object type's properties.
func (d *declared) properties(n *sitter.Node) map[string]string {
	out := map[string]string{}
	for i := 0; n != nil && i < int(n.NamedChildCount()); i++ {
		p := n.NamedChild(i)
		if p.Type() != "property_signature" {
			continue
		}
		mark := ""
		for j := range int(p.ChildCount()) {
			if p.Child(j).Type() == "?" {
				mark = "?"
			}
		}
		name := strings.Trim(p.ChildByFieldName("name").Content(d.src), `"'`)
		out[name] = mark + d.text(p.ChildByFieldName("type").NamedChild(0))
	}
	return out
}

// text writes a type as schemaType does: lists of a fixed length are lists.
func (d *declared) text(n *sitter.Node) string {
	switch n.Type() {
	case "parenthesized_type", "type_annotation", "rest_type", "optional_type":
		return d.text(n.NamedChild(0))
	case "union_type":
		return unionOf(d.members(n))
	case "array_type":
		return d.text(n.NamedChild(0)) + "[]"
	case "tuple_type":
		var types []string
		for i := range int(n.NamedChildCount()) {
			types = append(types, strings.TrimSuffix(d.text(n.NamedChild(i)), suffixOf(n.NamedChild(i))))
		}
		if len(types) == 0 {
			return "none"
		}
		return unionOf(types) + "[]"
	case "type_identifier":
		if target := d.types[n.Content(d.src)]; target != nil {
			return d.text(target)
		}
	case "object_type", "interface_body":
		index := ""
		for i := range int(n.NamedChildCount()) {
			if c := n.NamedChild(i); c.Type() == "index_signature" {
				index = d.text(c.ChildByFieldName("type"))
			}
		}
		return objectOf(d.properties(n), index)
	case "generic_type":
		if text := n.Content(d.src); text != "Record<string, never>" {
			return text
		}
		return objectOf(nil, "")
	case "literal_type":
		return strings.ReplaceAll(n.Content(d.src), "'", `"`)
	}
	return n.Content(d.src)
}

// suffixOf is what a rest element of a tuple adds to the type of one.
func suffixOf(n *sitter.Node) string {
	if n.Type() == "rest_type" {
		return "[]"
	}
	return ""
}

// members are a union's types, those of unions in it too. An empty tuple says no more than the others.
func (d *declared) members(n *sitter.Node) (types []string) {
	for i := range int(n.NamedChildCount()) {
		c := n.NamedChild(i)
		switch {
		case c.Type() == "union_type":
			types = append(types, d.members(c)...)
		case c.Type() == "tuple_type" && c.NamedChildCount() == 0:
		default:
			types = append(types, d.text(c))
		}
	}
	return types
}
