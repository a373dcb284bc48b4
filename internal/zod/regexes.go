package zod

import (
	"strings"

	"github.com/bundlens/bundlens/internal/ecma"
)

// patternSince is one form of a pattern and the 4.minor.patch it came with.
type patternSince struct {
	minor, patch int
	source       string
}

const (
	hexPair   = `[0-9a-fA-F]`
	uuidTail  = `[0-9a-fA-F]{3}-[89abAB][0-9a-fA-F]{3}-[0-9a-fA-F]{12}`
	uuidHead  = `^([0-9a-fA-F]{8}-[0-9a-fA-F]{4}-`
	ipv6Loose = `(([0-9a-fA-F]{1,4}:){7}[0-9a-fA-F]{1,4}|::|([0-9a-fA-F]{1,4})?::([0-9a-fA-F]{1,4}:?){0,6})`
	ipv6Full  = `(([0-9a-fA-F]{1,4}:){7}[0-9a-fA-F]{1,4}|([0-9a-fA-F]{1,4}:){1,7}:|([0-9a-fA-F]{1,4}:){1,6}:[0-9a-fA-F]{1,4}|([0-9a-fA-F]{1,4}:){1,5}(:[0-9a-fA-F]{1,4}){1,2}|([0-9a-fA-F]{1,4}:){1,4}(:[0-9a-fA-F]{1,4}){1,3}|([0-9a-fA-F]{1,4}:){1,3}(:[0-9a-fA-F]{1,4}){1,4}|([0-9a-fA-F]{1,4}:){1,2}(:[0-9a-fA-F]{1,4}){1,5}|[0-9a-fA-F]{1,4}:((:[0-9a-fA-F]{1,4}){1,6})|:((:[0-9a-fA-F]{1,4}){1,7}|:))`
	ipv6Mask  = `\/(12[0-8]|1[01][0-9]|[1-9]?[0-9])$`
	octet     = `(25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9][0-9]|[0-9])`
	ipv4Octet = `(?:25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9][0-9]|[0-9])`
	dateForm  = `(?:(?:\d\d[2468][048]|\d\d[13579][26]|\d\d0[48]|[02468][048]00|[13579][26]00)-02-29|\d{4}-(?:(?:0[13578]|1[02])-(?:0[1-9]|[12]\d|3[01])|(?:0[469]|11)-(?:0[1-9]|[12]\d|30)|(?:02)-(?:0[1-9]|1\d|2[0-8])))`
	hourForm  = `(?:[01]\d|2[0-3]):[0-5]\d`

	base64Exact   = `^$|^(?:[0-9a-zA-Z+/]{4})*(?:(?:[0-9a-zA-Z+/]{2}==)|(?:[0-9a-zA-Z+/]{3}=))?$`
	base64Lax     = `^[0-9a-zA-Z+/]*={0,2}$`
	base64urlForm = `^(?:[A-Za-z0-9_-]{4})*(?:[A-Za-z0-9_-]{2,3})?$`
	base64urlLax  = `^[A-Za-z0-9_-]*$`
	anyString     = `^[\s\S]{0,}$`
)

// formatPatterns are the patterns of the string formats that take no
// parameters, by format, the oldest form first.
var formatPatterns = map[string][]patternSince{
	"guid":      {{0, 0, `^([0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12})$`}},
	"cuid":      {{0, 0, `^[cC][^\s-]{8,}$`}, {4, 0, `^[cC][0-9a-z]{6,}$`}},
	"cuid2":     {{0, 0, `^[0-9a-z]+$`}},
	"ulid":      {{0, 0, `^[0-9A-HJKMNP-TV-Za-hjkmnp-tv-z]{26}$`}, {5, 0, `^[0-7][0-9A-HJKMNP-TV-Za-hjkmnp-tv-z]{25}$`}},
	"xid":       {{0, 0, `^[0-9a-vA-V]{20}$`}},
	"ksuid":     {{0, 0, `^[A-Za-z0-9]{27}$`}},
	"duration":  {{0, 0, `^P(?:(\d+W)|(?!.*W)(?=\d|T\d)(\d+Y)?(\d+M)?(\d+D)?(T(?=\d)(\d+H)?(\d+M)?(\d+([.,]\d+)?S)?)?)$`}},
	"date":      {{0, 0, `^` + dateForm + `$`}},
	"ipv4":      {{0, 0, `^(?:` + ipv4Octet + `\.){3}` + ipv4Octet + `$`}},
	"ipv6":      {{0, 0, `^` + ipv6Loose + `$`}, {1, 7, `^` + ipv6Full + `$`}},
	"cidrv4":    {{0, 0, `^(` + octet + `\.){3}` + octet + `\/([0-9]|[1-2][0-9]|3[0-2])$`}},
	"cidrv6":    {{0, 0, `^` + ipv6Loose + ipv6Mask}, {5, 0, `^` + ipv6Full + ipv6Mask}},
	"base64":    {{0, 0, base64Exact}, {6, 0, base64Lax}},
	"base64url": {{0, 0, base64urlLax}},
	"e164":      {{0, 0, `^\+(?:[0-9]){6,14}[0-9]$`}, {3, 0, `^\+[1-9]\d{6,14}$`}},
	"lowercase": {{0, 0, `^[^A-Z]*$`}},
	"uppercase": {{0, 0, `^[^a-z]*$`}},
	"hex":       {{0, 0, `^[0-9a-fA-F]*$`}},
	"email": {
		{0, 0, `^(?!\.)(?!.*\.\.)([A-Za-z0-9_'+\-\.]*)[A-Za-z0-9_+-]@([A-Za-z0-9][A-Za-z0-9\-]*\.)+[A-Za-z]{2,}$`},
		{6, 0, `^(?:[A-Za-z0-9_'+\-]+\.)*[A-Za-z0-9_'+\-]*[A-Za-z0-9_+-]@(?:[A-Za-z0-9][A-Za-z0-9\-]*\.)+[A-Za-z]{2,}$`},
	},
	"emoji": {
		{0, 0, `^(\p{Extended_Pictographic}|\p{Emoji_Component})+$`},
		{5, 0, `^[\p{Extended_Pictographic}\p{Emoji_Component}]+$`},
		{6, 0, `^(?=[\s\S]*[\p{Extended_Pictographic}\p{Regional_Indicator}\u20E3])[\p{Extended_Pictographic}\p{Emoji_Component}]+$`},
	},
	"hostname": {
		{0, 0, `^([a-zA-Z0-9-]+\.)*[a-zA-Z0-9-]+$`},
		{0, 14, `^(?=.{1,253}\.?$)[a-zA-Z0-9](?:[a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?(?:\.[a-zA-Z0-9](?:[-0-9a-zA-Z]{0,61}[0-9a-zA-Z])?)*\.?$`},
	},
	"credit_card": {{5, 0, `^\d(?:[ -]?\d){11,18}$`}},
	"iban":        {{6, 0, `^[A-Z]{2}(?!00|01|99)\d{2}[A-Z0-9]{11,30}$`}},
}

