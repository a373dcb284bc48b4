package facts

import (
	"bytes"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/bundlens/bundlens/analyzer/internal/eval"
	"github.com/bundlens/bundlens/analyzer/internal/js"
	"github.com/bundlens/bundlens/analyzer/internal/scope"
)

// A program says what the options of its command are by default where it describes them to whoever calls it: in a table
// of objects by the names of the options, or in calls with a name and an object. What is read of options that are not
// known has those values in the default world.

// optionText is the member of an option that tells people about it.
const optionText = "describe"

// maxTables bounds the tables of options that are evaluated.
const maxTables = 24

// commandOptions are the defaults of the program's options, by the names under which they are read. One that is described
// twice, with two defaults, has none.
func (f *finder) commandOptions() map[string]eval.Value {
	options := map[string]eval.Value{}
	add := func(option string, value eval.Value) {
		name := memberName(option)
		if old, known := options[name]; known && old != value {
			value = nil
		}
		options[name] = value
	}
	tables := map[js.Node]bool{}
	for _, m := range f.Program.Modules {
		for at := range js.Words(m.Text, optionText) {
			if rest := bytes.TrimLeft(m.Text[at+len(optionText):], "\"' "); len(rest) == 0 || rest[0] != ':' {
				continue
			}
			option, unit := optionAt(m, uint32(at))
			switch p := option.Parent(); {
			case !option.Valid():
			case p.Kind() == js.Arguments && p.FirstChild().Kind() == js.String && p.FirstChild().Next() == option:
				add(nameOfKey(p.FirstChild()), defaultOf(f.eval1(m, unit, option)))
			case p.Kind() == js.Pair && !tables[p.Parent()] && len(tables) < maxTables:
				tables[p.Parent()] = true
				f.optionsIn(f.eval1(m, unit, p.Parent()), add)
			}
		}
	}
	return options
}

// optionAt is the object literal of the option whose text stands at a place, if there is one.
func optionAt(m *scope.Module, at uint32) (option js.Node, unit int32) {
	tree, unit := m.TreeAt(at)
	if tree == nil {
		return option, unit
	}
	for option = nodeAt(tree, at); option.Valid() && option.Kind() != js.Object; {
		option = option.Parent()
	}
	if !memberNode(option, optionText).Valid() {
		return js.Node{}, unit
	}
	return option, unit
}

// optionsIn visits the options in a table.
func (f *finder) optionsIn(table eval.Value, visit func(name string, value eval.Value)) {
	o, ok := (eval.World{}).Pick(table).(*eval.Object)
	if !ok || o.Kind != eval.KindObject {
		return
	}
	for _, name := range o.Keys() {
		option := f.member(o, name)
		if one, ok := (eval.World{}).Pick(option).(*eval.Object); ok && one.Own(optionText) != nil {
			visit(name, defaultOf(option))
		}
	}
}

// defaultOf is the default of an option where that is a yes or no, or a text; nil for anything else.
func defaultOf(option eval.Value) eval.Value {
	o, ok := (eval.World{}).Pick(option).(*eval.Object)
	if !ok || o.Own("default") == nil {
		return nil
	}
	switch v := (eval.World{}).Pick(o.Own("default").Value).(type) {
	case eval.Bool, eval.String:
		return v
	}
	return nil
}

// memberName is the name under which an option is read: without hyphens, each with a capital letter in its place.
func memberName(option string) string {
	head, rest, hyphen := strings.Cut(option, "-")
	for hyphen {
		var word string
		word, rest, hyphen = strings.Cut(rest, "-")
		first, size := utf8.DecodeRuneInString(word)
		if size > 0 {
			head += string(unicode.ToUpper(first)) + word[size:]
		}
	}
	return head
}
