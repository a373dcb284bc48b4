package eval

import (
	"math"
	"strconv"
	"strings"
	"sync/atomic"

	"golang.org/x/text/collate"

	"github.com/bundlens/bundlens/analyzer/internal/js"
	"github.com/bundlens/bundlens/analyzer/internal/scope"
	"github.com/bundlens/bundlens/internal/ecma"
)

// Config says how a Machine evaluates.
type Config struct {
	// Assume answers questions of the world: "env.NAME", "flag.KEY", "platform", "mode". A value
	// "undefined" unsets.
	Assume map[string]string
	// Construct, when not nil, is asked about every `new f(args)`: what it returns takes the place of the instance.
	Construct func(m *Machine, f *Object, args []Value) (Value, bool)
	// Member, when not nil, is asked for a property of a value that Construct made.
	Member func(m *Machine, host *Object, key string) (Value, bool)
	// Global, when not nil, is asked for a property of the global object that the language does not have.
	Global func(m *Machine, key string) (Value, bool)
	// InstanceOf, when not nil, is asked whether a value that Construct made is an instance of a class; ok is false
	// where that is not known.
	InstanceOf func(m *Machine, host, class *Object) (is, ok bool)
	// Call, when not nil, is asked about every call of a function of the program.
	Call func(m *Machine, f *Object, this Value, args []Value) (Value, bool)
	// Asset, when not nil, gives the content of a file that the program carries with it: by its name as the module
	// called importer has it, or by its own name where importer is "".
	Asset func(importer, name string) (file string, content []byte, ok bool)
	// Folder, when not nil, gives the names of what lies in a folder of the program, those of folders with a slash; ok is
	// false where that is not known.
	Folder func(name string) (names []string, ok bool)
	// Trail, when not nil, records what evaluations do.
	Trail *Trail
	// Stopped, when not nil, ends all evaluations once it is true: what they did not get to is out of budget.
	Stopped *atomic.Bool
}

// Machine evaluates expressions of one program. It is for one goroutine. What it has found of module-level names
// is kept; an evaluation's own writes to them are undone when it ends, so that the order of evaluations does not
// change what they give.
type Machine struct {
	Program    *scope.Program
	config     Config
	globals    map[globalName]*Cell
	roots      map[rootKey]*Env
	spaces     map[int]*Object
	library    map[string]Value
	space      *Object            // globalThis
	variables  variables          // of the environment
	prototypes map[string]*Object // of the language's classes, by their names
	indexed    ecma.Units         // see unitsOf
	scanned    scanned            // see runesOf
	hoisted    map[nodeKey]*hoist
	sources    map[nodeKey]*sources
	kept       map[globalName]map[string][]kept // assignments to members of what a function keeps
	fields     map[nodeKey]map[string][]js.Node // assignments to members of this in a class
	memo       map[memoKey]*memoEntry
	units      map[nodeKey]*division
	private    map[nodeKey]map[string]bool // the private names that a class declares
	loaded     map[int]*commonJS
	// the scopes around what is evaluated where it stands
	enclosing map[nodeKey]*Env
	collator  *collate.Collator // made when it is first needed, as its tables take a while

	assumed    assumptions
	journal    *journal
	room       []byte // see keyed
	recent     recentTexts
	spare      *journal // those that are not in use, by outer
	clock      uint64
	only       *World // if not nil, the one world that is evaluated
	guesses    int    // questions that were answered as the one world does, so far
	changed    uint64 // the clock when the oldest of what was changed was made; see changes
	run        uint64 // the outermost evaluation under way
	runs       uint64
	steps      int
	limit      int
	ceiling    int  // of Stats.Steps
	aside      bool // on a branch that the default world does not take
	depth      int
	forced     int
	shortened  js.Node                   // the part of an optional chain that was evaluated last, if nothing came of it
	nested     int                       // evaluations under way
	guards     int                       // what an exception would be noticed by: try statements and branches
	catching   int                       // try statements around, within the evaluation under way
	joining    map[*Object]bool          // arrays whose text is being made
	affecting  bool                      // a statement is run for what it does to a name's object
	begun      map[int]*beginning        // modules that began, by their numbers
	large      bool                      // see isLarge
	started    bool                      // see startProgram
	beginnings []*beginning              // those that do so now
	later      bool                      // a function that such a statement calls has waited: what it does then comes later
	running    map[unitKey]int           // statements that are run for a name's object, and how many names were asked for by then
	filledBy   map[*Cell][]unitKey       // the statements that were run for the object of a name
	views      map[*byte][]*Object       // bytes that lie in one memory, by its last byte
	generators []*generator              // whose bodies wait
	twins      map[*generator]*generator // see ownGenerator
	templates  map[nodeKey]*Object       // the lists that tags are given, by their places
	exhausted  int                       // calls that ran out of budget, so far
	missed     map[string]int            // keys that were looked up in the program's state and are not there, and how often
	cycle      int                       // lowest depth of forcing that a name in progress was met at
	active     []activation              // whose calls are under way in the outermost evaluation
	tooDeep    int                       // evaluations that were not begun because too many waited, so far
	watch      *watch
	callOf     func(js.Node) (js.Node, bool) // see CalledFrom
	passing    map[js.Node]bool              // functions with a parameter that is being looked for
	turns      [maxForced + 2]uint64         // of the names that are being found, by rank: how many were begun before
	turned     uint64
	supposed   map[string]Value // see Suppose
	options    map[string]Value // see SupposeOptions
	Stats      Stats
}