// typePatterns are what a template literal takes for a type.
var typePatterns = map[Kind][]patternSince{
	KindNumber:    {{0, 0, `^-?\d+(?:\.\d+)?`}, {3, 0, `^-?\d+(?:\.\d+)?$`}},
	KindBoolean:   {{0, 0, `true|false`}, {1, 7, `^(?:true|false)$`}},
	KindBigInt:    {{0, 0, `^\d+n?$`}, {1, 7, `^-?\d+n?$`}},
	KindNull:      {{0, 0, `null`}, {1, 7, `^null$`}},
	KindUndefined: {{0, 0, `undefined`}, {1, 7, `^undefined$`}},
}

var integerPattern = []patternSince{{0, 0, `^\d+$`}, {1, 7, `^-?\d+$`}}

// pick returns the form that the dialect's version has.
func (d Dialect) pick(forms []patternSince) (string, bool) {
	source, ok := "", false
	for _, f := range forms {
		if !ok || d.since(f.minor, f.patch) {
			source, ok = f.source, true
		}
	}
	return source, ok
}

func uuidPattern(d Dialect, version string) string {
	if n, ok := strings.CutPrefix(version, "v"); ok {
		return uuidHead + n + uuidTail + `)$`
	}
	s := uuidHead + `[1-8]` + uuidTail + `|00000000-0000-0000-0000-000000000000`
	if d.since(1, 0) {
		s += `|ffffffff-ffff-ffff-ffff-ffffffffffff`
	}
	return s + `)$`
}

// timeForm is the unanchored time of day. Its seconds may be left out unless
// they are asked for.
func timeForm(precision Arg, seconds bool) string {
	if precision.Kind == ArgNumber {
		switch precision.Num {
		case -1:
			return hourForm
		case 0:
			return hourForm + `:[0-5]\d`
		}
		return hourForm + `:[0-5]\d\.\d{` + ecma.FormatNumber(precision.Num) + `}`
	}
	if seconds {
		return hourForm + `:[0-5]\d(?:\.\d+)?`
	}
	return hourForm + `(?::[0-5]\d(?:\.\d+)?)?`
}

func datetimePattern(d Dialect, precision Arg, offset, local bool) string {
	zone := []string{"Z"}
	if local && !d.since(5, 0) {
		zone = append(zone, "")
	}
	if offset && d.since(0, 11) {
		zone = append(zone, `([+-](?:[01]\d|2[0-3]):[0-5]\d)`)
	} else if offset {
		zone = append(zone, `([+-]\d{2}:\d{2})`)
	}
	form := timeForm(precision, d.since(5, 0)) + `(?:` + strings.Join(zone, "|") + `)`
	if local && d.since(5, 0) {
		form += `|` + timeForm(precision, false)
	}
	return `^` + dateForm + `T(?:` + form + `)$`
}

// hashPattern is that of the format "sha256_hex" and its like.
func hashPattern(d Dialect, format string) (string, bool) {
	alg, enc, ok := strings.Cut(format, "_")
	bytes := map[string]int{"md5": 16, "sha1": 20, "sha256": 32, "sha384": 48, "sha512": 64}[alg]
	if !ok || bytes == 0 {
		return "", false
	}
	digits := (bytes*8 + 5) / 6
	count := ecma.FormatNumber(float64(digits))
	switch enc {
	case "hex":
		return `^` + hexPair + `{` + ecma.FormatNumber(float64(2*bytes)) + `}$`, true
	case "base64":
		return `^[A-Za-z0-9+/]{` + count + `}` + strings.Repeat("=", (4-digits%4)%4) + `$`, true
	case "base64url":
		if d.since(1, 7) {
			return `^[A-Za-z0-9_-]{` + count + `}$`, true
		}
		return `^[A-Za-z0-9-_]{` + count + `}$`, true
	}
	return "", false
}

// escapeRegex quotes a text for a pattern, as the library does.
func escapeRegex(s string) string {
	var b strings.Builder
	for _, r := range s {
		if strings.ContainsRune(`.*+?^${}()|[]\`, r) {
			b.WriteByte('\\')
		}
		b.WriteRune(r)
	}
	return b.String()
}

// cleanRegex takes the anchors off a pattern.
func cleanRegex(s string) string {
	return strings.TrimSuffix(strings.TrimPrefix(s, "^"), "$")
}
