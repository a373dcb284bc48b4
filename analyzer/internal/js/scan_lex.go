package js

import "math"

// A token's kind is its own byte for a punctuator of one character, else one of these.
type token uint8

const (
	tokEOF token = iota
	tokWord
	tokNumber
	tokString
	tokTemplate // a whole template, with all that its ${} hold
	tokRegex
	tokArrow
	tokAssign   // an assignment operator other than =
	tokOperator // a binary operator, or one that may be unary too
	tokIncDec
	tokSpread
	tokOptionalDot
)

// frame says what an open bracket is, which decides what a slash after its closer means.
type frame uint8

const (
	frameParen    frame = iota // a slash after it divides
	frameControl               // the head of if, while, for or with: a slash after it starts a regex
	frameBracket               // a slash after it divides
	frameBlock                 // a block, or the body of a function or class: a slash after it starts a regex
	frameObject                // an object literal: a slash after it divides
	frameBody                  // the body of a function or class that is an operand: a slash after it divides
	frameTemplate              // ${ in a template
)

// lexContext is what the tokens before a position say about the next one.
type lexContext struct {
	operand bool // an operand comes next: a slash starts a regex
	object  bool // a brace here opens an object literal
	control bool // a parenthesis here is the head of if, while, for or with
	dot     bool // a property name comes next, so that no word is a keyword
}

var (
	afterOperand  = lexContext{}
	afterOperator = lexContext{operand: true, object: true}
	atStatement   = lexContext{operand: true}
)

// lexer reads tokens. It tells a regex from a division, and an object from a block, by the token before; that is
// right for all but contrived code, and where it goes wrong the brackets nearly always don't come out even.
type lexer struct {
	src        []byte
	pos        int // of the byte after the current token
	tok        token
	start, end int  // of the current token
	newline    bool // a line ends between the token before and the current one
	prevEnd    int  // end of the token before
	context    lexContext
	frames     []frame
	operands   []int // functions and classes that are operands and whose body comes: how many brackets are open around each
	bad        bool  // brackets that don't match, or a literal that doesn't end

	// assigns is set when an operator that assigns is passed over in a group, outside the functions in it.
	assigns bool

	// inTemplates reads the tokens inside a template's ${} one by one. Then a template's own token is its last part.
	inTemplates bool
}

// next reads one token.
func (l *lexer) next() {
	l.prevEnd = l.end
	l.lex(math.MaxInt)
}

// skipGroup moves from an opening bracket to its closer.
func (l *lexer) skipGroup() {
	l.prevEnd = l.end
	l.lex(len(l.frames) - 1)
}

// word returns the current token's text.
func (l *lexer) word() string { return text(l.src[l.start:l.end]) }

// is says that the current token is a given word.
func (l *lexer) is(word string) bool {
	return l.tok == tokWord && string(l.src[l.start:l.end]) == word
}

// fail ends the reading: what follows can't be told.
func (l *lexer) fail() {
	l.bad = true
	l.pos = len(l.src)
	l.tok, l.start, l.end = tokEOF, l.pos, l.pos
}