// Stats counts what evaluations met.
type Stats struct {
	Steps      int // see takesStep
	BudgetHits int
	Bounds     map[string]int // how often each bound was reached, by what it is of
	Unresolved map[string]int // names that nothing declares
}

type (
	globalName struct {
		module int
		thunk  int32
		name   string
	}
	rootKey struct {
		module int
		thunk  int32
	}
	nodeKey struct {
		tree  *js.Tree
		index uint32
	}
	memoKey struct {
		f       *Object
		args    string
		open    bool // an argument is unknown
		guarded bool // an exception would be noticed
		caught  bool // a try statement is around
		only    *World
	}
)

// New returns a machine for a program.
func New(p *scope.Program, config Config) *Machine {
	m := &Machine{
		Program: p, config: config,
		globals: map[globalName]*Cell{}, roots: map[rootKey]*Env{}, spaces: map[int]*Object{},
		hoisted: map[nodeKey]*hoist{}, sources: map[nodeKey]*sources{}, fields: map[nodeKey]map[string][]js.Node{}, kept: map[globalName]map[string][]kept{}, memo: map[memoKey]*memoEntry{}, enclosing: map[nodeKey]*Env{},
		units: map[nodeKey]*division{}, private: map[nodeKey]map[string]bool{}, loaded: map[int]*commonJS{}, begun: map[int]*beginning{}, passing: map[js.Node]bool{},
		cycle: maxForced + 1,
	}
	m.Stats.Unresolved, m.Stats.Bounds, m.missed = map[string]int{}, map[string]int{}, map[string]int{}
	m.prototypes, m.joining, m.twins, m.views, m.running, m.filledBy = map[string]*Object{}, map[*Object]bool{}, map[*generator]*generator{}, map[*byte][]*Object{}, map[unitKey]int{}, map[*Cell][]unitKey{}
	m.templates = map[nodeKey]*Object{}
	m.limit, m.ceiling, m.large = maxSteps, math.MaxInt, isLarge(p)
	m.library = m.newLibrary()
	return m
}

// thrown is the panic by which a JavaScript exception unwinds to the statement or branch that deals with it.
type thrown struct{ value Value }

// Run evaluates by f as one outermost evaluation: with fresh budgets, no assumptions, and everything as it was before
// any evaluation; its own writes to what existed before are undone. A JavaScript exception gives an Unknown.
func (m *Machine) Run(f func() Value) Value {
	v, _ := m.within(maxSteps, f)
	return v
}

// RunWithin is Run with a budget of its own, for what is worth less than a whole one.
func (m *Machine) RunWithin(steps int, f func() Value) Value {
	v, _ := m.within(min(steps, maxSteps), f)
	return v
}

// thrownKey marks the Unknown that stands for a JavaScript exception.
const thrownKey = "throw"

