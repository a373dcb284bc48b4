package facts

import (
	"slices"

	"github.com/bundlens/bundlens/analyzer"
	"github.com/bundlens/bundlens/analyzer/internal/flow"
	"github.com/bundlens/bundlens/analyzer/internal/js"
	"github.com/bundlens/bundlens/queries"
)

// Prompts finds the texts that the model reads beside the descriptions of tools: those of the system prompt, of
// messages and of reminders. They are found from where they are used, backwards, so that a text is not taken for one
// of the model's because of how it sounds.
var Prompts = analyzer.Fact{
	Name:  "prompts",
	Doc:   "the sections of the system prompt, messages and reminders",
	Query: queries.Text("prompts"),
	Run:   runPrompts,
}

// What a text is used for.
const (
	usedAsSystem flow.Tag = 1 << iota
	usedAsReminder
	usedAsAgent
	usedAsWhenToUse
	usedAsResult
	usedAsMessage
	usedAsBlock
	usedAsPrompt
	usedAsContext
	usedAsStyle
	usedInRequest
)

// reachOfReminder is from how far the text of a reminder comes: through a function that sets the tag around a text, and
// one that does it for a list of messages. What passes through more hands is the conversation, in which the program
// only looks for the reminders.
const reachOfReminder = 2

func runPrompts(p *analyzer.Pass) error {
	w := newPromptWriter(p)
	t := flow.New(p.Program)
	w.tracer = t
	t.Known, t.Ends = w.known, w.forPeople
	t.Reach = map[flow.Tag]int{usedAsReminder: reachOfReminder}
	t.Members = usedInRequest
	for _, m := range p.Matches {
		if m.Capture("request").Valid() {
			w.requests.note(&finder{Pass: w.Pass}, m)
			continue
		}
		w.seed(t, m)
	}
	sources := t.Run()
	w.cutOff(t.Cut())
	w.calledFrom(t.OnlyCalls(w.Machine.Shadowed))
	w.write(sources, t.Answers(usedAsSystem))
	return nil
}

// seed starts the trace at one match of the query.
func (w *promptWriter) seed(t *flow.Tracer, m analyzer.Match) {
	if n := m.Capture("text"); n.Valid() {
		for _, text := range w.tagged(n) {
			t.Follow(text, "", usedAsReminder)
		}
		return
	}
	if n := m.Capture("assigned"); n.Valid() {
		t.Follow(n.Child(js.FieldRight), "", usedAsSystem)
		return
	}
	n := m.Capture("member")
	object := n.Parent()
	if object.Kind() != js.Object {
		return
	}
	tag, path := w.use(object, m.Capture("key").Text())
	if tag == 0 {
		return
	}
	if n.Kind() == js.Pair {
		n = n.Child(js.FieldValue)
	}
	if n.Kind() == js.MethodDefinition {
		if !n.ChildOfKind(js.KeywordGet).Valid() && !slices.Contains(w.textMethods(), m.Capture("key").Text()) {
			return
		}
		path = "()"
	}
	t.Follow(n, path, tag)
	if tag == usedAsSystem && slices.Contains(w.Words("request.system"), m.Capture("key").Text()) && isRequest(object) {
		t.Follow(n, path, usedInRequest)
	}
}

// wholeUses are the groups of the vocabulary whose members hold a text of one use, whatever stands beside them.
var wholeUses = []struct {
	group string
	tag   flow.Tag
	path  string
}{
	{"text.system", usedAsSystem, ""}, {"text.agent", usedAsAgent, "()"}, {"text.message", usedAsMessage, ""},
	{"text.whenToUse", usedAsWhenToUse, ""}, {"text.context", usedAsContext, ""},
}

