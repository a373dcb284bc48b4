package eval

import (
	"math"
	"strings"

	"github.com/bundlens/bundlens/analyzer/internal/js"
)

// operator returns a binary, unary or assignment operator's text.
func operator(n js.Node) string { return n.Child(js.FieldOperator).Text() }

func (m *Machine) binary(n js.Node, env *Env) Value {
	op := operator(n)
	left := n.Child(js.FieldLeft)
	right := func() Value { return m.Eval(n.Child(js.FieldRight), env) }
	switch op {
	case "&&", "||", "??":
		return m.logical(op, m.Eval(left, env), right)
	case "in":
		if left.Kind() == js.PrivatePropertyIdentifier {
			return m.hasPrivate(n, m.memberName(left), right())
		}
	}
	return m.binaryOp(op, m.Eval(left, env), right())
}

// logical is a short-circuit operator.
func (m *Machine) logical(op string, left Value, right func() Value) Value {
	if op == "??" {
		return m.lift(left, func(v Value) Value {
			switch v := v.(type) {
			case undefined, null:
				return right()
			case *Unknown:
				return m.fork(nullish(v), right, func() Value { return v })
			}
			return v
		})
	}
	cond := Truth(left)
	keep := func() Value { return m.settled(left) }
	if op == "&&" {
		return m.fork(cond, right, func() Value { return falsy(m.settled(left)) })
	}
	return m.fork(cond, keep, right)
}

// falsy is v where it is known not to hold: what is unknown in it is then false or undefined.
func falsy(v Value) Value {
	switch v := v.(type) {
	case *Choice:
		return &Choice{v.Cond, falsy(v.Then), falsy(v.Else)}
	case *Unknown:
		if v.Default != nil && Truth(v.Default).isFalse() {
			return v
		}
		f := *v
		f.Default = Bool(false)
		return &f
	}
	return v
}

// settled is v with the choices decided that the path's assumptions decide.
func (m *Machine) settled(v Value) Value {
	for {
		c, ok := v.(*Choice)
		if !ok {
			return v
		}
		b, known := m.decide(c.Cond)
		if !known {
			return v
		}
		v = pick(c, b)
	}
}

// nullish is the condition that an unknown is null or undefined.
func nullish(u *Unknown) *Cond {
	a := &Atom{Key: u.Key + "==null", Expr: u.Expr + " == null", Default: true, Printing: true, equal: equalityOf(u, nil)}
	if u.Default != nil {
		d, p := Default(u.Default), PrintWorld().Pick(u.Default)
		a.Default, a.Printing, a.Decided = d == Undefined || d == Null, p == Undefined || p == Null, true
	}
	return atom(a)
}

// Equal is the condition that two values are the same.
func (m *Machine) Equal(a, b Value) *Cond { return Truth(m.binaryOp("===", a, b)) }

// binaryOp applies an operator that evaluates both sides, to each alternative of both.
func (m *Machine) binaryOp(op string, a, b Value) Value {
	if op == "+" && (isString(a) || isString(b)) && !isObject(a) && !isObject(b) {
		return m.concat(a, b)
	}
	return m.lift(a, func(a Value) Value {
		return m.lift(b, func(b Value) Value { return m.binaryKnown(op, a, b) })
	})
}

func (m *Machine) binaryKnown(op string, a, b Value) Value {
	ua, aok := a.(*Unknown)
	ub, bok := b.(*Unknown)
	if aok || bok {
		return m.binaryUnknown(op, a, b, ua, ub)
	}
	switch op {
	case "===", "!==":
		return m.equality(a, b, strictEqual, op == "!==")
	case "==", "!=":
		if isObject(a) != isObject(b) && !isAbsent(a) && !isAbsent(b) {
			return m.binaryOp(op, m.primitive(a, "default"), m.primitive(b, "default"))
		}
		return m.equality(a, b, looseEqual, op == "!=")
	case "instanceof":
		return m.instanceOf(a, b)
	case "in":
		return m.in(a, b)
	}
	if isObject(a) || isObject(b) {
		hint := "number"
		if op == "+" {
			hint = "default"
		}
		if isArithmetic(op) && (m.isSource(a) || m.isSource(b)) {
			return Number(math.NaN())
		}
		a = m.primitive(a, hint)
		return m.binaryOp(op, a, m.primitive(b, hint))
	}
	switch op {
	case "+":
		if isString(a) || isString(b) {
			return m.concat(a, b)
		}
	case "<", ">", "<=", ">=":
		return m.compare(op, a, b)
	}
	return m.arithmetic(op, a, b)
}