// within is Run with a budget, and tells how much of it was used.
func (m *Machine) within(budget int, f func() Value) (v Value, used int) {
	if m.over() {
		m.Stats.BudgetHits++
		return outOfBudget, budget
	}
	if m.nested >= maxNested {
		m.tooDeep++
		return m.overBudget("nested evaluations"), budget
	}
	m.nested++
	guards, catching := m.guards, m.catching
	m.guards, m.catching = min(guards, 1), min(catching, 1)
	defer func() { m.nested--; m.guards, m.catching = guards, catching }()
	assumed, outer, steps, limit, depth, active, aside := m.assumed, m.journal, m.steps, m.limit, m.depth, m.active, m.aside
	m.assumed, m.steps, m.limit, m.depth, m.active, m.aside = assumptions{}, 0, budget, 0, active[len(active):], false
	run := m.run
	m.runs++
	m.run = m.runs
	outer.suspend()
	m.journal = m.newJournal(nil)
	generators := len(m.generators)
	defer func() {
		if made := m.generators[generators:]; len(made) > 0 {
			m.generators = m.generators[:generators]
			m.abandon(made)
		}
		m.forget(m.endJournal())
		outer.resume()
		if used = m.steps; used > budget {
			m.hit("steps")
		}
		m.assumed, m.journal, m.steps, m.limit, m.depth, m.active, m.aside = assumed, outer, steps, limit, depth, active, aside
		m.run = run
		if r := recover(); r != nil {
			t, ok := r.(thrown)
			if !ok {
				panic(r)
			}
			v = &Unknown{Key: thrownKey, Expr: "throw", Why: "throws " + m.Describe(t.value), thrown: t.value}
		}
	}()
	return f(), 0
}

// OutOfBudget is the Key of what an evaluation did not get to; it stands in the keys of all that rests on that.
const OutOfBudget = "budget used up"

var outOfBudget = fixedUnknown(Unknown{Key: OutOfBudget, Expr: "...", Why: "evaluation budget used up"})

// unknown makes a value that is not known; what it is called tells it apart.
func (m *Machine) unknown(why, expr string) *Unknown {
	return &Unknown{Key: expr, Expr: expr, Why: why}
}

// unknownAt is unknown for an expression of the program: its place tells it apart. expr says what it is; the source itself
// would not do, whose names are others in each build.
func (m *Machine) unknownAt(n js.Node, expr, why string) *Unknown {
	return &Unknown{Key: place(n), Expr: expr, Why: why}
}

// place tells a node of the program from all others; a part that a broken program lacks has none.
func place(n js.Node) string {
	if !n.Valid() {
		return "missing"
	}
	return strconv.Itoa(n.Tree().Module) + ":" + strconv.Itoa(int(n.Start())) + "-" + strconv.Itoa(int(n.End()))
}

func shorten(s string) string {
	if !isTidy(s) {
		s = strings.Join(strings.Fields(s), " ")
	}
	if len(s) > 80 {
		return strings.ToValidUTF8(s[:77], "") + "..."
	}
	return s
}

// isTidy tells a text in which single spaces are all the white space, and stand between other things.
func isTidy(s string) bool {
	space := true
	for i := range len(s) {
		c := s[i]
		if c >= 0x80 || c < ' ' || c == ' ' && space {
			return false
		}
		space = c == ' '
	}
	return s == "" || !space
}

func pick(c *Choice, cond bool) Value {
	if cond {
		return c.Then
	}
	return c.Else
}

// choose is the value "cond ? a : b".
func (m *Machine) choose(cond *Cond, a, b Value) Value {
	switch {
	case cond.isTrue():
		return a
	case cond.isFalse():
		return b
	case a == nil:
		return b
	case b == nil:
		return a
	case same(a, b):
		return a
	}
	if v, known := m.decide(cond); known {
		return pick(&Choice{Then: a, Else: b}, v)
	}
	if isString(a) && isString(b) && (isText(a) || isText(b) || long(a) && long(b)) {
		return makeText(factor(cond, m.parts(a), m.parts(b)))
	}
	c := &Choice{cond, a, b}
	if leaves(c) > maxLeaves {
		key := "alternatives " + strconv.FormatUint(hashOfLeaves(c), 36)
		return &Unknown{Key: key, Expr: "alternatives", Why: "too many alternatives", Default: defaultByMode(c)}
	}
	return c
}

func isText(v Value) bool { _, ok := v.(*Text); return ok }

func long(v Value) bool { s, ok := v.(String); return ok && len(s) > 120 }

func leaves(v Value) int {
	c, ok := v.(*Choice)
	if !ok {
		return 1
	}
	return leaves(c.Then) + leaves(c.Else)
}

// hashOfLeaves tells a value from others by what it may be, and when.
func hashOfLeaves(v Value) uint64 {
	if c, ok := v.(*Choice); ok {
		return mix(mix(c.Cond.hash, hashOfLeaves(c.Then)), hashOfLeaves(c.Else))
	}
	return hashOf(keyOf(v))
}

