package schema

import "strings"

// Text is a text as it is in the world. What is known only when the program runs stands there as ${NAME}.
func (a *Answers) Text(parts []Part) string {
	var b strings.Builder
	a.writeText(&b, parts, false)
	return b.String()
}

// Whole is Text for a prompt that sections make up: a word or two of which nobody knows which it is stand open there.
func (a *Answers) Whole(parts []Part) string {
	var b strings.Builder
	a.writeText(&b, parts, true)
	return b.String()
}

func (a *Answers) writeText(b *strings.Builder, parts []Part, open bool) {
	for i := range parts {
		switch p := &parts[i]; {
		case p.Hole != nil:
			b.WriteString(a.hole(p.Hole))
		case p.Each != nil:
			b.WriteString("${" + p.Each.Name + "}")
		case p.Choice != nil:
			a.choice(b, p.Choice, open)
		default:
			b.WriteString(p.Lit)
		}
	}
}

// hole is what stands in the place of a hole: the value that the world sets, the one by default, or the hole's name.
func (a *Answers) hole(h *Hole) string {
	if h.Value != nil {
		if v, ok := a.world.Set[h.Value.Kind+"."+h.Value.Name]; ok && v != "undefined" {
			return v
		}
	}
	if h.Default != "" {
		return h.Default
	}
	return "${" + h.Name + "}"
}

// choice writes the branch that holds. A piece that is there if it is given stands there as a hole, unless it is decided
// that it is not: to leave it out would say that it never is. For the same reason a piece of a prompt stands there whose
// condition was evaluated to an exception.
func (a *Answers) choice(b *strings.Builder, branches []Branch, open bool) {
	taken, decided := -1, true
	for i := range branches {
		holds, d := a.Holds(&branches[i].When)
		decided = decided && d
		if holds && taken < 0 {
			taken = i
		}
	}
	if !decided && open {
		if words(branches) {
			b.WriteString("${" + eitherOf(branches) + "}")
			return
		}
		if piece := onlyPiece(branches); piece >= 0 && a.mayHold(&branches[piece].When) {
			taken = piece
		}
	}
	if given := ifGiven(branches); !decided && given != nil {
		a.writeText(b, given, open)
		return
	}
	if taken >= 0 {
		a.writeText(b, branches[taken].Parts, open)
	}
}

// ifGiven are the holes of a choice between these and nothing; nil for another choice.
func ifGiven(branches []Branch) []Part {
	if piece := onlyPiece(branches); len(branches) == 2 && piece >= 0 && onlyHoles(branches[piece].Parts) {
		return branches[piece].Parts
	}
	return nil
}

// onlyPiece is the branch of a choice between something and nothing, -1 for another choice.
func onlyPiece(branches []Branch) int {
	piece := -1
	for i := range branches {
		if len(branches[i].Parts) == 0 {
			continue
		}
		if piece >= 0 {
			return -1
		}
		piece = i
	}
	return piece
}

func onlyHoles(parts []Part) bool {
	for i := range parts {
		if parts[i].Hole == nil {
			return false
		}
	}
	return true
}

// maxWord is the length up to which a text counts as a word or two, in bytes.
const maxWord = 40

// words says whether all branches of a choice are a word or two.
func words(branches []Branch) bool {
	for i := range branches {
		if !isWord(branches[i].Parts) {
			return false
		}
	}
	return true
}

func isWord(parts []Part) bool {
	for i := range parts {
		switch p := &parts[i]; {
		case p.Each != nil, len(p.Lit) > maxWord, strings.Contains(p.Lit, "\n"), p.Choice != nil && !words(p.Choice):
			return false
		}
	}
	return len(parts) > 0
}

// eitherOf names a choice between words after them: ENABLED_OR_DISABLED.
func eitherOf(branches []Branch) string {
	var names []string
	for i := range branches {
		if name := upperSnake(strings.Join(lits(branches[i].Parts), " ")); name != "" {
			names = append(names, name)
		}
	}
	if len(names) == 0 {
		return "VALUE"
	}
	return strings.Join(names, "_OR_")
}

func lits(parts []Part) (list []string) {
	for lit := range Literals(parts) {
		list = append(list, lit)
	}
	return list
}

// upperSnake are the letters and digits of a text in upper case, with underscores between words.
func upperSnake(s string) string {
	return strings.ToUpper(strings.Join(strings.FieldsFunc(s, func(c rune) bool {
		return !(c >= '0' && c <= '9' || c >= 'A' && c <= 'Z' || c >= 'a' && c <= 'z')
	}), "_"))
}
