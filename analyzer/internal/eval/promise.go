package eval

import "github.com/bundlens/bundlens/analyzer/internal/js"

// Evaluation does not wait: any value is the promise of itself. One that is rejected is an Unknown with what was thrown.

func isAsync(n js.Node) bool { return n.ChildOfKind(js.KeywordAsync).Valid() }

// What the keys begin with of a promise that is rejected, and of what throws.
const rejectedKey, throwsKey = "rejected ", "throws "

// rejected is a promise that is rejected with v.
func (m *Machine) rejected(v Value) *Unknown {
	return &Unknown{Key: rejectedKey + m.Describe(v), Expr: "a rejected promise", Why: "throws " + m.Describe(v), thrown: v}
}

// await is the value of a promise; it throws where that is rejected.
func (m *Machine) await(v Value) Value {
	if u, ok := v.(*Unknown); ok && u.thrown != nil {
		m.throw(u.thrown)
	}
	return v
}

// awaited are the methods of promises.
var awaited = map[string]bool{"then": true, "catch": true, "finally": true}

// awaitable calls a method of promises of a value.
func (m *Machine) awaitable(v Value, name string, args []Value) (Value, bool) {
	switch name {
	case "then":
		m.later = true
		if len(args) > 0 && IsFunction(args[0]) {
			return m.Call(args[0], Undefined, []Value{v}), true
		}
		return v, true
	case "catch":
		return v, true
	case "finally":
		return v, true
	}
	return nil, false
}

// handled calls a method of promises of a rejected one.
func (m *Machine) handled(u *Unknown, name string, args []Value) Value {
	handler, given := argument(args, 0), []Value{u.thrown}
	switch name {
	case "then":
		handler = argument(args, 1)
	case "finally":
		if IsFunction(handler) {
			m.Call(handler, Undefined, nil)
		}
		return u
	}
	if !IsFunction(handler) {
		return u
	}
	return m.Call(handler, Undefined, given)
}