func (m *Machine) equality(a, b Value, equal func(a, b Value) bool, negate bool) Value {
	if isText(a) || isText(b) {
		if cannotEqual(a, b) {
			return Bool(negate)
		}
		u := m.unknown("compares a text with holes", m.Describe(a)+" === "+m.Describe(b))
		if negate {
			return &Choice{atomOf(u), Bool(false), Bool(true)}
		}
		return u
	}
	return Bool(equal(a, b) != negate)
}

// cannotEqual tells that a text with holes differs from a value: another type, or a literal start that differs.
func cannotEqual(a, b Value) bool {
	t, ok := a.(*Text)
	if !ok {
		a, b = b, a
		t = a.(*Text)
	}
	s, ok := b.(String)
	if !ok {
		return !isText(b)
	}
	first, last := t.Parts[0].Lit, t.Parts[len(t.Parts)-1].Lit
	return !strings.HasPrefix(string(s), first) || !strings.HasSuffix(string(s), last)
}

// binaryUnknown is an operator on something unknown: unknown itself, with a default where both sides have one.
func (m *Machine) binaryUnknown(op string, a, b Value, ua, ub *Unknown) Value {
	if op == "!==" || op == "!=" {
		return m.lift(m.binaryUnknown(positive(op), a, b, ua, ub), func(v Value) Value {
			if u, ok := v.(*Unknown); ok {
				return &Choice{atomOf(u), Bool(false), Bool(true)}
			}
			return Bool(v != Bool(true))
		})
	}
	if ua != nil && ub != nil && ua.Key == ub.Key && (op == "===" || op == "==") {
		return Bool(true)
	}
	if u, other := either(ua, ub, a, b); op == "===" && isObject(other) && isVariable(u) {
		return Bool(false)
	}
	if op == "==" {
		if u, other := either(ua, ub, a, b); u != nil && (other == Null || other == Undefined) {
			return &Choice{nullish(u), Bool(true), Bool(false)}
		}
	}
	if op == "in" && ub == nil {
		if among, ok := m.amongKeys(ua, b); ok {
			return truthValue(among)
		}
	}
	if turned, ok := reversed[op]; ok && ua == nil {
		op, a, b, ua, ub = turned, b, a, ub, ua
	}
	if op == "==" && (isTypeof(ua) || isTypeof(ub)) {
		op = "==="
	}
	key := m.keyed(func(room []byte) []byte { return addKey(append(addKey(room, a), op...), b) })
	expr := m.keyed(func(room []byte) []byte {
		return m.appendExpr(append(append(append(m.appendExpr(room, a), ' '), op...), ' '), b)
	})
	u := &Unknown{Key: key, Expr: expr, Why: whyOf(ua, ub)}
	u.madeOf(a, b)
	if op == "===" && ub == nil && isPrimitive(b) {
		u.equal = equalityOf(ua, b)
	}
	da, db := Default(a), Default(b)
	if op == "===" {
		// what is not known is taken as absent, here as in every other condition
		if _, other := either(ua, ub, a, b); other == Undefined && (isUnknown(da) || isUnknown(db)) {
			u.Default = Bool(true)
			return u
		}
	}
	if !isUnknown(da) && !isUnknown(db) {
		u.Default = m.binaryKnown(op, da, db)
		if isUnknown(u.Default) {
			u.Default = nil
		}
	}
	return u
}

// maxKeysAsked is how many members of an object a test for an unknown one names.
const maxKeysAsked = 32

// amongKeys is the condition that something unknown is the name of one of an object's members.
func (m *Machine) amongKeys(u *Unknown, v Value) (c *Cond, ok bool) {
	o, ok := v.(*Object)
	if !ok || o.Kind != KindObject || o.Proto != nil || len(o.open) > 0 {
		return nil, false
	}
	keys := o.AllKeys()
	if len(keys) > maxKeysAsked {
		return nil, false
	}
	c = never
	for _, k := range keys {
		c = or(c, and(orTrue(o.Own(k).When), m.Equal(u, String(k))))
	}
	return c, true
}

