package schema

import (
	"bytes"
)

// lineWidth is up to which length, in bytes, an object or list stands on one line.
const lineWidth = 120

// layout writes compact JSON on lines: what is short on one, the members of what is longer on one each, indented.
func layout(compact []byte) []byte {
	var out bytes.Buffer
	out.Grow(len(compact) + len(compact)/4)
	ends := bracketEnds(compact)
	var broken []bool // whether the members of the brackets around stand on lines of their own
	line := func() {
		out.WriteByte('\n')
		for range broken {
			out.WriteByte(' ')
		}
	}
	bracket := 0
	for i := 0; i < len(compact); i++ {
		switch c := compact[i]; c {
		case '"':
			end := stringEnd(compact, i)
			out.Write(compact[i:end])
			i = end - 1
		case '{', '[':
			end := ends[bracket]
			bracket++
			out.WriteByte(c)
			broken = append(broken, end-i > lineWidth)
			if broken[len(broken)-1] {
				line()
			}
		case '}', ']':
			last := len(broken) - 1
			isBroken := broken[last]
			broken = broken[:last]
			if isBroken {
				line()
			}
			out.WriteByte(c)
		case ',':
			out.WriteByte(c)
			if broken[len(broken)-1] {
				line()
			} else {
				out.WriteByte(' ')
			}
		case ':':
			out.WriteString(": ")
		default:
			out.WriteByte(c)
		}
	}
	return out.Bytes()
}

// bracketEnds are the places behind the closing brackets, in the order of the opening ones.
func bracketEnds(compact []byte) []int {
	var ends, open []int
	for i := 0; i < len(compact); i++ {
		switch compact[i] {
		case '"':
			i = stringEnd(compact, i) - 1
		case '{', '[':
			open = append(open, len(ends))
			ends = append(ends, 0)
		case '}', ']':
			ends[open[len(open)-1]] = i + 1
			open = open[:len(open)-1]
		}
	}
	return ends
}

// stringEnd is the place behind a string that begins at i.
func stringEnd(compact []byte, i int) int {
	for i++; compact[i] != '"'; i++ {
		if compact[i] == '\\' {
			i++
		}
	}
	return i + 1
}
