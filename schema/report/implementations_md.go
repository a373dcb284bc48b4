package report

import (
	"fmt"
	"io"
	"strings"

	"github.com/evanw/esbuild/pkg/api"

	"github.com/bundlens/bundlens/internal/lazyregexp"
	"github.com/bundlens/bundlens/schema"
)

// ToolImplementationsMarkdown writes for people the source of the tools: what they say of themselves, what they check
// before they run, what they do, and what they tell the model then.
func ToolImplementationsMarkdown(w io.Writer, doc *schema.Document) error {
	p := &page{w: w}
	p.head("Tool implementations", doc)
	tools := byName(doc)
	if len(tools) == 0 {
		p.line("No tool was found.")
		return p.err
	}
	p.paragraph("Source as the program has it, laid out anew. Names are those of the build, but for constants and imports, which are what they stand for.")
	for i := range tools {
		p.implementation(&tools[i])
	}
	return p.err
}

// memberRoles are what members are there for, in the order of the page; the first that fits counts.
var memberRoles = []struct {
	title string
	name  *lazyregexp.Regexp
	text  *lazyregexp.Regexp // in its source; may be nil
}{
	{"Permission checks", lazyregexp.New(`(?i)permission|validate|approv|confirm|sandbox|allowed|isEnabled|available`), lazyregexp.New(`behavior: ?"|decision: ?"`)},
	{"Result messages", lazyregexp.New(`(?i)result|answer|respon`), lazyregexp.New(`type: ?"tool_result"`)},
	{"What it does", lazyregexp.New(`(?i)^(call|run|execute|invoke|handler|cb|fn|func|createInvocation|build)$`), nil},
	{"Other members", lazyregexp.New(``), nil},
}

func roleOf(m schema.Member) int {
	for i, r := range memberRoles {
		if r.name.Get().MatchString(m.Name) || r.text != nil && r.text.Get().MatchString(m.Source) {
			return i
		}
	}
	return len(memberRoles) - 1
}

func (p *page) implementation(t *schema.Tool) {
	p.heading(2, prose(t.Name))
	p.line("* enabled: %s", answer(t.Enabled, t.EnabledWhen.String()))
	for _, x := range t.Traits {
		p.line("* %s: %s", prose(x.Name), answer(x.Value, x.When.String()))
	}
	p.paragraph("* stands in %s", where(t.Origin))
	p.members(t)
}

// members writes the functions of a tool, by what they are for.
func (p *page) members(t *schema.Tool) {
	if len(t.Implementation) == 0 {
		p.paragraph("No function of its own was found.")
		return
	}
	var without []string
	sources := make([][]string, len(memberRoles))
	for _, m := range t.Implementation {
		if m.Source == "" {
			without = append(without, fmt.Sprintf("%s (%d bytes)", code(m.Name), m.Bytes))
			continue
		}
		role := roleOf(m)
		sources[role] = append(sources[role], m.Source)
	}
	for i, list := range sources {
		if len(list) > 0 {
			p.heading(3, memberRoles[i].title)
			p.fenced("js", laidOut(list))
		}
	}
	if len(without) > 0 {
		p.paragraph("Not shown, as it draws for people or is too long: %s", strings.Join(without, ", "))
	}
}

// laidOut are members with line breaks and indents; one by one where some can't be read together, and as they are where
// they can't be read at all.
func laidOut(members []string) string {
	const open, end = "members = {", "};"
	r := api.Transform(open+"\n"+strings.Join(members, ",\n")+"\n"+end, api.TransformOptions{
		Loader: api.LoaderJS, Charset: api.CharsetUTF8, LogLevel: api.LogLevelSilent, LogLimit: 1,
	})
	lines := strings.Split(strings.TrimSpace(string(r.Code)), "\n")
	if len(r.Errors) == 0 && len(lines) > 2 && lines[0] == open && lines[len(lines)-1] == end {
		return withoutIndent(lines[1 : len(lines)-1])
	}
	if len(members) == 1 {
		return members[0]
	}
	out := make([]string, len(members))
	for i, m := range members {
		out[i] = laidOut([]string{m})
	}
	return strings.Join(out, ",\n")
}

// withoutIndent takes the outermost indent from lines. Those that have none stand in a text of several lines.
func withoutIndent(lines []string) string {
	for i := range lines {
		lines[i] = strings.TrimPrefix(lines[i], "  ")
	}
	return strings.Join(lines, "\n")
}
