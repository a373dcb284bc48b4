package js

import (
	"bytes"
	"slices"

	"github.com/bundlens/bundlens/analyzer/internal/textsearch"
)

// Effects knows which top-level statements of a module may change what a name holds without saying so by a definition:
// statements that have the name in a function which they run, or that call a function which changes it. As with Calls a
// place may be something else. It does not change after it is made.
type Effects struct {
	statements map[string][]int32  // by the names in them, statements in their order
	changing   map[string][]int32  // by the name that they change, statements in their order
	changers   map[string][]string // by the name that they change, functions and what holds some
}

// Bounds of what is looked at.
const (
	maxEffect  = 4 << 10  // bytes of a statement: a longer one is a program, and not what prepares it
	maxChanger = 16 << 10 // bytes of a function
	maxKey     = 200      // bytes of the key under which something is put
)

// IndexEffects finds the statements of a module and what its statements and functions change. writes tells the methods that
// change what they are called on.
func IndexEffects(src []byte, x *Index, writes func(method []byte) bool) *Effects {
	e := &Effects{map[string][]int32{}, map[string][]int32{}, map[string][]string{}}
	defs := x.Defs
	for i, u := range x.Units {
		declared := ""
		for ; len(defs) > 0 && defs[0].Unit <= int32(i); defs = defs[1:] {
			if defs[0].How == Declares && declared == "" {
				declared = defs[0].Name
			}
		}
		text := src[u.Start:u.End]
		if u.Wraps >= 0 || len(text) > maxChanger || u.Kind == UnitImport || u.Kind == UnitExport {
			continue
		}
		names := changed(text, writes)
		if u.Kind != UnitExpr && declared != "" {
			for _, name := range names {
				e.changers[name] = append(e.changers[name], declared)
			}
		}
		if (u.Kind == UnitExpr || u.Kind == UnitVar) && len(text) <= maxEffect {
			e.addStatement(text, int32(i))
			for _, name := range names {
				e.changing[name] = append(e.changing[name], int32(i))
			}
		}
	}
	return e
}

// Statements returns the statements in which a name stands.
func (e *Effects) Statements(name string) []int32 { return e.statements[name] }

// Changing returns the statements that change what a name holds: by a method, under a key, or by a deletion.
func (e *Effects) Changing(name string) []int32 { return e.changing[name] }

// Changers returns the functions, classes and variables whose declarations hold code that changes it so.
func (e *Effects) Changers(name string) []string { return e.changers[name] }

func (e *Effects) addStatement(text []byte, unit int32) {
	for at := 0; at < len(text); at++ {
		if !isNameByte(text[at]) {
			continue
		}
		end := nameEnd(text, at)
		if isWord(text, at, end) {
			list := e.statements[string(text[at:end])]
			if len(list) == 0 || list[len(list)-1] != unit {
				e.statements[string(text[at:end])] = append(list, unit)
			}
		}
		at = end
	}
}

// changed returns the names that a text changes, each once. It skips a name if the text also reads what stands under its
// keys: that is a cache, and says nothing about how the program is put together.
func changed(text []byte, writes func(method []byte) bool) (names []string) {
	kept := map[string]bool{}
	for start, end := range CalledNames(text) {
		name := rootBefore(text, start)
		switch method := text[start:end]; {
		case name == "":
		case string(method) == "get":
			kept[name] = true
		case writes(method):
			names = append(names, name)
		}
	}
	for at := range textsearch.All(text, "]=") {
		open := opening(text, at)
		if open < 0 || at+2 < len(text) && text[at+2] == '=' {
			continue
		}
		name := wordBefore(text, open)
		if name == "" {
			continue
		}
		start := open - len(name)
		if bytes.Count(text, text[start:open+1]) > bytes.Count(text, text[start:at+2]) {
			kept[name] = true
		} else {
			names = append(names, name)
		}
	}
	for at := range textsearch.All(text, "delete ") {
		start := at + len("delete ")
		end := nameEnd(text, start)
		if end < len(text) && (text[end] == '.' || text[end] == '[') && isWord(text, at, at+len("delete")) {
			names = append(names, string(text[start:end]))
		}
	}
	slices.Sort(names)
	return slices.DeleteFunc(slices.Compact(names), func(name string) bool { return kept[name] })
}

// rootBefore is the name that a chain of members begins with, "" where it begins with something else, or is no chain.
func rootBefore(text []byte, member int) string {
	end, start := member, member
	for start > 0 && text[start-1] == '.' {
		end = start - 1
		start = nameStart(text, end)
	}
	if end == member {
		return ""
	}
	return wordBefore(text, end)
}

// wordBefore is the name that ends at a place and is no member, "" where there is none.
func wordBefore(text []byte, end int) string {
	start := nameStart(text, end)
	if start == end || !isWord(text, start, end) {
		return ""
	}
	return string(text[start:end])
}

// opening is where the bracket opens that closes at a place; -1 where it is not near.
func opening(text []byte, closing int) int {
	depth := 0
	for at := closing; at >= max(0, closing-maxKey); at-- {
		switch text[at] {
		case ']':
			depth++
		case '[':
			if depth--; depth == 0 {
				return at
			}
		}
	}
	return -1
}
