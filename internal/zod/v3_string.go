package zod

import (
	"math"
	"regexp"
	"strings"

	"github.com/bundlens/bundlens/internal/ecma"
	"github.com/bundlens/bundlens/internal/ordered"
)

// patternsV3 are the patterns that zod-to-json-schema has of its own.
var patternsV3 = map[string]string{
	"cuid":      `^[cC][^\s-]{8,}$`,
	"cuid2":     `^[0-9a-z]+$`,
	"ulid":      `^[0-9A-HJKMNP-TV-Z]{26}$`,
	"email":     `^(?!\.)(?!.*\.\.)([a-zA-Z0-9_'+\-\.]*)[a-zA-Z0-9_+-]@([a-zA-Z0-9][a-zA-Z0-9\-]*\.)+[a-zA-Z]{2,}$`,
	"emoji":     `^(\p{Extended_Pictographic}|\p{Emoji_Component})+$`,
	"nanoid":    `^[a-zA-Z0-9_-]{21}$`,
	"base64":    `^([0-9a-zA-Z+/]{4})*(([0-9a-zA-Z+/]{2}==)|([0-9a-zA-Z+/]{3}=))?$`,
	"base64url": `^([0-9a-zA-Z-_]{4})*(([0-9a-zA-Z-_]{2}(==)?)|([0-9a-zA-Z-_]{3}(=)?))?$`,
	"jwt":       `^[A-Za-z0-9-_]+\.[A-Za-z0-9-_]+\.[A-Za-z0-9-_]*$`,
	"cidr4":     `^(?:` + ipv4Octet + `\.){3}` + ipv4Octet + `\/(3[0-2]|[12]?[0-9])$`,
	"cidr6": `^(([0-9a-fA-F]{1,4}:){7,7}[0-9a-fA-F]{1,4}|([0-9a-fA-F]{1,4}:){1,7}:|([0-9a-fA-F]{1,4}:){1,6}:[0-9a-fA-F]{1,4}|([0-9a-fA-F]{1,4}:){1,5}(:[0-9a-fA-F]{1,4}){1,2}|([0-9a-fA-F]{1,4}:){1,4}(:[0-9a-fA-F]{1,4}){1,3}|([0-9a-fA-F]{1,4}:){1,3}(:[0-9a-fA-F]{1,4}){1,4}|([0-9a-fA-F]{1,4}:){1,2}(:[0-9a-fA-F]{1,4}){1,5}|[0-9a-fA-F]{1,4}:((:[0-9a-fA-F]{1,4}){1,6})|:((:[0-9a-fA-F]{1,4}){1,7}|:)|fe80:(:[0-9a-fA-F]{0,4}){0,4}%[0-9a-zA-Z]{1,}|` +
		`::(ffff(:0{1,4}){0,1}:){0,1}((25[0-5]|(2[0-4]|1{0,1}[0-9]){0,1}[0-9])\.){3,3}(25[0-5]|(2[0-4]|1{0,1}[0-9]){0,1}[0-9])|([0-9a-fA-F]{1,4}:){1,4}:((25[0-5]|(2[0-4]|1{0,1}[0-9]){0,1}[0-9])\.){3,3}(25[0-5]|(2[0-4]|1{0,1}[0-9]){0,1}[0-9]))\/(12[0-8]|1[01][0-9]|[1-9]?[0-9])$`,
}

// formatsV3 are the checks that become a format.
var formatsV3 = map[string]string{
	"url": "uri", "uuid": "uuid", "datetime": "date-time", "date": "date", "time": "time", "duration": "duration",
}

func (c *v3) parseString(d *Def) *ordered.Map {
	m := ordered.New("type", "string")
	for _, check := range d.Checks {
		if check.Why == "" {
			c.stringCheck(m, check)
		}
	}
	return m
}

func (c *v3) stringCheck(m *ordered.Map, check *Check) {
	version := check.Options["version"].Str
	switch check.Kind {
	case "min":
		c.tighten(m, "minLength", check, math.Max)
	case "max":
		c.tighten(m, "maxLength", check, math.Min)
	case "length":
		c.tighten(m, "minLength", check, math.Max)
		c.tighten(m, "maxLength", check, math.Min)
	case "regex":
		c.addPattern(m, c.withFlags(check.Pattern), check)
	case "startsWith":
		c.addPattern(m, ecma.RegExpSource("^"+c.escape(check.Value.Str)), check)
	case "endsWith":
		c.addPattern(m, ecma.RegExpSource(c.escape(check.Value.Str)+"$"), check)
	case "includes":
		c.addPattern(m, ecma.RegExpSource(c.escape(check.Value.Str)), check)
	case "email":
		c.email(m, check)
	case "base64":
		c.base64(m, check)
	case "ip", "cidr":
		if version != "v6" {
			c.address(m, check, "4")
		}
		if version != "v4" {
			c.address(m, check, "6")
		}
	default:
		if f, ok := formatsV3[check.Kind]; ok {
			c.addFormat(m, f, check)
		} else if p, ok := patternsV3[check.Kind]; ok {
			c.addPattern(m, p, check)
		}
	}
}

func (c *v3) address(m *ordered.Map, check *Check, version string) {
	if check.Kind == "cidr" {
		c.addPattern(m, patternsV3["cidr"+version], check)
		return
	}
	c.addFormat(m, "ipv"+version, check)
}

func (c *v3) email(m *ordered.Map, check *Check) {
	switch c.opts.EmailStrategy {
	case "pattern:zod":
		c.addPattern(m, patternsV3["email"], check)
	case "format:idn-email":
		c.addFormat(m, "idn-email", check)
	default:
		c.addFormat(m, "email", check)
	}
}

