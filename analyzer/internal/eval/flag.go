package eval

import (
	"strings"

	"github.com/bundlens/bundlens/schema"
)

// misses counts how often the key of a look-up was not found in the program's state.
func (m *Machine) misses(args []Value) int {
	if len(args) < 2 { // it is no look-up with a fallback
		return 0
	}
	key, _ := args[0].(String)
	return m.missed[string(key)]
}

// miss notes that a key is not in an object. Only objects that outlast an evaluation are the program's state: what
// is in them when the program runs may be more.
func (m *Machine) miss(o *Object, key string) {
	if o.run != m.run || m.inOrder() {
		m.missed[key]++
	}
}

// recognized is what a call gives, or the flag or the switch that it reads.
func (m *Machine) recognized(v Value, f *Object, this Value, args []Value, missed int) Value {
	return m.asSwitch(m.asFlag(v, args, missed), f, this, args)
}

// asFlag recognises the look-up of a feature flag: called with a key and a fallback, it looks the key up in the
// program's state or in something unknown, and gives the fallback where that has no answer. It counts as one unknown
// with the fallback as its default.
func (m *Machine) asFlag(v Value, args []Value, missed int) Value {
	if len(args) < 2 || !isFallback(args) {
		return v
	}
	unknown, fallback := m.misses(args) > missed, false
	visitLeaves(v, func(leaf Value) {
		if u, ok := leaf.(*Unknown); ok {
			unknown = true
			fallback = fallback || u.Default != nil && same(u.Default, args[1])
			return
		}
		fallback = fallback || same(leaf, args[1])
	})
	if !unknown || !fallback {
		return v
	}
	return m.flag(args)
}

// asSwitch recognises a function that reads an environment variable as a switch: one that says yes to "1" and no to
// "0" and to none, or the other way round. Its long condition then is the variable, or the variable set to "0".
func (m *Machine) asSwitch(v Value, f *Object, this Value, args []Value) Value {
	cond := Truth(v)
	if len(args) != 1 || cond.size < 2 {
		return v
	}
	u, ok := args[0].(*Unknown)
	if !ok || !strings.HasPrefix(u.Key, "env:") {
		return v
	}
	answer := func(given Value) (yes, known bool) {
		r, _ := m.within(maxSwitchSteps, func() Value { return m.enter(f, this, []Value{given}) })
		b, known := r.(Bool)
		return bool(b), known
	}
	on, known1 := answer(String("1"))
	off, known2 := answer(String("0"))
	none, known3 := answer(Undefined)
	if !known1 || !known2 || !known3 || on == off {
		return v
	}
	question := &Unknown{Key: "on:" + u.Key, Expr: u.Expr, Why: u.Why, Default: Bool(false), about: u.subjects(), test: schema.TestOn}
	if on == none { // only a no changes anything
		question.Key, question.Expr, question.test = "off:"+u.Key, u.Expr+` === "0"`, schema.TestOff
		on = !on
	}
	return &Choice{atomOf(question), Bool(on), Bool(!on)}
}

// maxSwitchSteps bounds the reading of one switch.
const maxSwitchSteps = 800

// flag is the value of a feature flag in an unknown world.
func (m *Machine) flag(args []Value) Value {
	key := string(args[0].(String))
	if s, ok := m.config.Assume["flag."+key]; ok {
		return assumedValue(s)
	}
	return &Unknown{Key: "flag:" + key, Expr: "flag(" + keyOf(args[0]) + ", " + keyOf(args[1]) + ")", Why: "feature flag", Default: args[1],
		Subject: &Subject{Kind: schema.KindFlag, Name: key, Fallback: args[1]}}
}
