package eval

import (
	"fmt"
	"math"
	"time"
)

// date is a point in time, in milliseconds since 1970, NaN for none. What depends on the time zone, or on when the program
// runs, is not known.
type date struct{ ms float64 }

// maxTime is the last millisecond that a Date can be.
const maxTime = 8.64e15

func newDate(m *Machine, this Value, args []Value) Value {
	if this != Value(constructing) {
		return m.unknown("the time of day", "Date()")
	}
	if len(args) != 1 {
		return m.resultOf(m.unknown("a time of day, or one in a zone", "new Date"), args)
	}
	return m.lift(args[0], func(v Value) Value {
		if o, ok := v.(*Object); ok {
			if d, isDate := o.Host.(*date); isDate {
				return m.dateOf(d.ms)
			}
			v = m.primitive(o, "default")
		}
		if s, ok := v.(String); ok {
			if ms, ok := parseDate(string(s)); ok {
				return m.dateOf(ms)
			}
			return m.resultOf(m.unknown("a date in a form of its own", "new Date"), args)
		}
		n, ok := m.number(v).(Number)
		if !ok {
			return m.resultOf(m.unknown("a date that is not known", "new Date"), args)
		}
		return m.dateOf(float64(n))
	})
}

func (m *Machine) dateOf(ms float64) Value {
	if ms = math.Trunc(ms); math.Abs(ms) > maxTime {
		ms = math.NaN()
	}
	o := m.newObject(KindObject)
	o.Proto = m.prototypeOf("Date")
	o.Host = &date{ms + 0}
	return o
}

// parseDate reads the forms of ISO 8601 that have one meaning everywhere; ok is false for others.
func parseDate(s string) (ms float64, ok bool) {
	for _, form := range []string{"2006-01-02T15:04:05.999Z07:00", "2006-01-02T15:04:05Z07:00", "2006-01-02T15:04Z07:00", "2006-01-02", "2006-01", "2006"} {
		if t, err := time.Parse(form, s); err == nil {
			return float64(t.UnixMilli()), true
		}
	}
	if s == "" || s == "x" || s == "Invalid Date" {
		return math.NaN(), true
	}
	return 0, false
}

func (d *date) time() time.Time { return time.UnixMilli(int64(d.ms)).UTC() }

// iso writes a date as toISOString does.
func (d *date) iso() string {
	t := d.time()
	year := fmt.Sprintf("%04d", t.Year())
	switch {
	case t.Year() < 0:
		year = fmt.Sprintf("-%06d", -t.Year())
	case t.Year() > 9999:
		year = fmt.Sprintf("+%06d", t.Year())
	}
	return year + t.Format("-01-02T15:04:05.000Z")
}

// onDate wraps a method of dates; a date that is none gives NaN.
func onDate(name string, f func(m *Machine, d *date) Value) Native {
	return func(m *Machine, this Value, args []Value) Value {
		return m.lift(this, func(this Value) Value {
			o, ok := this.(*Object)
			if ok {
				if d, isDate := o.Host.(*date); isDate {
					return f(m, d)
				}
			}
			return m.resultOf(m.unknown("a date that is not known", name), append([]Value{this}, args...))
		})
	}
}

// partOf is a method that gives one number of a date.
func partOf(name string, f func(t time.Time) int) Native {
	return onDate(name, func(_ *Machine, d *date) Value {
		if math.IsNaN(d.ms) {
			return Number(math.NaN())
		}
		return Number(f(d.time()))
	})
}

var dateMethods, dateStatics map[string]Native

