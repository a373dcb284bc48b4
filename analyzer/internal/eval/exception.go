package eval

// raise throws one of the language's own errors. Within a try statement it unwinds to that. Elsewhere the evaluation goes on
// with a value that is not known: what was evaluated to null may be more at run time, and what a program refuses is no
// reason to see nothing of the rest.
func (m *Machine) raise(class, message string) Value {
	if m.catching == 0 {
		return &Unknown{Key: throwsKey + class + ": " + bounded(message), Expr: "throw", Why: "throws " + class + ": " + message}
	}
	m.throw(m.newError(class, message))
	return nil
}

// newError makes an object of one of the language's error classes.
func (m *Machine) newError(class, message string) *Object {
	o := m.newObject(KindError)
	o.Proto = m.prototypeOf(class)
	o.set("stack", &Prop{Value: m.unknown("where it was thrown", "stack"), Hidden: true})
	if o.set("message", &Prop{Value: String(message), Hidden: true}); o.Proto == nil { // one of the runtime's
		o.set("name", &Prop{Value: String(class), Hidden: true})
	}
	return o
}

// raiseUnsaid is raise for an error whose message depends on how the program is written.
func (m *Machine) raiseUnsaid(class string) Value {
	if m.catching == 0 {
		return m.raise(class, "...")
	}
	o := m.newError(class, "")
	o.set("message", &Prop{Value: m.unknown("an engine's own message", "message"), Hidden: true})
	m.throw(o)
	return nil
}

// overBudget is what takes the place of a value that is larger than a bound, or takes longer; which says what the bound is
// of.
func (m *Machine) overBudget(which string) Value {
	m.hit(which)
	return &Unknown{Key: OutOfBudget + ": " + which, Expr: "...", Why: "out of budget: " + which}
}

// hit counts a bound that was reached.
func (m *Machine) hit(which string) {
	m.Stats.BudgetHits++
	m.Stats.Bounds[which]++
	m.exhausted++
	if m.config.Trail != nil {
		m.config.Trail.hit(which)
	}
}

var errorClasses = []string{"Error", "TypeError", "RangeError", "SyntaxError", "ReferenceError", "EvalError", "URIError", "AggregateError"}

// errorClass makes one of the language's error classes.
func (m *Machine) errorClass(name string) *Object {
	var class *Object
	class = m.constructor(name, map[string]Native{"captureStackTrace": nothing}, func(m *Machine, this Value, args []Value) Value {
		o := m.newObject(KindError)
		o.Proto, _ = class.own("prototype").Value.(*Object)
		o.set("stack", &Prop{Value: m.unknown("where it was thrown", "stack"), Hidden: true})
		if name == "AggregateError" {
			o.set("errors", &Prop{Value: m.newArray(m.spread(argument(args, 0))), Hidden: true})
			args = args[min(1, len(args)):]
		}
		if v := argument(args, 0); v != Undefined {
			o.set("message", &Prop{Value: m.toString(v), Hidden: true})
		}
		m.causeOf(o, argument(args, 1))
		return o
	}, nil)
	proto := class.own("prototype").Value.(*Object)
	proto.set("name", &Prop{Value: String(name), Hidden: true})
	proto.set("message", &Prop{Value: String(""), Hidden: true})
	if name == "Error" {
		proto.set("toString", &Prop{Value: m.builtin("toString", errorToString), Hidden: true})
		return class
	}
	class.Proto = m.library["Error"].(*Object)
	proto.Proto = m.prototypeOf("Error")
	return class
}

// causeOf sets an error's cause by the options that its constructor is given.
func (m *Machine) causeOf(o *Object, options Value) {
	switch options := m.settled(options).(type) {
	case *Object:
		switch p := options.Lookup("cause"); {
		case p != nil:
			o.set("cause", &Prop{Value: m.read(p, options), Hidden: true, When: p.When})
		case len(options.open) > 0:
			o.open = append(o.open, options.open...)
		}
	case *Choice, *Unknown:
		o.set("cause", &Prop{Value: m.get(options, "cause", true), Hidden: true})
	}
}

func errorToString(m *Machine, this Value, _ []Value) Value {
	return m.lift(this, func(this Value) Value {
		o, ok := this.(*Object)
		if !ok {
			return m.unknown("an error that is not known", "error")
		}
		part := func(key, otherwise string) Value {
			v := m.property(o, o, key)
			if v == Undefined {
				return String(otherwise)
			}
			return m.toString(v)
		}
		name, message := part("name", "Error"), part("message", "")
		switch {
		case name == String(""):
			return message
		case message == String(""):
			return name
		}
		return m.concat(m.concat(name, String(": ")), message)
	})
}
