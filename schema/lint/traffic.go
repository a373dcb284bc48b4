package lint

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/bundlens/bundlens/internal/lazyregexp"
)

// Traffic is what one version of a program was seen to send.
type Traffic struct {
	// Name is where it comes from.
	Name string
	// Version is the program's; empty where it is not known.
	Version string
	// Agent is what every request says of who sent it, as NAME/VERSION; empty where they don't or don't agree.
	Agent string
	// Environment are the variables that the program was run with, in every mode, as NAME=VALUE; empty where it is not said.
	Environment []string
	Requests    []Request
}

// Request is one request that a program sent.
type Request struct {
	// Mode is the way in which the program was run. It is empty or one of the plain modes where nothing was changed.
	Mode string
	// Number counts the requests of a mode, from 1.
	Number int
	// Tools are the JSON objects that describe the tools.
	Tools []string
	// System are the blocks of the system prompt.
	System []string
	// Texts are the texts of the messages, in order.
	Texts []Said
}

// Said is a text of a message and who says it, such as "user" or "system".
type Said struct{ Role, Text string }

// instructs says whether a message of this role is the program's own word rather than the user's or the model's.
func instructs(role string) bool { return role == "system" || role == "developer" }

// plainModes are those in which nothing but the program's defaults decides; what they send is the default world.
var plainModes = []string{"", "print", "interactive"}

// Place is a line of a request.
type Place struct {
	Source string `json:"source"`
	Mode   string `json:"mode"`
	// Request, Block and Line count from 1. Block is that of the system prompt, or the text among the messages.
	Request int `json:"request"`
	Block   int `json:"block"`
	Line    int `json:"line"`
}

// sentTool is a distinct body of a tool.
type sentTool struct {
	name        string
	description string
	schema      any
	hasSchema   bool
	modes       []string
	plain       bool
}

// sentLine is a distinct line and where it stood first.
type sentLine struct {
	text  string
	place Place
}

// sent is what traffic holds, each thing once.
type sent struct {
	tools                      []*sentTool
	system, context, reminders []sentLine
	environment                []string // what the program was run with, where any of the traffic says it
}

// reminderTag opens a reminder among the texts of a message.
const reminderTag = "<system-reminder>"

var (
	// foreignTool is a name that belongs to a server the user added, not to the program.
	foreignTool = lazyregexp.New(`^mcp__`)
	// headerLine is a line of the system prompt that only identifies the request; it differs from run to run.
	headerLine    = lazyregexp.New(`^x-[a-z0-9-]+-header`)
	reminderBlock = lazyregexp.New(`(?s)` + reminderTag + `(.*?)</system-reminder>`)
)

// collect goes through requests, the plain ones first, so that a line's place is one that is easy to have again.
func collect(traffic []Traffic) (*sent, error) {
	s, seen, tools := &sent{}, map[string]bool{}, map[string]*sentTool{}
	for _, t := range traffic {
		s.environment = append(s.environment, t.Environment...)
	}
	slices.Sort(s.environment)
	s.environment = slices.Compact(s.environment)
	for _, at := range inOrder(traffic) {
		t, r := at.traffic, at.request
		for _, raw := range r.Tools {
			if err := s.tool(tools, raw, r.Mode); err != nil {
				return nil, fmt.Errorf("%s: %s request %d: %w", t.Name, r.Mode, r.Number, err)
			}
		}
		place := Place{Source: t.Name, Mode: r.Mode, Request: r.Number}
		for i, block := range r.System {
			place.Block = i + 1
			s.system = appendLines(s.system, seen, "s", block, 0, place)
		}
		for i, said := range r.Texts {
			place.Block = i + 1
			text := said.Text
			if instructs(said.Role) {
				s.context = appendLines(s.context, seen, "c", text, 0, place)
			}
			for _, m := range reminderBlock.Get().FindAllStringSubmatchIndex(text, -1) {
				before := strings.Count(text[:m[2]], "\n")
				s.reminders = appendLines(s.reminders, seen, "r", text[m[2]:m[3]], before, place)
			}
		}
	}
	byText := func(a, b sentLine) int { return cmp.Compare(a.text, b.text) }
	slices.SortFunc(s.system, byText)
	slices.SortFunc(s.context, byText)
	slices.SortFunc(s.reminders, byText)
	return s, nil
}

type requestAt struct {
	traffic *Traffic
	request *Request
}

func inOrder(traffic []Traffic) []requestAt {
	var all []requestAt
	for i := range traffic {
		for j := range traffic[i].Requests {
			all = append(all, requestAt{&traffic[i], &traffic[i].Requests[j]})
		}
	}
	rank := func(a requestAt) int {
		if i := slices.Index(plainModes, a.request.Mode); i >= 0 {
			return i
		}
		return len(plainModes)
	}
	slices.SortStableFunc(all, func(a, b requestAt) int { return cmp.Compare(rank(a), rank(b)) })
	return all
}

// tool adds a tool's body, or the mode to one that is known.
func (s *sent) tool(known map[string]*sentTool, raw, mode string) error {
	t, seen := known[raw]
	if !seen {
		body, ok := parseJSON([]byte(raw)).(map[string]any)
		if !ok {
			return fmt.Errorf("a tool is not a JSON object")
		}
		t = s.add(known, body)
		known[raw] = t
	}
	if t == nil {
		return nil
	}
	if !slices.Contains(t.modes, mode) {
		t.modes = append(t.modes, mode)
	}
	t.plain = t.plain || slices.Contains(plainModes, mode)
	return nil
}

// add answers the tool of a body, which may be known in another spelling; nil for one that is not the program's.
func (s *sent) add(known map[string]*sentTool, body map[string]any) *sentTool {
	name, named := body["name"].(string)
	if !named || foreignTool.Get().MatchString(name) {
		return nil
	}
	key := canonical(body)
	if t := known[key]; t != nil {
		return t
	}
	t := &sentTool{name: name}
	t.description, _ = body["description"].(string)
	t.schema, t.hasSchema = body["input_schema"]
	known[key] = t
	s.tools = append(s.tools, t)
	return t
}

// appendLines adds the lines of a block that say enough and were not seen before.
func appendLines(lines []sentLine, seen map[string]bool, kind, block string, before int, place Place) []sentLine {
	for i, line := range strings.Split(block, "\n") {
		text := strip(line)
		if utf8.RuneCountInString(text) < minLine || kind == "s" && headerLine.Get().MatchString(line) || seen[kind+text] {
			continue
		}
		seen[kind+text] = true
		place.Line = before + i + 1
		lines = append(lines, sentLine{text, place})
	}
	return lines
}
