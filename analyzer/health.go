package analyzer

import (
	"bytes"
	"cmp"
	"fmt"
	"iter"
	"slices"
	"strings"

	"github.com/bundlens/bundlens/analyzer/internal/js"
	"github.com/bundlens/bundlens/analyzer/internal/scope"
	"github.com/bundlens/bundlens/analyzer/source"
	"github.com/bundlens/bundlens/internal/lazyregexp"
	"github.com/bundlens/bundlens/schema"
)

// judge says what could not be seen, of the program and of what looked like a tool in it. The Document is complete where
// that is nothing.
func judge(doc *schema.Document, in *source.Input, program *scope.Program) {
	j := &judgement{doc: doc, in: in, program: program}
	for _, warning := range in.Warnings {
		j.diagnose(schema.SeverityWarning, schema.CodeInput, nil, source.Remark(warning))
	}
	j.modules()
	if slices.Contains(doc.Health.Facts, "tools") {
		j.candidates()
		j.schemas()
		j.descriptions()
		j.names()
		if len(doc.Tools) == 0 {
			j.hidden()
		}
	}
	for _, name := range in.Gone {
		j.blind("the package.json names %s as a program, which is not here", name)
	}
	for _, gone := range program.Gone() {
		j.blind("module %s asks for %s, which is not here", gone.From.Name, gone.Specifier)
	}
	for _, what := range doc.Health.GivenUp {
		j.blind("%s was given up", what)
	}
	slices.Sort(doc.Health.TextsNotFollowed)
	doc.Health.Complete = len(doc.Health.NotSeen) == 0 && len(doc.Health.TextsNotFollowed) == 0 && len(doc.Health.NamesWithoutRecord) == 0
}

// judgement collects what could not be seen.
type judgement struct {
	doc     *schema.Document
	in      *source.Input
	program *scope.Program
}

// blind notes what could not be seen, in words.
func (j *judgement) blind(format string, args ...any) {
	if what := fmt.Sprintf(format, args...); !slices.Contains(j.doc.Health.NotSeen, what) {
		j.doc.Health.NotSeen = append(j.doc.Health.NotSeen, what)
	}
}

// modules looks at what could be read. "None found" is only true of what could be, so that all is scanned before it is said.
func (j *judgement) modules() {
	h := &j.doc.Health
	if h.ModulesUnread > 0 {
		j.blind("%s could not be read", plural(h.ModulesUnread, "module"))
	}
	for _, m := range j.program.Modules {
		if !m.Scanned() && len(j.doc.Tools) > 0 {
			continue
		}
		balanced := m.Index().Balanced
		if m.Whole() {
			h.ModulesWhole++
		}
		if !balanced {
			j.blind("module %s is cut off, or not JavaScript as it is known here", m.Name)
			j.diagnose(schema.SeverityError, "module-not-understood", nil, "module "+m.Name+": cut off, or not JavaScript as it is known here")
		}
	}
	s := j.program.Stats()
	h.Units = schema.Units{Indexed: int(s.Units), Parsed: int(s.UnitsParsed)}
	h.ParsedBytes, h.ParseErrors = s.BytesParsed, int(s.ParseErrors)
	if s.UnitsCut > 0 {
		j.blind("%s more places to look at than are kept", plural(int(s.UnitsCut), "statement holds", "statements hold"))
		j.diagnose(schema.SeverityError, "matches-cut", nil, fmt.Sprintf("%d statements hold more places to look at than are kept", s.UnitsCut))
	}
	if h.ParseErrors > 0 {
		j.blind("%s what the grammar does not know", plural(h.ParseErrors, "statement holds", "statements hold"))
		j.diagnose(schema.SeverityWarning, "parse-errors", nil, plural(h.ParseErrors, "statement holds", "statements hold")+" what the grammar does not know")
	}
}

func (j *judgement) diagnose(severity, code string, origin *schema.Origin, message string) {
	j.doc.Diagnostics = append(j.doc.Diagnostics, schema.Diagnostic{Severity: severity, Code: code, Message: message, Origin: origin})
}

