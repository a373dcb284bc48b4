package js

import (
	"strings"
	"testing"
	"unicode/utf8"
)

func TestDecodeString(t *testing.T) {
	for _, c := range []struct{ lit, want string }{
		{`""`, ""},
		{`"plain"`, "plain"},
		{`"'quoted'"`, "'quoted'"},
		{`'"'`, `"`},
		{`"a\"b"`, `a"b`},
		{`'\n\t\r\b\f\v\\\'\"'`, "\n\t\r\b\f\v\\'\""},
		{`"\x41\u0042\u{43}\u{00000044}"`, "ABCD"},
		{`"\u{1F600}"`, "😀"},
		{`"\ud83d\ude00"`, "😀"},
		{`"\u{d83d}\u{de00}"`, "😀"},
		{`"\ud83d"`, "\xed\xa0\xbd"},
		{`"\ude00\ud83d"`, "\xed\xb8\x80\xed\xa0\xbd"},
		{`"\ud83d-\ude00"`, "\xed\xa0\xbd-\xed\xb8\x80"},
		{`"\ud83d\ud83d\ude00"`, "\xed\xa0\xbd😀"},
		{`"\0"`, "\x00"},
		{`"\08"`, "\x008"},
		{`"\101\1012\477"`, "AA2'7"},
		{`"\377\400"`, "\u00ff 0"},
		{`"\8\9\q\/"`, "89q/"},
		{"\"a\\\nb\\\r\nc\\\rd\\\u2028e\\\u2029f\"", "abcdef"},
		{"\"a\u2028b\"", "a\u2028b"},
		{`"é\é"`, "éé"},
	} {
		if got, err := DecodeString(c.lit); err != nil || got != c.want {
			t.Errorf("DecodeString(%s) = %q, %v; want %q", c.lit, got, err, c.want)
		}
	}
	for _, lit := range []string{``, `"`, `a`, `"a'`, "`a`", `"a"b"`, `"\"`, `"\x4"`, `"\xg0"`, `"\u004"`, `"\u{}"`, `"\u{110000}"`,
		`"\u{1234567}"`, `"\u{12"`, `"\u{-1}"`, `"\u"`, `"\n"b"`} {
		if got, err := DecodeString(lit); err == nil {
			t.Errorf("DecodeString(%s) = %q, want an error", lit, got)
		}
	}
}

func TestDecodeTemplate(t *testing.T) {
	for _, c := range []struct{ chunk, want string }{
		{"plain \"'", "plain \"'"},
		{"a\r\nb\rc\\\r\nd", "a\nb\ncd"},
		{"\\`\\$\\{", "`${"},
		{"$5 {", "$5 {"},
		{`\0`, "\x00"},
		{`\u{1F600}`, "😀"},
	} {
		if got, err := DecodeTemplate(c.chunk); err != nil || got != c.want {
			t.Errorf("DecodeTemplate(%q) = %q, %v; want %q", c.chunk, got, err, c.want)
		}
	}
	for _, chunk := range []string{`\1`, `\01`, `\00`, `\8`, `\x`, "\\\\`"} {
		if got, err := DecodeTemplate(chunk); err == nil {
			t.Errorf("DecodeTemplate(%q) = %q, want an error", chunk, got)
		}
	}
	if got := DecodeTemplateRaw("a\\n\r\nb\r"); got != "a\\n\nb\n" {
		t.Errorf("DecodeTemplateRaw = %q", got)
	}
}

func FuzzDecodeString(f *testing.F) {
	for _, seed := range []string{`"a"`, `'\x41\u0042\u{43}'`, `"\ud83d\ude00"`, `"\101\8\
"`, `"\u{110000}"`, `"\ud83d"`} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, lit string) {
		got, err := DecodeString(lit)
		if err != nil {
			return
		}
		if !strings.Contains(lit, `\`) && got != lit[1:len(lit)-1] {
			t.Errorf("DecodeString(%q) = %q", lit, got)
		}
		if !strings.Contains(lit, `\u`) && utf8.ValidString(lit) && !utf8.ValidString(got) {
			t.Errorf("DecodeString(%q) = %q, which is no UTF-8", lit, got)
		}
	})
}