// lex reads tokens until one leaves at most depth brackets open. It is one long function because every byte of
// every module passes through it: its state stays in registers, and what is nested is skipped without a call.
func (l *lexer) lex(depth int) {
	src, i, context, frames := l.src, l.pos, l.context, l.frames
	newline, tok, start := false, tokEOF, 0
	templateStart := -1
scan:
	for i < len(src) {
		c := src[i]
		start = i
		switch classes[c] {
		case classSpace:
			i++
			continue
		case classLine:
			newline = true
			i++
			continue
		case classWord:
			i++
			for i < len(src) && wordByte[src[i]] {
				i++
			}
			if i < len(src) && (src[i] >= 0x80 || src[i] == '\\') {
				i = wordEnd(src, i)
			}
			tok = tokWord
			if context.dot {
				context = afterOperand
			} else if n := i - start; n <= 10 && keywordLengths[c]&(1<<n) != 0 {
				if c == 'f' && n == len("function") || c == 'c' && n == len("class") {
					l.operand(src[start:i], context, len(frames))
				}
				context = afterWord(src[start:i], context, frames)
			} else {
				context = afterOperand
			}
		case classOther: // not ASCII, or an escape at a word's start
			if n, line := spaceLength(src, i); n > 0 {
				i += n
				newline = newline || line
				continue
			}
			i = wordEnd(src, i)
			if i == start {
				i++
			}
			tok, context = tokWord, afterOperand
		case classDigit:
			i = numberEnd(src, i)
			tok, context = tokNumber, afterOperand
		case classQuote:
			i++
			for i < len(src) && src[i] != c {
				if src[i] == '\\' {
					i++
				} else if src[i] == '\n' {
					break
				}
				i++
			}
			if i >= len(src) || src[i] != c {
				i = -1
				break scan
			}
			i++
			tok, context = tokString, afterOperand
		case classTemplate:
			if len(frames) < depth && !l.inTemplates { // what the template holds is passed over
				depth, templateStart = len(frames), i
			}
			i++
			goto template
		case classSlash:
			if i+1 < len(src) && src[i+1] == '/' {
				i = lineEnd(src, i)
				continue
			}
			if i+1 < len(src) && src[i+1] == '*' {
				end, line := commentEnd(src, i+2)
				if end < 0 {
					i = -1
					break scan
				}
				newline = newline || line
				i = end
				continue
			}
			if context.operand {
				if i = regexEnd(src, i+1); i < 0 {
					break scan
				}
				tok, context = tokRegex, afterOperand
				break
			}
			i++
			tok, context = tokOperator, afterOperator
			if i < len(src) && src[i] == '=' {
				i++
				tok = tokAssign
				l.assigns = l.assigns || !inBlock(frames, depth)
			}
		case classOpen:
			kind := frameParen
			if c == '[' {
				kind = frameBracket
			} else if context.control {
				kind = frameControl
			}
			frames = append(frames, kind)
			i++
			tok, context = token(c), afterOperator
		case classBrace:
			kind := frameBlock
			if context.object {
				kind = frameObject
			} else if len(l.operands) > 0 && l.opensOperand(len(frames)) {
				kind = frameBody
			}
			frames = append(frames, kind)
			i++
			tok, context = token(c), atStatement
		case classClose:
			if len(frames) == 0 || frames[len(frames)-1] > frameBracket || (c == ']') != (frames[len(frames)-1] == frameBracket) {
				i = -1
				break scan
			}
			context = lexContext{operand: frames[len(frames)-1] == frameControl}
			frames = frames[:len(frames)-1]
			i++
			tok = token(c)
		case classBraceClose:
			if len(frames) == 0 || frames[len(frames)-1] < frameBlock {
				i = -1
				break scan
			}
			kind := frames[len(frames)-1]
			frames = frames[:len(frames)-1]
			i++
			if kind == frameTemplate {
				goto template
			}
			tok, context = token(c), lexContext{operand: kind == frameBlock}
		case classSemicolon:
			i++
			tok, context = token(c), atStatement
		case classComma: // and the colon
			i++
			tok, context = token(c), afterOperator
		case classDot:
			if i+1 < len(src) && src[i+1]-'0' <= 9 {
				i = numberEnd(src, i+1)
				tok, context = tokNumber, afterOperand
			} else if i+2 < len(src) && src[i+1] == '.' && src[i+2] == '.' {
				i += 3
				tok, context = tokSpread, afterOperator
			} else {
				i++
				tok, context = token(c), lexContext{dot: true}
			}
		case classEquals:
			i++
			tok = token(c)
			if i < len(src) && src[i] == '>' {
				i++
				tok, context = tokArrow, atStatement
				break
			}
			for i < len(src) && src[i] == '=' && i < start+3 {
				i++
				tok = tokOperator
			}
			context = afterOperator
			l.assigns = l.assigns || tok == token(c) && !inBlock(frames, depth)
		case classPlus: // and minus
			i++
			if i < len(src) && src[i] == c {
				if c == '-' && i+1 < len(src) && src[i+1] == '>' && firstOnLine(src, start) {
					i = lineEnd(src, i) // --> closes an HTML comment
					continue
				}
				i++
				tok = tokIncDec // an operand before it stays one, and so does its want
				context.control, context.dot = false, false
				l.assigns = l.assigns || !inBlock(frames, depth)
				break
			}
			tok, context = tokOperator, afterOperator
			if i < len(src) && src[i] == '=' {
				i++
				tok = tokAssign
				l.assigns = l.assigns || !inBlock(frames, depth)
			}
		case classOperator:
			if c == '<' && i+3 < len(src) && src[i+1] == '!' && src[i+2] == '-' && src[i+3] == '-' && firstOnLine(src, i) {
				i = lineEnd(src, i)
				continue
			}
			i++
			if c == '?' && i < len(src) && src[i] == '.' && !(i+1 < len(src) && src[i+1]-'0' <= 9) {
				i++
				tok, context = tokOptionalDot, lexContext{dot: true}
				break
			}
			for i < len(src) && src[i] == c && i < start+3 {
				i++
			}
			double := i > start+1
			tok, context = tokOperator, afterOperator
			if i < len(src) && src[i] == '=' {
				i++
				if double || c != '<' && c != '>' {
					tok = tokAssign
					l.assigns = l.assigns || !inBlock(frames, depth)
				}
			} else if c == '?' && !double {
				tok = token(c)
			}
		case classNot: // ! and ~
			i++
			tok, context = token(c), afterOperator
			if c == '!' {
				for i < len(src) && src[i] == '=' && i < start+3 {
					i++
					tok = tokOperator
				}
			}
		}
		if len(frames) <= depth {
			l.pos, l.tok, l.start, l.end, l.newline, l.context, l.frames = i, tok, start, i, newline, context, frames
			return
		}
		continue
	template:
		for {
			if i >= len(src) {
				i = -1
				break scan
			}
			switch src[i] {
			case '\\':
				i += 2
				continue
			case '$':
				if i+1 < len(src) && src[i+1] == '{' {
					i += 2
					frames = append(frames, frameTemplate)
					context = afterOperator
					continue scan
				}
			case '`':
				i++
				tok, context = tokTemplate, afterOperand
				if len(frames) <= depth {
					if templateStart >= 0 {
						start = templateStart
					}
					l.pos, l.tok, l.start, l.end, l.newline, l.context, l.frames = i, tok, start, i, newline, context, frames
					return
				}
				continue scan
			}
			i++
		}
	}
	if i < 0 || len(frames) > depth || templateStart >= 0 {
		l.frames = frames
		l.fail()
		return
	}
	l.pos, l.tok, l.start, l.end, l.newline, l.context, l.frames = i, tokEOF, i, i, true, context, frames
}