// notUnderstoodShare is the part of what looked like tools that may be lost before the result counts as one in which they
// could not be seen: a twentieth.
const notUnderstoodShare = 20

// candidates looks at what looked like a tool and became none. A place that hands tools out and is not understood may
// hide any number of them; where no tool was found, so may whatever makes tools for its callers.
func (j *judgement) candidates() {
	lost := map[string]int{}
	for _, d := range j.doc.Health.Candidates.Dropped {
		if found := len(j.doc.Tools) > 0; found && (d.Understood() || d.Rule == schema.DroppedRequest) || d.Rule == schema.DroppedNoTool {
			continue // a request may hand on what its caller asks for
		}
		lost[d.Rule]++
		if d.Sink() {
			j.diagnose(schema.SeverityWarning, d.Rule, &d.Origin, "what "+cmp.Or(d.What, "a request")+" hands out as tools is not known")
		}
	}
	all, sinks := 0, 0
	for rule, n := range lost {
		if all += n; (schema.Dropped{Rule: rule}).Sink() {
			sinks += n
		}
	}
	if sinks > 0 {
		j.blind("%s out tools that are not known", plural(sinks, "place hands", "places hand"))
	}
	if few := all - sinks; few > 0 && few*notUnderstoodShare >= len(j.doc.Tools) {
		j.blind("%s like a tool and could not be understood", plural(few, "place looks", "places look"))
	}
}

// schemas counts the tools of whose schema nothing could be read.
func (j *judgement) schemas() {
	n := 0
	for _, t := range j.doc.Tools {
		if !t.Complete && slices.ContainsFunc(t.Losses, func(l schema.Loss) bool { return l.Path == "" && !l.Inherent() }) {
			n++
		}
	}
	if j.doc.Health.SchemasUnknown = n; n > 0 && n*notUnderstoodShare >= len(j.doc.Tools) {
		j.blind("%s could not be read", plural(n, "schema"))
	}
}

// onlyHoles matches the rendering of a text without a known part.
var onlyHoles = lazyregexp.New(`^\s*(\$\{[A-Z0-9_]+\}\s*)+$`)

// descriptions counts the tools whose description has no known part.
func (j *judgement) descriptions() {
	n := 0
	for _, t := range j.doc.Tools {
		if t.Description != nil && onlyHoles.Get().MatchString(t.Description.Text) {
			n++
		}
	}
	if n > 0 && n*notUnderstoodShare >= len(j.doc.Tools) {
		j.blind("%s could not be read", plural(n, "description"))
	}
}

// foreignName is a name that belongs to a server the user adds, or means all tools.
var foreignName = lazyregexp.New(`^mcp__|[*(]|^$`)

// toolInText is a tool that a text for the model speaks of by its name. A word that may be one of the language is none.
var toolInText = lazyregexp.New("\\b[Tt]he (?:\"([A-Za-z][\\w-]*)\"|`([A-Za-z][\\w-]*)`|([A-Z][a-z]+[A-Z]\\w*|[a-z]+(?:_[a-z]+)+)) tool\\b")

// names looks for tools without a record: those that sub-agents are given, and those that the system prompt and
// the descriptions of other tools speak of.
func (j *judgement) names() {
	known := map[string]bool{}
	for _, t := range j.doc.Tools {
		known[t.Name] = true
		for _, a := range t.Aliases {
			known[a] = true
		}
	}
	var given, spoken []string
	unknown := func(list []string, names ...string) []string {
		for _, name := range names {
			if !known[name] && !foreignName.Get().MatchString(name) {
				list = append(list, name)
			}
		}
		slices.Sort(list)
		return slices.Compact(list)
	}
	for _, a := range j.doc.Agents {
		given = unknown(given, a.Tools...)
	}
	for text := range j.spoken() {
		for _, m := range toolInText.Get().FindAllStringSubmatch(text, -1) {
			spoken = unknown(spoken, cmp.Or(m[1:]...))
		}
	}
	if len(given) > 0 {
		j.blind("tools that sub-agents are given were not found: %s", strings.Join(given, ", "))
	}
	if n := len(spoken); n > 0 && n*notUnderstoodShare >= len(j.doc.Tools) {
		j.blind("tools that texts for the model speak of were not found: %s", strings.Join(spoken, ", "))
	}
	j.doc.Health.NamesWithoutRecord = unknown(given, spoken...)
}

