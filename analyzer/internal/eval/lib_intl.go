package eval

import (
	"math"
	"strconv"
	"strings"

	"github.com/bundlens/bundlens/internal/ecma"
)

// Intl writes as a locale does. English alone is known here, which is the default where no locale is given; what another
// one would write is not known.

// intlClasses are those that are evaluated, with their methods.
var intlClasses = map[string]map[string]Native{
	"NumberFormat": {"format": intlMethod(func(m *Machine, o *intl, args []Value) Value {
		return m.inEnglish(argument(args, 0), o.options)
	})},
	"ListFormat": {"format": intlMethod(intlList)},
	"PluralRules": {"select": intlMethod(func(m *Machine, o *intl, args []Value) Value {
		return m.lift(m.number(argument(args, 0)), func(v Value) Value {
			n, ok := v.(Number)
			kind, known := o.text("type", "cardinal")
			if !ok || !known || len(o.options.Keys()) > 0 && o.options.Own("type") == nil {
				return m.resultOf(m.unknown("a plural form that is not known", "select"), args)
			}
			return String(pluralForm(float64(n), kind == "ordinal"))
		})
	})},
}

// intl is an object that writes as English does.
type intl struct {
	machine *Machine
	options *Object
}

// text is an option, and whether it is known.
func (o *intl) text(key, byDefault string) (s string, known bool) {
	switch v := o.machine.settled(o.machine.get(o.options, key, true)).(type) {
	case undefined:
		return byDefault, true
	case String:
		return string(v), true
	}
	return "", false
}

// intlSpace is the object Intl.
func (m *Machine) intlSpace() *Object {
	space := m.newObject(KindObject)
	space.open = []*Unknown{{Key: "Intl", Expr: "Intl", Why: "what a locale writes"}}
	for name, methods := range intlClasses {
		f := m.constructor("Intl."+name, nil, func(m *Machine, _ Value, args []Value) Value {
			o := m.newObject(KindObject)
			o.Proto = m.prototypeOf("Intl." + name)
			options, ok := m.settled(argument(args, 1)).(*Object)
			if argument(args, 1) == Undefined {
				options, ok = m.newObject(KindObject), true
			}
			if !ok || len(options.open) > 0 || !m.isEnglish(argument(args, 0)) {
				return m.resultOf(m.unknown("what a locale writes", "new Intl."+name), args)
			}
			o.Host = &intl{m, options}
			return o
		}, &methods)
		f.Func.Name = name
		space.set(name, &Prop{Value: f, Hidden: true})
	}
	return space
}

// isEnglish tells whether a locale that is given is that of the default, or none is.
func (m *Machine) isEnglish(locale Value) bool {
	switch v := m.settled(locale).(type) {
	case undefined:
		return true
	case String:
		return v == "en" || v == "en-US"
	case *Object:
		return v.Kind == KindArray && len(v.open) == 0 && (len(v.Elems) == 0 || isCertain(v.Elems[:1]) && m.isEnglish(v.Elems[0].Value))
	}
	return false
}

func intlMethod(f func(m *Machine, o *intl, args []Value) Value) Native {
	return func(m *Machine, this Value, args []Value) Value {
		o, ok := this.(*Object)
		if !ok {
			return m.resultOf(m.unknown("what a locale writes", "format"), append([]Value{this}, args...))
		}
		host, ok := o.Host.(*intl)
		if !ok {
			return m.resultOf(m.unknown("what a locale writes", "format"), append([]Value{this}, args...))
		}
		return f(m, &intl{m, host.options}, args)
	}
}

// intlList joins a list with commas and a word.
func intlList(m *Machine, o *intl, args []Value) Value {
	list, ok := m.settled(argument(args, 0)).(*Object)
	kind, known := o.text("type", "conjunction")
	style, alsoKnown := o.text("style", "long")
	if !ok || list.Kind != KindArray || len(list.open) > 0 || !isCertain(list.Elems) || !known || !alsoKnown {
		return m.resultOf(m.unknown("a list as a locale writes it", "format"), args)
	}
	word := map[string]string{"conjunction long": "and ", "conjunction short": "& ", "disjunction long": "or ", "disjunction short": "or ",
		"disjunction narrow": "or "}[kind+" "+style]
	between := ", "
	if kind == "unit" && style == "narrow" {
		between = " "
	}
	var out Value = String("")
	for i, e := range list.Elems {
		last := i == len(list.Elems)-1
		switch {
		case i == 0:
		case last && word != "" && len(list.Elems) == 2:
			out = m.concat(out, String(" "+word))
		case last:
			out = m.concat(out, String(between+word))
		default:
			out = m.concat(out, String(between))
		}
		out = m.concat(out, e.Value)
	}
	return out
}