// operand notes a function or class that is an operand, so that what its body's end means is known.
func (l *lexer) operand(word []byte, before lexContext, depth int) {
	if before.object && (string(word) == "function" || string(word) == "class") {
		l.operands = append(l.operands, depth)
	}
}

// opensOperand tells whether a brace inside depth brackets opens the body of such a function or class.
func (l *lexer) opensOperand(depth int) bool {
	n := len(l.operands)
	for n > 0 && l.operands[n-1] > depth { // what has no body is no program
		n--
	}
	found := n > 0 && l.operands[n-1] == depth
	if found {
		n--
	}
	l.operands = l.operands[:n]
	return found
}

// inBlock tells whether a block is among the brackets that are open beyond depth.
func inBlock(frames []frame, depth int) bool {
	for i := len(frames) - 1; i > depth; i-- {
		if frames[i] == frameBlock || frames[i] == frameBody {
			return true
		}
	}
	return false
}

// peek returns the offset of the first byte of the token after the current one, and whether a line ends before.
func (l *lexer) peek() (at int, newline bool) {
	i := l.pos
	for i < len(l.src) {
		c := l.src[i]
		switch {
		case c == ' ' || c == '\t' || c == '\f' || c == '\v':
			i++
		case c == '\n' || c == '\r':
			newline = true
			i++
		case c == '/' && i+1 < len(l.src) && l.src[i+1] == '/':
			i = lineEnd(l.src, i)
		case c == '/' && i+1 < len(l.src) && l.src[i+1] == '*':
			end, line := commentEnd(l.src, i+2)
			if end < 0 {
				return len(l.src), newline
			}
			i, newline = end, newline || line
		case c >= 0x80:
			n, line := spaceLength(l.src, i)
			if n == 0 {
				return i, newline
			}
			i, newline = i+n, newline || line
		default:
			return i, newline
		}
	}
	return i, newline
}

// peekByte returns the first byte of the token after the current one, or 0.
func (l *lexer) peekByte() byte {
	if at, _ := l.peek(); at < len(l.src) {
		return l.src[at]
	}
	return 0
}

// peekWord says that the token after the current one is a given word on the same line.
func (l *lexer) peekWord(word string) bool {
	at, newline := l.peek()
	end := at + len(word)
	return !newline && end <= len(l.src) && string(l.src[at:end]) == word &&
		(end == len(l.src) || !wordByte[l.src[end]] && l.src[end] < 0x80 && l.src[end] != '\\')
}

// afterWord returns the context after a word that may be a keyword.
func afterWord(word []byte, before lexContext, frames []frame) lexContext {
	switch string(word) {
	case "return", "typeof", "case", "in", "delete", "void", "throw", "new", "instanceof", "yield", "await", "default", "extends":
		return afterOperator
	case "do", "else":
		return atStatement
	case "of": // a name everywhere but after an operand in the head of a for
		if !before.operand && len(frames) > 0 && frames[len(frames)-1] == frameControl {
			return afterOperator
		}
	case "if", "while", "for", "with":
		return lexContext{control: true}
	}
	return afterOperand
}