// spoken are the texts of the system prompt, and the descriptions of tools.
func (j *judgement) spoken() iter.Seq[string] {
	return func(yield func(string) bool) {
		for _, p := range j.doc.Prompts {
			if strings.HasPrefix(p.Kind, "system-") && !yield(p.Text.Text) {
				return
			}
		}
		for _, t := range j.doc.Tools {
			if t.Description != nil && !yield(t.Description.Text) {
				return
			}
		}
	}
}

// minOpaque is the size from which on a statement that takes up most of a module counts as a program inside it.
const minOpaque = 2 << 10

var (
	startsOther = lazyregexp.New(`\b(?:spawn|fork|execFile|exec)(?:Sync)?(?:\s*[(,}:]|\s+as\s)`) // called, or imported under a name of its own
	codeInText  = lazyregexp.New(`\b(?:eval|Function|runInThisContext|runInNewContext|compileFunction)\s*\(\s*["'\x60]`)
	bunTrailer  = []byte("\n---- Bun! ----\n")
)

// hidden looks for where tools may be that could not be seen, in a program in which none was found.
func (j *judgement) hidden() {
	for _, m := range j.program.Modules {
		j.imports(m)
		if bytes.Contains(m.Text, []byte("child_process")) && startsOther.Get().Match(m.Text) || bytes.Contains(m.Text, []byte("Bun.spawn")) {
			j.blind("module %s starts other programs, which are not followed", m.Name)
		}
		if codeInText.Get().Match(m.Text) {
			j.blind("module %s runs code that it holds as text", m.Name)
		}
		if u, ok := opaque(m); ok && j.mentions(m.Text[u.Start:u.End]) {
			j.blind("module %s is a program inside a statement, and what it hands out was not found", m.Name)
		}
	}
	for _, m := range j.in.Modules {
		if m.Kind == source.JS {
			continue
		}
		if content, err := m.Read(); err == nil && bytes.Contains(content, bunTrailer) {
			j.blind("%s is an executable inside the program, which was not opened", m.Name)
		}
	}
}

// imports looks for modules that are not here.
func (j *judgement) imports(m *scope.Module) {
	for _, i := range m.Index().Imports {
		if builtin(i.From) {
			continue
		}
		if _, ok := j.in.Resolve(m.Name, i.From, source.ByImport); !ok {
			j.blind("module %s imports %s, which is not here", m.Name, i.From)
		}
	}
}

// builtin tells a module of the runtime.
func builtin(specifier string) bool {
	scheme, _, found := strings.Cut(specifier, ":")
	return found && (scheme == "node" || scheme == "bun") || source.IsBuiltin(specifier)
}

// opaque is the statement that takes up most of a module, if there is one.
func opaque(m *scope.Module) (js.Unit, bool) {
	for _, u := range m.Index().Units {
		if size := int(u.End - u.Start); size >= minOpaque && size*10 >= len(m.Text)*9 {
			return u, true
		}
	}
	return js.Unit{}, false
}

// mentions tells whether a text has the words of a program that hands tools to a model.
func (j *judgement) mentions(text []byte) bool {
	return slices.ContainsFunc([]string{"inputSchema", "input_schema", "registerTool", "tools/list", `type:"function"`}, func(word string) bool {
		return bytes.Contains(text, []byte(word))
	})
}

func plural(n int, forms ...string) string {
	one, many := forms[0], forms[len(forms)-1]
	if len(forms) == 1 {
		many += "s"
	}
	if n == 1 {
		return fmt.Sprintf("%d %s", n, one)
	}
	return fmt.Sprintf("%d %s", n, many)
}