// pluralForm is the form of a word after a number in English.
func pluralForm(n float64, ordinal bool) string {
	if !ordinal {
		if math.Abs(n) == 1 {
			return "one"
		}
		return "other"
	}
	n = math.Abs(n)
	switch tens := math.Mod(n, 100); {
	case tens >= 11 && tens <= 13:
	case math.Mod(n, 10) == 1:
		return "one"
	case math.Mod(n, 10) == 2:
		return "two"
	case math.Mod(n, 10) == 3:
		return "few"
	}
	return "other"
}

// numberStyle is what the options of a number's format say.
type numberStyle struct {
	least, most    int
	percent, plain bool // plain: thousands are not parted
	sign           string
}

var currencySigns = map[string]string{"USD": "$", "EUR": "€", "GBP": "£"}

// numberStyleOf reads options; ok is false where they are not known, or say what is not evaluated.
func (m *Machine) numberStyleOf(options *Object) (s numberStyle, ok bool) {
	s.most = 3
	given := map[string]bool{}
	for _, k := range options.Keys() {
		v := m.settled(m.get(options, k, true))
		given[k] = true
		switch {
		case k == "style" && v == Value(String("percent")):
			s.percent, s.most = true, 0
		case k == "style" && v == Value(String("currency")):
			s.least, s.most = 2, 2
		case k == "style" && v == Value(String("decimal")):
		case k == "currency" && isKnownCurrency(v):
			s.sign = currencySigns[string(v.(String))]
		case k == "useGrouping" && (v == Value(Bool(false)) || v == Value(Bool(true))):
			s.plain = v == Value(Bool(false))
		case k == "minimumFractionDigits" || k == "maximumFractionDigits":
			if n, isNumber := v.(Number); !isNumber || n < 0 || n > 20 || n != Number(math.Trunc(float64(n))) {
				return s, false
			}
		default:
			return s, false
		}
	}
	least, _ := m.settled(m.get(options, "minimumFractionDigits", true)).(Number)
	most, _ := m.settled(m.get(options, "maximumFractionDigits", true)).(Number)
	switch {
	case given["minimumFractionDigits"] && given["maximumFractionDigits"]:
		s.least, s.most = int(least), int(most)
	case given["minimumFractionDigits"]:
		s.least, s.most = int(least), max(s.most, int(least))
	case given["maximumFractionDigits"]:
		s.least, s.most = min(s.least, int(most)), int(most)
	}
	return s, s.least <= s.most && given["currency"] == (s.sign != "") && (s.sign == "" || s.least+s.most > 0)
}

func isKnownCurrency(v Value) bool {
	s, ok := v.(String)
	return ok && currencySigns[string(s)] != ""
}

// inEnglish writes a number as English does.
func (m *Machine) inEnglish(v Value, options *Object) Value {
	style, ok := m.numberStyleOf(options)
	return m.lift(v, func(v Value) Value {
		whole := ""
		if b, isBig := v.(BigInt); isBig {
			whole = string(b)
		}
		n, isNumber := v.(Number)
		f := float64(n)
		if whole == "" && !isNumber || !ok || math.Abs(f) >= 1e15 || f != f || whole != "" && (style.least > 0 || style.percent) {
			return m.resultOf(m.unknown("a number as a locale writes it", "toLocaleString"), []Value{v})
		}
		if style.percent {
			f *= 100
		}
		s := whole
		if s == "" {
			s = rounded(f, style.least, style.most)
		}
		if !style.plain {
			s = grouped(s)
		}
		sign := ""
		if strings.HasPrefix(s, "-") {
			sign, s = "-", s[1:]
		}
		s = sign + style.sign + s
		if style.percent {
			s += "%"
		}
		return String(s)
	})
}

// rounded writes a number with at least and at most so many digits after the point.
func rounded(f float64, least, most int) string {
	s := ecma.ToFixed(f, most)
	if exact := strconv.FormatFloat(f, 'f', -1, 64); strings.HasSuffix(exact, "5") { // a tie goes away from zero, in decimal digits
		if i := strings.IndexByte(exact, '.'); i >= 0 && len(exact)-i-2 == most {
			s = ecma.ToFixed(math.Nextafter(f, math.Copysign(math.Inf(1), f)), most)
		}
	}
	if i := strings.IndexByte(s, '.'); i >= 0 {
		for len(s)-i-1 > least && s[len(s)-1] == '0' {
			s = s[:len(s)-1]
		}
		s = strings.TrimSuffix(s, ".")
	}
	return s
}