// use tells what a member of an object is used for, by the members beside it; 0 where that does not make it one that
// the model reads.
func (w *promptWriter) use(object js.Node, key string) (tag flow.Tag, path string) {
	if w.forPeople(object) || w.isReply(object) {
		return 0, ""
	}
	for _, u := range wholeUses {
		if slices.Contains(w.Words(u.group), key) {
			return u.tag, u.path
		}
	}
	if slices.Contains(w.Words("text.server"), key) && describesServer(object) {
		return usedAsSystem, ""
	}
	if slices.Contains(w.Words("text.tool"), key) && hasAny(object, w.Words("tool.schema")...) {
		return usedAsSystem, ""
	}
	switch key {
	case "system":
		if isRequest(object) {
			return usedAsSystem, ""
		}
	case "description":
		if hasAny(object, slices.Concat(w.Words("text.whenToUse"), w.Words("text.command"))...) || literalMember(object, "type") == "prompt" {
			return usedAsWhenToUse, ""
		}
	case "prompt":
		switch {
		case hasAny(object, w.Words("mark.style")...):
			return usedAsStyle, ""
		case hasAny(object, w.Words("text.whenToUse")...) && !hasAny(object, slices.Concat(w.Words("tool.schema"), w.Words("tool.shape"))...):
			return usedAsPrompt, ""
		}
	case "content":
		switch {
		case literalMember(object, "type") == "tool_result":
			return usedAsResult, ""
		case literalMember(object, "role") == "system" || literalMember(object, "role") == "developer":
			return usedAsSystem, ""
		case literalMember(object, "role") == "user":
			return usedAsMessage, ""
		case hasAny(object, w.Words("mark.message")...):
			return usedAsMessage, ""
		}
	case "text":
		if literalMember(object, "type") == "text" && !drawn(object) {
			return usedAsBlock, ""
		}
	}
	return 0, ""
}

// textMethods are the names of methods that return a text; what has another name is a text only as a getter.
func (w *promptWriter) textMethods() []string {
	return slices.Concat([]string{"prompt"}, w.Words("text.system"), w.Words("text.message"), w.Words("text.whenToUse"), w.Words("text.agent"))
}

// isRequest tells an object literal that is the body of a request by what stands in it.
func isRequest(object js.Node) bool {
	return hasAny(object, "messages", "model", "max_tokens", "contents")
}

// describesServer tells whether an object literal is what a server is made with: its name and version, or what it can do,
// wherever that stands.
func describesServer(object js.Node) bool {
	if hasAny(object, "capabilities") {
		return true
	}
	args := object.Parent()
	if args.Kind() != js.Arguments || args.Parent().Kind() != js.NewExpression {
		return false
	}
	return args.FirstChild() != object || hasAny(object, "version")
}

// member finds a member of an object literal by its name.
func memberNode(object js.Node, key string) js.Node {
	for c := object.FirstChild(); c.Valid(); c = c.Next() {
		switch c.Kind() {
		case js.Pair:
			if nameOfKey(c.Child(js.FieldKey)) == key {
				return c.Child(js.FieldValue)
			}
		case js.ShorthandPropertyIdentifier:
			if c.Text() == key {
				return c
			}
		case js.MethodDefinition:
			if nameOfKey(c.Child(js.FieldName)) == key {
				return c
			}
		}
	}
	return js.Node{}
}

func nameOfKey(k js.Node) string {
	if k.Kind() == js.String {
		s, _ := js.DecodeString(k.Text())
		return s
	}
	return k.Text()
}

func hasAny(object js.Node, keys ...string) bool {
	for _, k := range keys {
		if memberNode(object, k).Valid() {
			return true
		}
	}
	return false
}

// literalMember is a member that is a string literal, or "".
func literalMember(object js.Node, key string) string {
	if v := memberNode(object, key); v.Kind() == js.String {
		return nameOfKey(v)
	}
	return ""
}

// drawn tells whether an object is what an element of an interface is made with: an argument beside others of a call
// of a method that creates elements.
func drawn(object js.Node) bool {
	args := object.Parent()
	if args.Kind() != js.Arguments {
		return false
	}
	callee := args.Parent().Child(js.FieldFunction)
	switch callee.Child(js.FieldProperty).Text() {
	case "createElement", "jsx", "jsxs", "jsxDEV":
		return true
	}
	return false
}