func init() {
	getTime := onDate("getTime", func(_ *Machine, d *date) Value { return Number(d.ms) })
	text := func(name, none string, f func(d *date) string) Native {
		return onDate(name, func(m *Machine, d *date) Value {
			switch {
			case !math.IsNaN(d.ms):
				return String(f(d))
			case none == "":
				return m.raise("RangeError", "Invalid time value")
			}
			return String(none)
		})
	}
	inZone := func(name string) Native {
		return onDate(name, func(m *Machine, d *date) Value {
			if math.IsNaN(d.ms) {
				return String("Invalid Date")
			}
			return m.unknown("the time zone", name)
		})
	}
	dateMethods = map[string]Native{
		"getTime": getTime, "valueOf": getTime,
		"toISOString": text("toISOString", "", (*date).iso),
		"toUTCString": text("toUTCString", "Invalid Date", func(d *date) string { return d.time().Format("Mon, 02 Jan 2006 15:04:05 GMT") }),
		"toJSON": onDate("toJSON", func(_ *Machine, d *date) Value {
			if math.IsNaN(d.ms) {
				return Null
			}
			return String(d.iso())
		}),
		"getUTCFullYear": partOf("getUTCFullYear", time.Time.Year), "getUTCMonth": partOf("getUTCMonth", func(t time.Time) int { return int(t.Month()) - 1 }),
		"getUTCDate": partOf("getUTCDate", time.Time.Day), "getUTCDay": partOf("getUTCDay", func(t time.Time) int { return int(t.Weekday()) }),
		"getUTCHours": partOf("getUTCHours", time.Time.Hour), "getUTCMinutes": partOf("getUTCMinutes", time.Time.Minute),
		"getUTCSeconds": partOf("getUTCSeconds", time.Time.Second), "getUTCMilliseconds": partOf("getUTCMilliseconds", func(t time.Time) int { return t.Nanosecond() / 1e6 }),
	}
	for _, name := range []string{"toString", "toDateString", "toTimeString", "toLocaleString", "toLocaleDateString", "toLocaleTimeString"} {
		dateMethods[name] = inZone(name)
	}
	for _, name := range []string{"FullYear", "Month", "Date", "Day", "Hours", "Minutes", "Seconds", "Milliseconds"} {
		dateMethods["get"+name] = unknownOf("the time zone")
		dateMethods["set"+name] = unsettled
		dateMethods["setUTC"+name] = unsettled
	}
	dateMethods["setTime"], dateMethods["getTimezoneOffset"] = unsettled, unknownOf("the time zone")
	dateStatics = map[string]Native{
		"now": unknownOf("the time of day"), "UTC": dateUTC,
		"parse": func(m *Machine, _ Value, args []Value) Value {
			if s, ok := m.settled(argument(args, 0)).(String); ok {
				if ms, ok := parseDate(string(s)); ok {
					return Number(ms)
				}
			}
			return m.resultOf(m.unknown("a date in a form of its own", "Date.parse"), args)
		},
	}
}

// unsettled is a method that changes a date: what it is then is not known.
func unsettled(m *Machine, this Value, args []Value) Value {
	u := m.resultOf(m.unknown("a date that is changed", "date"), append([]Value{this}, args...))
	if o, ok := this.(*Object); ok && o.Host != nil && o.run == m.run {
		o.Host = nil
		m.change(o)
		o.open = append(o.open[:len(o.open):len(o.open)], u)
	}
	return u
}

func dateUTC(m *Machine, _ Value, args []Value) Value {
	in := [7]float64{2: 1}
	for i := range min(len(args), len(in)) {
		n, ok := m.number(m.settled(args[i])).(Number)
		if !ok {
			return m.resultOf(m.unknown("a date that is not known", "Date.UTC"), args)
		}
		in[i] = math.Trunc(float64(n))
		if math.IsNaN(in[i]) || math.Abs(in[i]) > 1e9 {
			return Number(math.NaN())
		}
	}
	if len(args) == 0 {
		return Number(math.NaN())
	}
	if in[0] >= 0 && in[0] <= 99 {
		in[0] += 1900
	}
	t := time.Date(int(in[0]), time.Month(int(in[1])+1), int(in[2]), int(in[3]), int(in[4]), int(in[5]), 0, time.UTC)
	return Number(float64(t.UnixMilli()) + in[6])
}