func (c *v3) base64(m *ordered.Map, check *Check) {
	switch c.opts.Base64Strategy {
	case "pattern:zod":
		c.addPattern(m, ecma.RegExpSource(patternsV3["base64"]), check)
	case "format:binary":
		c.addFormat(m, "binary", check)
	default:
		c.put(m, "contentEncoding", "base64", check)
	}
}

func (c *v3) tighten(m *ordered.Map, key string, check *Check, tighter func(a, b float64) float64) {
	n, known := check.Value.number()
	if !known {
		return
	}
	if have, ok := m.Value(key).(float64); ok {
		n = tighter(have, n)
	}
	c.put(m, key, n, check)
}

// addFormat writes a format; a second one makes an anyOf of both.
func (c *v3) addFormat(m *ordered.Map, format string, check *Check) {
	c.addBeside(m, "format", "anyOf", format, check)
}

// addPattern writes a pattern; a second one makes an allOf of both.
func (c *v3) addPattern(m *ordered.Map, source string, check *Check) {
	c.addBeside(m, "pattern", "allOf", source, check)
}

func (c *v3) addBeside(m *ordered.Map, key, listKey, value string, check *Check) {
	list, _ := m.Value(listKey).([]any)
	if !m.Has(key) && !hasMember(list, key) {
		c.put(m, key, value, check)
		return
	}
	if first, ok := m.Get(key); ok {
		item := ordered.New(key, first)
		if messages, ok := m.Value("errorMessage").(*ordered.Map); ok {
			if text, ok := messages.Get(key); ok {
				item.Set("errorMessage", ordered.New(key, text))
			} else if c.opts.ErrorMessages {
				item.Set("errorMessage", &ordered.Map{})
			}
			if messages.Delete(key); messages.Len() == 0 {
				m.Delete("errorMessage")
			}
		}
		list = append(list, item)
		m.Set(listKey, list)
		m.Delete(key)
	}
	item := ordered.New(key, value)
	c.putMessage(item, key, check)
	m.Set(listKey, append(list, item))
}

func hasMember(list []any, key string) bool {
	for _, x := range list {
		if m, ok := x.(*ordered.Map); ok && m.Has(key) {
			return true
		}
	}
	return false
}

// escape quotes a text for a pattern: all but letters and digits. The
// library's own list of letters lacks the W of both cases.
func (c *v3) escape(s string) string {
	if c.opts.PatternStrategy == "preserve" {
		return s
	}
	const plain = "ABCDEFGHIJKLMNOPQRSTUVXYZabcdefghijklmnopqrstuvxyz0123456789"
	var b strings.Builder
	for _, r := range s {
		if !strings.ContainsRune(plain, r) {
			b.WriteByte('\\')
			if r > 0xFFFF { // one escape for each UTF-16 unit can't be written
				b.Reset()
				return escapeRegex(s)
			}
		}
		b.WriteRune(r)
	}
	return b.String()
}

// withFlags returns a pattern's source, with its flags written out when that
// is asked for.
func (c *v3) withFlags(r *Regex) string {
	if !c.opts.ApplyRegexFlags || r.Flags == "" {
		return r.Source
	}
	f := flagWriter{
		i: strings.Contains(r.Flags, "i"), m: strings.Contains(r.Flags, "m"), s: strings.Contains(r.Flags, "s"),
		source: r.Source,
	}
	if f.i {
		f.source = strings.ToLower(f.source)
	}
	out := f.write()
	if _, err := regexp.Compile(strings.NewReplacer("(?<=", "(?:", "(?=", "(?:").Replace(out)); err != nil {
		return r.Source
	}
	return out
}

// flagWriter writes a pattern that says without flags what it says with them.
type flagWriter struct {
	i, m, s                  bool
	source                   string
	escaped, inGroup, inSpan bool
	out                      strings.Builder
}

func (f *flagWriter) write() string {
	for at := range len(f.source) {
		if f.escaped {
			f.out.WriteByte(f.source[at])
			f.escaped = false
			continue
		}
		if f.i && lower(f.source, at) {
			f.letter(at)
			continue
		}
		if !f.special(at) {
			f.plain(f.source[at])
		}
	}
	return f.out.String()
}

func lower(s string, at int) bool { return at < len(s) && s[at] >= 'a' && s[at] <= 'z' }

func (f *flagWriter) letter(at int) {
	s := f.source
	ch := s[at : at+1]
	switch {
	case !f.inGroup:
		f.out.WriteString("[" + ch + strings.ToUpper(ch) + "]")
	case f.inSpan:
		f.out.WriteString(ch + strings.ToUpper(s[at-2:at-1]+"-"+ch))
		f.inSpan = false
	case at+1 < len(s) && s[at+1] == '-' && lower(s, at+2):
		f.out.WriteString(ch)
		f.inSpan = true
	default:
		f.out.WriteString(ch + strings.ToUpper(ch))
	}
}

func (f *flagWriter) special(at int) bool {
	switch ch := f.source[at]; {
	case f.m && ch == '^':
		f.out.WriteString("(^|(?<=[\r\n]))")
	case f.m && ch == '$':
		f.out.WriteString("($|(?=[\r\n]))")
	case f.s && ch == '.' && f.inGroup:
		f.out.WriteString(".\r\n")
	case f.s && ch == '.':
		f.out.WriteString("[.\r\n]")
	default:
		return false
	}
	return true
}

func (f *flagWriter) plain(ch byte) {
	f.out.WriteByte(ch)
	switch {
	case ch == '\\':
		f.escaped = true
	case f.inGroup && ch == ']':
		f.inGroup = false
	case !f.inGroup && ch == '[':
		f.inGroup = true
	}
}
