package js

import "github.com/bundlens/bundlens/analyzer/internal/textsearch"

// VariableWrite is a place where an environment variable seems to be set.
type VariableWrite struct {
	At   uint32 // where the assignment begins, or the name that is given to a call
	Call bool   // a function is given the variable's name and value: env.set("NAME", value)
}

// VariableWrites finds where environment variables are set by their names, by name: assignments first, as in
// process.env.NAME = ..., then calls whose first argument is a name in capitals. As with Assignments a place may be something
// else.
func VariableWrites(src []byte) map[string][]VariableWrite {
	found := map[string][]VariableWrite{}
	for at := range textsearch.All(src, environment) {
		start := at + len(environment)
		end := nameEnd(src, start)
		sign := afterSpace(src, end)
		if end > start && sign+1 < len(src) && src[sign] == '=' && src[sign+1] != '=' {
			name := string(src[start:end])
			found[name] = append(found[name], VariableWrite{At: uint32(at)})
		}
	}
	for at := range textsearch.All(src, firstArgument) {
		start := at + len(firstArgument)
		end := nameEnd(src, start)
		if IsVariable(string(src[start:end])) && end+1 < len(src) && src[end] == '"' && src[end+1] == ',' {
			name := string(src[start:end])
			found[name] = append(found[name], VariableWrite{At: uint32(at + 1), Call: true})
		}
	}
	return found
}

const (
	environment   = "process.env."
	firstArgument = `("`
)

// shortestVariable bounds the names that count as names of variables.
const shortestVariable = 3

// IsVariable tells a name in capitals, as environment variables have.
func IsVariable(name string) bool {
	for i := range len(name) {
		c := name[i]
		if (c < 'A' || c > 'Z') && (c < '0' || c > '9') && c != '_' {
			return false
		}
	}
	return len(name) >= shortestVariable
}

func nameEnd(src []byte, start int) int {
	for start < len(src) && isNameByte(src[start]) {
		start++
	}
	return start
}

func afterSpace(src []byte, at int) int {
	for at < len(src) && isSpaceByte(src[at]) {
		at++
	}
	return at
}
