package redact

import (
	"encoding/base64"
	"iter"
	"strings"
	"unicode/utf8"
)

// base64Runs are the parts of a text that may be an encoded text.
func base64Runs(text string) iter.Seq[span] {
	return func(yield func(span) bool) {
		for i := 0; i < len(text); i++ {
			start := i
			for i < len(text) && isBase64(text[i]) {
				i++
			}
			if i-start < shortestRun {
				continue
			}
			for pad := 0; pad < 2 && i < len(text) && text[i] == '='; pad++ {
				i++
			}
			if !yield(span{start, i}) {
				return
			}
		}
	}
}

func isBase64(c byte) bool {
	return 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9' || c == '+' || c == '/' || c == '_' || c == '-'
}

// decoded answers what a base64 text says, if it is a readable text.
func decoded(run string) (string, bool) {
	run = strings.TrimRight(run, "=")
	encoding := base64.RawStdEncoding
	if strings.ContainsAny(run, "-_") {
		encoding = base64.RawURLEncoding
	}
	if len(run)%4 == 1 {
		return "", false
	}
	// A picture of megabytes is none after its first bytes.
	if head, err := encoding.DecodeString(run[:min(len(run), 64)&^3]); err != nil || !readable(head, true) {
		return "", false
	}
	data, err := encoding.DecodeString(run)
	return string(data), err == nil && readable(data, false)
}

// readable says whether bytes are text; cut says that the last character may be half of one.
func readable(data []byte, cut bool) bool {
	for i := 0; i < len(data); {
		c, n := utf8.DecodeRune(data[i:])
		if c == utf8.RuneError && n == 1 {
			return cut && len(data)-i < utf8.UTFMax && i > 0
		}
		if c < ' ' && c != '\n' && c != '\t' && c != '\r' && c != 0x1b || c == 0x7f {
			return false
		}
		i += n
	}
	return true
}
