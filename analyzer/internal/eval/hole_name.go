package eval

import (
	"strings"
	"unicode"
)

// HoleName makes an UPPER_SNAKE name of an expression, as Unknown.Expr has it: of the last member or function that
// says what the value is. What only changes how a value is written is left out, so that
// "argument.title.trim()" and "Math.round(argument.title)" are both TITLE. "VALUE" stands for what has no name.
func HoleName(expr string) string {
	name := upperSnake(subject(expr))
	if name == "" || unicode.IsDigit(rune(name[0])) {
		return "VALUE"
	}
	return name
}

// reshaping are methods whose result is their object, written in another way or taken in part.
var reshaping = wordSet(`replace replaceAll trim trimStart trimEnd toString toFixed toPrecision toLowerCase toUpperCase toLocaleString
	toLocaleLowerCase toLocaleUpperCase toLocaleDateString toLocaleTimeString toISOString toJSON padStart padEnd split slice substring substr
	normalize match matchAll map flatMap filter reduce flat sort toSorted reverse join concat at charAt codePointAt repeat valueOf`)

// passing are functions whose result is their first argument, written or looked up in another way.
var passing = wordSet(`String Number Boolean BigInt parseInt parseFloat encodeURIComponent decodeURIComponent exec format segment get`)

// passingObjects are objects of the language all of whose functions are like those.
var passingObjects = wordSet("Math JSON Object Array Buffer Number String")

// generic are names that say nothing of a value where another is to be had.
var generic = wordSet("undefined null text alternatives local value item element error")

func wordSet(s string) map[string]bool {
	set := map[string]bool{}
	for _, w := range strings.Fields(s) {
		set[w] = true
	}
	return set
}

// subject is the word that says what an expression is, "" where none does.
func subject(expr string) string {
	best := ""
	for _, operand := range operands(expr) {
		s := chainSubject(postfixes(operand))
		if s != "" && !isGeneric(s) {
			return s
		}
		if best == "" {
			best = s
		}
	}
	return best
}

func isGeneric(word string) bool {
	return generic[word] || strings.TrimRight(word, "0123456789") == "argument"
}

// operands are those of the operators at the top of an expression, in their order.
func operands(expr string) (list []string) {
	start := 0
	for at := 0; at < len(expr); {
		if expr[at] != ' ' {
			at = pastUnit(expr, at)
			continue
		}
		if word := expr[start:at]; word != "new" && word != "typeof" && word != "await" {
			list = append(list, word)
		}
		at++
		start = at
	}
	return append(list, expr[start:])
}

// postfix is a part of a chain such as path.join(a)["0"].
type postfix struct {
	kind byte // 'n' a name, '(' a call or a group, '[' an index, 0 anything else
	text string
}

// postfixes takes a chain apart. A group, at the start, is taken apart as what it holds.
func postfixes(chain string) (list []postfix) {
	for at := 0; at < len(chain); {
		end := pastUnit(chain, at)
		switch c := chain[at]; {
		case c == '(' && at == 0:
			list = append(list, postfix{'n', subject(inside(chain[:end]))})
		case c == '(' || c == '[' && at > 0:
			list = append(list, postfix{c, inside(chain[at:end])})
		case isNameRune(rune(c)) || c >= 0x80:
			list = append(list, postfix{'n', chain[at:end]})
		case c == '.' || c == '?':
		default:
			list = append(list, postfix{0, chain[at:end]})
		}
		at = end
	}
	return list
}

// chainSubject is the subject of a chain.
func chainSubject(chain []postfix) string {
	for len(chain) > 0 {
		last := chain[len(chain)-1]
		chain = chain[:len(chain)-1]
		switch last.kind {
		case 'n':
			if before := chainSubject(chain); (last.text == "length" || last.text == "size") && before != "" && !isGeneric(before) {
				return before + "_" + last.text
			}
			return last.text
		case '(':
			name, object, is := called(chain)
			switch {
			case !is:
			case name == "" || passing[name] || passingObjects[object]:
				if s := subject(firstOf(last.text)); s != "" && s != "..." {
					return s
				}
				return name
			case object == "path" && name != "basename" && name != "extname":
				return "path"
			case !reshaping[name]:
				return name
			default:
				chain = chain[:len(chain)-1]
			}
		case '[':
			if key := strings.Trim(last.text, `"`); key != last.text && strings.IndexFunc(key, func(r rune) bool { return !isNameRune(r) }) < 0 && strings.Trim(key, "0123456789") != "" {
				return key
			}
			if len(chain) == 1 && chain[0].kind == 0 {
				return subject(last.text)
			}
		}
	}
	return ""
}

// called is the function that a call after a chain calls, and the name of the object whose it is.
func called(chain []postfix) (name, object string, is bool) {
	n := len(chain)
	if n == 0 || chain[n-1].kind != 'n' {
		return "", "", false
	}
	if n == 2 && chain[0].kind == 'n' {
		object = chain[0].text
	}
	return chain[n-1].text, object, true
}

// firstOf is that of a call's arguments.
func firstOf(arguments string) string {
	for at := 0; at < len(arguments); at = pastUnit(arguments, at) {
		if arguments[at] == ',' {
			return arguments[:at]
		}
	}
	return arguments
}

func inside(bracketed string) string {
	if len(bracketed) < 2 {
		return ""
	}
	return bracketed[1 : len(bracketed)-1]
}

// pastUnit is the offset behind the name, literal, bracket or character that begins at one of an expression.
func pastUnit(expr string, at int) int {
	switch c := expr[at]; c {
	case '(', '[', '{':
		closing := map[byte]byte{'(': ')', '[': ']', '{': '}'}[c]
		for i := at + 1; i < len(expr); i = pastUnit(expr, i) {
			if expr[i] == closing {
				return i + 1
			}
		}
		return len(expr)
	case '"', '\'', '`', '/':
		for i := at + 1; i < len(expr); i++ {
			switch expr[i] {
			case '\\':
				i++
			case c:
				return i + 1
			}
		}
		if c == '/' {
			return at + 1
		}
		return len(expr)
	}
	end := at
	for end < len(expr) && (isNameRune(rune(expr[end])) || expr[end] >= 0x80) {
		end++
	}
	return max(end, at+1)
}

func isNameRune(r rune) bool {
	return r == '_' || r == '$' || unicode.IsLetter(r) || unicode.IsDigit(r)
}

func upperSnake(s string) string {
	var b strings.Builder
	lower := false
	for _, r := range s {
		if unicode.IsUpper(r) && lower {
			b.WriteByte('_')
		}
		lower = unicode.IsLower(r) || unicode.IsDigit(r)
		if r == '$' {
			r = '_'
		}
		b.WriteRune(unicode.ToUpper(r))
	}
	return strings.Trim(b.String(), "_")
}