// same tells whether two values are surely the same.
func same(a, b Value) bool {
	switch a := a.(type) {
	case *Text:
		t, ok := b.(*Text)
		return ok && (a == t || sameParts(a.Parts, t.Parts))
	case *Choice:
		c, ok := b.(*Choice)
		return ok && (a == c || a.Cond.same(c.Cond) && same(a.Then, c.Then) && same(a.Else, c.Else))
	case *Unknown:
		u, ok := b.(*Unknown)
		return ok && a.Key == u.Key
	case Number:
		n, ok := b.(Number)
		return ok && sameValue(a, n)
	}
	return strictEqual(a, b)
}

// Default is what v is in the default world; unknown values stay.
func Default(v Value) Value {
	for range 4 * maxLeaves {
		switch x := v.(type) {
		case *Choice:
			v = pick(x, x.Cond.Default())
		case *Unknown:
			if x.Default == nil {
				return v
			}
			v = x.Default
		default:
			return v
		}
	}
	return v
}

// defaultByMode is what v is in the default world of the mode: a choice where the modes differ.
func defaultByMode(v Value) Value {
	d, p := Default(v), PrintWorld().Pick(v)
	if same(d, p) {
		return d
	}
	return &Choice{interactively(), d, p}
}

// lift applies f to each alternative of v under its condition.
func (m *Machine) lift(v Value, f func(Value) Value) Value {
	c, ok := v.(*Choice)
	if !ok {
		return f(v)
	}
	if b, known := m.decide(c.Cond); known {
		return m.lift(pick(c, b), f)
	}
	if m.spent() {
		return outOfBudget
	}
	return m.fork(c.Cond, func() Value { return m.lift(c.Then, f) }, func() Value { return m.lift(c.Else, f) })
}

// fork evaluates a under cond and b under its negation, each from the same state, joins what they wrote, and
// returns the choice of their values. An outcome that throws is not taken.
func (m *Machine) fork(cond *Cond, a, b func() Value) Value {
	if v, known := m.decide(cond); known {
		if v {
			return a()
		}
		return b()
	}
	va, wa, ta := m.branch(cond, true, a)
	vb, wb, tb := m.branch(cond, false, b)
	if ta != nil && tb != nil {
		panic(*ta)
	}
	switch {
	case ta != nil && m.catching > 0:
		m.merge(cond, nil, wb)
		va = m.choose(cond, m.orThrown(nil, ta.value), vb)
	case tb != nil && m.catching > 0:
		m.merge(cond, wa, nil)
		va = m.choose(cond, va, m.orThrown(nil, tb.value))
	case ta != nil:
		va = vb
		m.apply(wb)
	case tb != nil:
		m.apply(wa)
	default:
		m.merge(cond, wa, wb)
		va = m.choose(cond, va, vb)
	}
	m.forget(wa)
	m.forget(wb)
	return va
}

// perhaps runs f where cond holds: its value there, and what it wrote under the condition.
func (m *Machine) perhaps(cond *Cond, f func() Value) Value {
	v, w, _ := m.branch(cond, true, f)
	m.merge(cond, w, nil)
	m.forget(w)
	return v
}

// otherShare is the part of its budget, one in so many, that an evaluation keeps from a branch that the default world
// does not take. What stands on such a branch shares that: how often a program nests its conditions makes no difference.
const otherShare = 2

// branch runs f with cond being value, takes back what f wrote and returns it, for forget when it is not needed any more.
func (m *Machine) branch(cond *Cond, value bool, f func() Value) (v Value, w *journal, t *thrown) {
	path := m.assumed.assume(cond, value)
	watched := m.watch.assume(cond, value)
	outer, depth, limit, ceiling, guards, aside := m.journal, m.depth, m.limit, m.ceiling, m.guards, m.aside
	m.guards++
	m.journal = m.newJournal(outer)
	if !aside && value != cond.Default() {
		// what the default world takes comes before what it does not
		m.aside = true
		m.limit -= max(0, m.limit-m.steps) / otherShare
		m.ceiling -= max(0, m.ceiling-m.Stats.Steps) / otherShare
	}
	defer func() {
		if m.steps > m.limit || m.Stats.Steps > m.ceiling {
			m.exhausted++
		}
		if r := recover(); r != nil {
			caught, ok := r.(thrown)
			if !ok {
				panic(r)
			}
			t = &caught
		}
		w = m.endJournal()
		m.journal, m.depth, m.limit, m.ceiling, m.guards, m.aside = outer, depth, limit, ceiling, guards, aside
		m.assumed.back(path)
		m.watch.back(watched)
	}()
	return f(), w, nil
}

// Throw raises a JavaScript exception.
func (m *Machine) throw(v Value) { panic(thrown{v}) }
