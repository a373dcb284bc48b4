package facts

import (
	"sort"

	"github.com/bundlens/bundlens/analyzer"
	"github.com/bundlens/bundlens/analyzer/internal/eval"
	"github.com/bundlens/bundlens/analyzer/internal/js"
	"github.com/bundlens/bundlens/queries"
	"github.com/bundlens/bundlens/schema"
)

// Tools finds what a program's model may call: whatever evaluates to a name, an input schema and something to call.
var Tools = analyzer.Fact{
	Name:  "tools",
	Doc:   "tools with their schemas and descriptions",
	Query: queries.Text("tools"),
	Run:   findTools,
}

// finder collects the tools of one pass.
type finder struct {
	*analyzer.Pass
	byName       map[string][]*definition
	senders      []sender
	chosenSender *sender
	otherSender  *sender // the last that made something of a schema of no kind known here
	chosen       int     // tools for which it was looked for in vain
	conversions  []conversion
	calls        registrations
	candidates   accounting
	templates    []template
	naming       naming
	lists        memberships      // that are handed out
	possible     memberships      // in lists of what there may be
	byRegistry   registered       // when the program registers each tool that it gives to its model
	followed     map[js.Node]bool // factories whose callers were read
	prompted     bool             // promptArgs are known
	promptArgs   []eval.Value
}

// definition is one object that makes a tool.
type definition struct {
	name    string
	aliases []string
	object  *eval.Object
	call    bool // it has something to call
	beside  bool // there is something to call beside it
	schema  eval.Value
	key     string // the member that holds the schema
	origin  schema.Origin
	node    js.Node    // the expression that makes it
	other   bool       // its schema is of no kind known here: what the program makes of it counts
	served  bool       // a server of the program hands it out
	listed  bool       // it is an answer to a request for the tools, or in the body of a request to a model
	started bool       // the start of the program comes to where it is handed out
	reached bool       // it does by default
	keyed   bool       // it is in an object that holds tools by their names
	sent    *eval.Cond // when the model gets it, where the program is seen to hand it out
}

func findTools(pass *analyzer.Pass) error {
	f := &finder{Pass: pass, byName: map[string][]*definition{}, followed: map[js.Node]bool{}}
	f.Machine.SupposeOptions(f.commandOptions())
	for _, m := range pass.Matches {
		f.match(m)
	}
	f.heirs()
	f.renamed()
	f.lists, f.possible = f.members()
	f.registered()
	f.byRegistry = f.inRegistry()
	f.inner()
	names := make([]string, 0, len(f.byName))
	for name := range f.byName {
		names = append(names, name)
	}
	sort.Strings(names)
	for _, name := range names {
		pass.Document.Tools = append(pass.Document.Tools, f.tool(name, f.byName[name]))
	}
	f.crossCheck()
	f.dropAnswers()
	f.account()
	return nil
}

// match evaluates what a query matched.
func (f *finder) match(m analyzer.Match) {
	if n := m.Capture("definition.tool"); n.Valid() {
		switch n.Kind() {
		case js.Object:
			f.object(m, n)
		case js.ClassBody:
			f.class(m, n.Parent())
		}
		return
	}
	f.calls.note(f, m)
}

// object evaluates an object literal that looks like a tool: the call that it is an argument of, if there is one,
// else the literal.
func (f *finder) object(m analyzer.Match, n js.Node) {
	f.see(n)
	outer := outermostCall(n)
	if outer != n && f.add(outer, f.eval(m, outer)) != nil {
		return
	}
	v := f.eval(m, n)
	if d := f.add(n, v); d != nil {
		d.beside = !d.call && f.calledBeside(m, n)
	} else {
		f.dropObject(m, n, v)
		key := m.Capture("key").Text()
		f.sends(v, key)
		f.noteSender(m, n, v, key)
		f.templateOf(m, n)
		f.namedAround(m, n, v)
		f.factory(m, n, v)
		f.noteNaming(m, n, v, key)
	}
}

// class evaluates an instance of a class that looks like a tool.
func (f *finder) class(m analyzer.Match, n js.Node) {
	v := f.Machine.Run(func() eval.Value {
		class := f.Machine.Eval(n, f.Machine.Enclosing(m.Module, m.Unit, n))
		return f.Machine.New(class, []eval.Value{f.unknown("options"), f.unknown("options"), f.unknown("options")})
	})
	f.see(n)
	f.add(n, v)
}

// maxDefinitionSteps bounds the evaluation of an object that may be a tool: making one is a matter of few steps.
const maxDefinitionSteps = 4_000

func (f *finder) eval(m analyzer.Match, n js.Node) eval.Value {
	return f.Machine.RunWithin(maxDefinitionSteps, func() eval.Value {
		return f.Machine.Eval(n, f.Machine.Enclosing(m.Module, m.Unit, n))
	})
}

// callerKey begins the keys of what callers pass that are not seen.
const callerKey = "caller."

func (f *finder) unknown(name string) eval.Value {
	return &eval.Unknown{Key: callerKey + name, Expr: name, Why: "what the caller passes", Subject: &eval.Subject{Kind: schema.KindArgument, Name: name}}
}

// add reads v as a tool; nil where it is none.
func (f *finder) add(n js.Node, v eval.Value) *definition {
	o, ok := (eval.World{}).Pick(v).(*eval.Object)
	if !ok {
		return nil
	}
	d := f.read(o)
	if d != nil {
		f.keep(n, d)
	}
	return d
}

// calledBeside tells whether the object that holds n as a member has a function beside it.
func (f *finder) calledBeside(m analyzer.Match, n js.Node) bool {
	pair := n.Parent()
	if pair.Kind() != js.Pair {
		return false
	}
	for c := pair.Parent().FirstChild(); c.Valid(); c = c.Next() {
		value := c
		if c.Kind() == js.Pair {
			value = c.Child(js.FieldValue)
		}
		switch {
		case c == pair:
		case value.IsFunction():
			return true
		case value.Kind() == js.Identifier, value.Kind() == js.ShorthandPropertyIdentifier:
			if eval.IsFunction(f.eval1(m.Module, m.Unit, value)) {
				return true
			}
		}
	}
	return false
}

// symbol is the name under which the source keeps what an expression makes.
func symbol(n js.Node) string {
	p := n.Parent()
	switch p.Kind() {
	case js.VariableDeclarator, js.ClassDeclaration:
		return p.Child(js.FieldName).Text()
	case js.AssignmentExpression:
		return p.Child(js.FieldLeft).Text()
	case js.Pair:
		return p.Child(js.FieldKey).Text()
	}
	return n.Child(js.FieldName).Text()
}
