package eval

import (
	"strings"

	"github.com/bundlens/bundlens/schema"
)

// Mode is how a program is run: in a terminal, for a user who answers, or to print one result and end.
type Mode string

// The modes. A world has one of them; the default world is interactive.
const (
	Interactive Mode = "interactive"
	Print       Mode = "print"
)

// modeKey is the Key of the question whether the program is run interactively.
const modeKey = "interactive"

// printFlag is what a program that is to print one result is given on its command line.
const printFlag = "-p"

// mode is the condition that the program is run interactively.
func (m *Machine) mode() *Cond {
	switch Mode(m.config.Assume["mode"]) {
	case Interactive:
		return always
	case Print:
		return never
	}
	return interactively()
}

// interactively is the condition that the program is run interactively, where nothing is known of that.
func interactively() *Cond {
	return atom(&Atom{Key: modeKey, Expr: modeKey, Default: true, Decided: true, subject: &Subject{Kind: schema.KindMode, Name: modeKey}})
}

// Printing is the condition that the program is run to print one result.
func Printing() *Cond { return not(interactively()) }

// process is the world that a program runs in.
func (m *Machine) process() Value {
	o := m.newObject(KindObject)
	o.open = []*Unknown{{Key: "process", Expr: "process", Why: "the running process"}}
	o.set("env", &Prop{Value: m.environ()})
	o.set("platform", &Prop{Value: m.world("platform", "process.platform", "linux")})
	o.set("arch", &Prop{Value: m.world("arch", "process.arch", "x64")})
	o.set("argv", &Prop{Value: m.choose(m.mode(), m.commandLine(), m.commandLine(printFlag))})
	o.set("stdin", &Prop{Value: m.stream("process.stdin")})
	o.set("stdout", &Prop{Value: m.stream("process.stdout")})
	o.set("on", &Prop{Value: m.native(nothing)})
	o.set("cwd", &Prop{Value: m.native(func(m *Machine, _ Value, _ []Value) Value {
		return m.unknown("the directory it runs in", "process.cwd()")
	})})
	versions := m.newObject(KindObject)
	versions.open = []*Unknown{{Key: "process.versions", Expr: "process.versions", Why: "the runtime"}}
	o.set("versions", &Prop{Value: versions})
	return o
}

// commandLineKey is the Key of what the command line may hold beside what is known.
const commandLineKey = "process.argv"

// commandLine is process.argv: the runtime, the program, and the options of the mode. It may hold other options.
func (m *Machine) commandLine(options ...string) *Object {
	file := func(expr, why string) *Text { return &Text{Parts: []Part{{Lit: "/"}, {Hole: m.unknown(why, expr)}}} }
	argv := m.NewArray(file("process.argv[0]", "the runtime's file"), file("process.argv[1]", "the program's file"))
	for _, option := range options {
		argv.Elems = append(argv.Elems, Elem{Value: String(option)})
	}
	argv.open = []*Unknown{{Key: commandLineKey, Expr: "process.argv", Why: "command line", command: true}}
	return argv
}

// stream is a standard stream: a terminal where the program is run interactively.
func (m *Machine) stream(name string) *Object {
	o := m.newObject(KindObject)
	o.open = []*Unknown{{Key: name, Expr: name, Why: "the running process"}}
	o.set("isTTY", &Prop{Value: m.choose(m.mode(), Bool(true), Undefined)})
	return o
}

// ttyModule is Node's tty module: which of the standard streams are terminals.
func (m *Machine) ttyModule() Value {
	o := m.newObject(KindObject)
	o.open = []*Unknown{{Key: "tty", Expr: "tty", Why: "the running process"}}
	o.set("isatty", &Prop{Value: m.native(func(m *Machine, _ Value, args []Value) Value {
		switch argument(args, 0) {
		case Number(0), Number(1):
			return truthValue(m.mode())
		}
		return m.callUnknown(m.unknown("a terminal or not", "isatty"), args)
	})})
	o.set("default", &Prop{Value: o})
	return o
}

func (m *Machine) world(key, expr, def string) Value {
	if s, ok := m.config.Assume[key]; ok {
		return assumedValue(s)
	}
	return &Unknown{Key: expr, Expr: expr, Why: "the machine it runs on", Default: String(def),
		Subject: &Subject{Kind: schema.KindPlatform, Name: expr, Fallback: String(def)}}
}

// assumedValue reads what a user says a question's answer is.
func assumedValue(s string) Value {
	switch s {
	case "true":
		return Bool(true)
	case "false":
		return Bool(false)
	case "undefined":
		return Undefined
	case "null":
		return Null
	}
	if s != "" && strings.IndexByte("0123456789-", s[0]) >= 0 {
		if f := toNumber(String(s)); f == f {
			return Number(f)
		}
	}
	return String(s)
}
