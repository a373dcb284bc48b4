package queries

import (
	_ "embed"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/bundlens/bundlens/internal/lazyregexp"
)

//go:embed vocabulary.json
var vocabularyText []byte

// Vocabulary is where programs give a model something, as data: the names of members and methods, in groups. Queries are
// made of it: where one says $GROUP, the names of the group stand. A name such as "config.tools" is that of a member of a
// member. It does not change after it is made, and may be shared between goroutines.
//
//	tool.schema       members of a tool that hold its input schema, what is sent first
//	tool.shape        members of what has a tool's name and text that hold its input schema
//	schema.held       members of a schema that hold it as JSON Schema
//	tool.register     methods that register a tool: (name, config, callback), (name, description, shape, callback) or (config)
//	tool.wrapper      members of an element of a list of tools that hold the tool itself
//	tool.enabled      members of a tool or a command that say whether it is there
//	answer.request    names of the request that a server answers with its tools
//	answer.register   methods that say how a request is answered: (request, handler)
//	answer.tools      members of the answer that hold them
//	request.send      methods that send a request, whose body is their first argument
//	request.member    members of a request; an object with two of them may be one
//	request.messages  members of a request that hold its messages
//	request.tools     members of a request that hold its tools
//	request.system    members of a request that hold what the model is told before all else
//	text.system       members of any object that hold a system prompt
//	text.tool         members of a tool that hold what the system prompt says of it
//	text.agent        methods that answer the system prompt of a sub-agent
//	text.message      members that hold a message in the user's place
//	text.whenToUse    members that say when an agent or a command is of use
//	text.context      members that hold what is added to a conversation
//	text.command      methods that answer what a command sends
//	mark.agent        members that only a sub-agent has
//	mark.style        members beside the prompt of an output style
//	mark.message      members beside the content of a message that the program wrote
//	mark.notice       members beside the content of a message of type "system" that people are shown
//	mark.decision     members that say whether something is allowed
type Vocabulary struct{ groups map[string][]string }

var defaultVocabulary = sync.OnceValue(func() *Vocabulary {
	v := &Vocabulary{map[string][]string{}}
	if err := json.Unmarshal(vocabularyText, &v.groups); err != nil {
		panic("queries: " + err.Error()) // the file is embedded, and tested
	}
	return v
})

// Names are the names of a group, in order; those of the default vocabulary where v is nil.
func (v *Vocabulary) Names(group string) []string {
	if v == nil {
		v = defaultVocabulary()
	}
	return v.groups[group]
}

// vocabularyName is the name of a member or method, or of a member of a member.
var vocabularyName = lazyregexp.New(`^[\p{L}_$][\p{L}\p{N}_$]*(\.[\p{L}_$][\p{L}\p{N}_$]*)*$`)

// requestName is the name of a request, as servers have them: words with slashes between them.
var requestName = lazyregexp.New(`^[\p{L}_$][\p{L}\p{N}_$]*(/[\p{L}_$][\p{L}\p{N}_$]*)*$`)

// mayName tells whether a name can be one of a group.
func mayName(group, name string) bool {
	if group == "answer.request" {
		return requestName.Get().MatchString(name)
	}
	nested := group == "request.tools" || group == "request.system"
	return vocabularyName.Get().MatchString(name) && (nested || !strings.Contains(name, "."))
}

// Extend is a vocabulary with a user's entries behind its own: an object of lists of names by their groups, in JSON. It is
// an error if a group is none, or a name can't be one.
func (v *Vocabulary) Extend(text []byte) (*Vocabulary, error) {
	if v == nil {
		v = defaultVocabulary()
	}
	var more map[string][]string
	if err := json.Unmarshal(text, &more); err != nil {
		return nil, fmt.Errorf("the vocabulary is no object of lists of names: %w", err)
	}
	out := &Vocabulary{maps.Clone(v.groups)}
	for _, group := range slices.Sorted(maps.Keys(more)) {
		have, ok := out.groups[group]
		if !ok {
			return nil, fmt.Errorf("the vocabulary has no group %q; it has %s", group, strings.Join(slices.Sorted(maps.Keys(v.groups)), ", "))
		}
		have = slices.Clone(have)
		for _, name := range more[group] {
			switch {
			case !mayName(group, name):
				return nil, fmt.Errorf("group %q of the vocabulary: %q is not the name of a member", group, name)
			case len(name) < minAnchor-1:
				return nil, fmt.Errorf("group %q of the vocabulary: %q is too short to be looked for", group, name)
			case !slices.Contains(have, name):
				have = append(have, name)
			}
		}
		out.groups[group] = have
	}
	return out, nil
}

// placeholder is where the names of a group stand in a query.
var placeholder = lazyregexp.New(`\$[a-z]+\.[a-zA-Z]+`)

// Expand is a query with the names of its groups in place. What a user added to them is looked for, too: the anchors of
// the query's header are those of the default vocabulary.
func (v *Vocabulary) Expand(query string) string {
	if !placeholder.Get().MatchString(query) {
		return query
	}
	var added []string
	query = placeholder.Get().ReplaceAllStringFunc(query, func(group string) string {
		var quoted []string
		for i, name := range v.Names(group[1:]) {
			name, _, _ = strings.Cut(name, ".")
			if i >= len(defaultVocabulary().groups[group[1:]]) {
				added = append(added, anchorsOf(name)...)
			}
			quoted = append(quoted, strconv.Quote(name))
		}
		slices.Sort(quoted)
		return strings.Join(slices.Compact(quoted), " ")
	})
	have := map[string]bool{}
	for line := range strings.Lines(query) {
		for word := range strings.FieldsSeq(line) {
			have[word] = have[word] || strings.HasPrefix(line, "; anchors:")
		}
	}
	slices.Sort(added)
	added = slices.DeleteFunc(slices.Compact(added), func(a string) bool { return have[a] })
	if at := strings.Index(query, "; anchors:"); at >= 0 && len(added) > 0 {
		query = query[:at] + "; anchors: " + strings.Join(added, " ") + "\n" + query[at:]
	}
	return query
}

// plainAnchor is how long a name has to be to be looked for by itself. A shorter one stands in many places, and counts
// where it is a key, is called or is assigned.
const plainAnchor = 8

// anchorsOf are the texts by which a name is looked for.
func anchorsOf(name string) []string {
	if len(name) >= plainAnchor {
		return []string{name}
	}
	return []string{name + ":", name + ",", "." + name + "(", "." + name + "=", strconv.Quote("." + name + " =")}
}