// reversed are the operators with their sides exchanged: a constant stands on the right.
var reversed = map[string]string{"===": "===", "==": "==", "<": ">", ">": "<", "<=": ">=", ">=": "<="}

// isTypeof tells what typeof gives, which is a string for certain.
func isTypeof(u *Unknown) bool { return u != nil && strings.HasPrefix(u.Key, "typeof") }

// isVariable tells an environment variable, which is a string or undefined.
func isVariable(u *Unknown) bool { return strings.HasPrefix(u.Key, "env:") }

func isObject(v Value) bool { _, ok := v.(*Object); return ok }

func isPrimitive(v Value) bool {
	switch v.(type) {
	case String, Number, Bool, null, undefined, BigInt, *Symbol:
		return true
	}
	return false
}

func positive(op string) string {
	if op == "!==" {
		return "==="
	}
	return "=="
}

func either(ua, ub *Unknown, a, b Value) (*Unknown, Value) {
	if ua != nil {
		return ua, b
	}
	return ub, a
}

func whyOf(a, b *Unknown) string {
	if a != nil {
		return a.Why
	}
	return b.Why
}

func isUnknown(v Value) bool { _, ok := v.(*Unknown); return ok }

func (m *Machine) unary(n js.Node, env *Env) Value {
	arg := n.Child(js.FieldArgument)
	op := operator(n)
	switch op {
	case "typeof":
		if arg.Kind() == js.Identifier && m.cell(env, arg.Text()) == nil {
			name := arg.Text()
			if t, ok := ofHost[name]; ok {
				return String(t)
			}
			if _, ok := m.library[name]; !ok && name != "require" && m.space.own(name) == nil {
				return String("undefined")
			}
		}
	case "delete":
		return m.deleteMember(arg, env)
	case "!":
		if isLogical(arg) {
			return truthValue(not(m.Condition(arg, env)))
		}
	}
	return m.lift(m.Eval(arg, env), func(v Value) Value { return m.unaryKnown(op, v) })
}

// place is what an assignment writes to, evaluated once: how it is read and written.
func (m *Machine) place(n js.Node, env *Env) (read func() Value, write func(Value)) {
	for n.Kind() == js.ParenthesizedExpression {
		n = n.FirstChild()
	}
	if n.Kind() != js.MemberExpression && n.Kind() != js.SubscriptExpression || n.Child(js.FieldObject).Kind() == js.Super {
		return func() Value { return m.Eval(n, env) }, func(v Value) { m.assignTo(n, v, env) }
	}
	r := m.reference(n, env)
	return func() Value { return m.index(r.base, r.key, false) }, func(v Value) { m.assignAt(n, r, v) }
}

func (m *Machine) update(n js.Node, env *Env) Value {
	arg := n.Child(js.FieldArgument)
	read, write := m.place(arg, env)
	old := m.lift(read(), func(v Value) Value {
		if o, ok := v.(*Object); ok {
			v = m.primitive(o, "number")
		}
		switch v.(type) {
		case *Unknown, BigInt, Number:
			return v
		}
		return m.number(v)
	})
	op := operator(n)[:1]
	next := m.lift(old, func(v Value) Value {
		if _, big := v.(BigInt); big {
			return m.binaryKnown(op, v, BigInt("1"))
		}
		return m.binaryKnown(op, v, Number(1))
	})
	write(next)
	if n.Child(js.FieldOperator).Start() < arg.Start() {
		return next
	}
	return old
}

func (m *Machine) augmented(n js.Node, env *Env) Value {
	left := n.Child(js.FieldLeft)
	right := func() Value { return m.Eval(n.Child(js.FieldRight), env) }
	op := strings.TrimSuffix(operator(n), "=")
	read, write := m.place(left, env)
	old := read()
	switch op {
	case "&&", "||", "??":
		return m.logical(op, old, func() Value {
			v := right()
			m.nameFunction(v, left)
			write(v)
			return v
		})
	}
	v := m.binaryOp(op, old, right())
	write(v)
	return v
}

// isLogical tells `a && b` and `a || b`, in parentheses or not.
func isLogical(n js.Node) bool {
	for n.Kind() == js.ParenthesizedExpression {
		n = n.FirstChild()
	}
	op := operator(n)
	return n.Kind() == js.BinaryExpression && (op == "&&" || op == "||")
}
