// Package flow follows values backwards: from a place where a value is used, such as a request's body, to the
// expressions that it may come from, through names, parameters, calls, callbacks, properties and modules. It reads
// syntax alone and asks no conditions, so that what it finds is what may flow, whatever the configuration.
package flow

import (
	"cmp"
	"maps"
	"math"
	"slices"
	"strings"

	"github.com/bundlens/bundlens/analyzer/internal/js"
	"github.com/bundlens/bundlens/analyzer/internal/scope"
)

// Tag says what a value is used for. Tags are bits, so that a source may have several.
type Tag uint32

// Source is an expression that makes text, or a value that could not be followed into its parts.
type Source struct {
	Node  js.Node
	Tags  Tag
	Paths []*Frame // how it was reached, one for each way; nil for one that is reached directly
	// Join is the call of join that makes one text of the list that the source stands in, by the first way; none where the
	// list does not stay as it is on its way there.
	Join js.Node
}

// Frame is a function on the way to a source, of whose result something is wanted. All calls that want the same of it
// are one frame.
type Frame struct {
	Function js.Node
	Sites    []Site
	outer    *Frame // that of the function around it
	used     []use
	number   uint32
	depth    int // how many frames are within one another: around it, and of the calls in what is wanted of it
	within   *List
}

// Site is a call by which a frame is entered, and the frame in which the call stands.
type Site struct {
	Call     js.Node
	Caller   *Frame
	callback bool // called by a method of an array, for its elements
}

// use is a parameter on which the result of a frame rests, and what of it.
type use struct {
	index int
	path  string
}

type frameKey struct {
	function js.Node
	outer    *Frame
	path     string
	tag      Tag
}

// Bounds of one trace. They are far above what real programs need.
const (
	maxItems   = 100_000 // for each tag, so that one that goes far leaves the others theirs
	maxCurried = 2       // calls among them
	maxNested  = 1       // lists of lists among them
	maxPath    = 5       // members that are taken of one another
	maxDepth   = 8       // frames within one another
	maxWays    = 6       // ways to one source that are kept
)

// item is an expression, and what of it is wanted.
type item struct {
	node   js.Node
	path   string
	ctx    *Frame
	tag    Tag
	within *List
	join   js.Node
}

// Tracer follows values of one program. It is for one goroutine.
type Tracer struct {
	Program *scope.Program
	// Known, when not nil, tells of an expression inside a text that its value is known whole: it is not followed.
	Known func(js.Node) bool
	// Ends, when not nil, tells of an object that nothing is taken of: what it holds is for something else.
	Ends func(object js.Node) bool
	// Reach bounds, for a tag, how many times its values are followed from a parameter to one of several callers. A tag
	// that is not in it has no such bound.
	Reach map[Tag]int
	// Members are the tags whose values are followed from a parameter to calls of its function as a member of an object,
	// which are found by the member's name.
	Members Tag

	work    *work
	frames  map[frameKey]*Frame
	sources map[js.Node]*Source
	order   []*Source
	sites   []Site
	siteIDs map[Site]int
	callers map[exportKey][]js.Node
	names   map[*js.Tree]*names
	classes map[js.Node]*class
	// invocations are the calls of methods by their names; nil before one is asked for.
	invocations map[string][]place
	// assignments are those to members by their names; nil before one is asked for.
	assignments map[string][]place
	held        map[*scope.Module]map[string][]uint32
	objects     []js.Node
	tag         Tag     // of the item under way
	callersUp   int     // of the item under way: the steps that Reach bounds
	within      *List   // of the item under way
	join        js.Node // that puts the elements of a list together as they are, of the item under way
	results     map[resultKey]*Frame
	items       map[Tag]int
}

// New returns a tracer for a program.
func New(p *scope.Program) *Tracer {
	return &Tracer{
		Program: p, work: newWork(), frames: map[frameKey]*Frame{}, sources: map[js.Node]*Source{},
		siteIDs: map[Site]int{}, items: map[Tag]int{}, callers: map[exportKey][]js.Node{}, names: map[*js.Tree]*names{}, classes: map[js.Node]*class{},
		results: map[resultKey]*Frame{}, held: map[*scope.Module]map[string][]uint32{},
	}
}

// Follow adds an expression whose value is wanted. path names members to take of it, separated by slashes; "()"
// stands for what it returns when it is called.
func (t *Tracer) Follow(n js.Node, path string, tag Tag) {
	t.tag, t.join = tag, js.Node{}
	if path == "()" {
		path = t.callElement(js.Node{}, nil, false)
	}
	t.add(n, path, nil)
}

// Run follows everything that was added and returns the sources in the order in which they were found.
func (t *Tracer) Run() []*Source {
	for t.callersUp = 0; t.callersUp < len(t.work.levels); t.callersUp++ {
		for i := 0; i < len(t.work.levels[t.callersUp]); i++ {
			it := t.work.item(t.work.levels[t.callersUp][i])
			if t.items[it.tag]++; t.items[it.tag] > maxItems {
				continue
			}
			t.tag, t.within, t.join = it.tag, it.within, it.join
			t.step(it)
		}
	}
	t.work = newWork() // it is large, and sources are used long after
	return t.order
}

// Objects are the object literals that themselves are wanted, and no member of them, in the order in which they were found.
func (t *Tracer) Objects() []js.Node { return t.objects }

// Answers are the functions whose result itself is wanted for one of the tags, and no member of it, in the order of their
// places.
func (t *Tracer) Answers(tags Tag) []js.Node {
	wanted := map[js.Node]bool{}
	for k := range t.frames {
		if k.tag&tags != 0 && k.path == "" {
			wanted[k.function] = true
		}
	}
	return slices.SortedFunc(maps.Keys(wanted), func(a, b js.Node) int {
		return cmp.Or(a.Tree().Module-b.Tree().Module, cmp.Compare(a.Start(), b.Start()), cmp.Compare(b.End(), a.End()))
	})
}

// Cut returns the tags that were not followed to their end.
func (t *Tracer) Cut() (tags Tag) {
	for tag, n := range t.items {
		if n > maxItems {
			tags |= tag
		}
	}
	return tags
}

// OnlyCalls tells of a function where it is called, if that is one place. shadowed tells whether a name means something
// else at a node than in its module.
func (t *Tracer) OnlyCalls(shadowed func(n js.Node, name string) bool) func(f js.Node) (js.Node, bool) {
	calls := t.followedCalls()
	return func(f js.Node) (js.Node, bool) {
		if call, ok := calledThere(f); ok {
			return call, true
		}
		call, followed := calls[f]
		if !followed {
			for _, c := range t.callersOf(f) {
				if shadowed(c, c.Child(js.FieldFunction).Text()) {
					continue
				}
				if call.Valid() {
					call = js.Node{}
					break
				}
				call = c
			}
			calls[f] = call
		}
		return call, call.Valid()
	}
}

// calledThere is the call of a function expression that is called where it stands.
func calledThere(f js.Node) (js.Node, bool) {
	for f.Parent().Kind() == js.ParenthesizedExpression {
		f = f.Parent()
	}
	call := f.Parent()
	return call, call.Kind() == js.CallExpression && f.Field() == js.FieldFunction
}

// followedCalls are the functions whose results were followed from calls, with the call where it was one.
func (t *Tracer) followedCalls() map[js.Node]js.Node {
	calls := map[js.Node]js.Node{}
	for _, f := range t.frames {
		for _, s := range f.Sites {
			if call, ok := calls[f.Function]; s.callback || ok && call != s.Call {
				s.Call = js.Node{}
			}
			calls[f.Function] = s.Call
		}
	}
	return calls
}

func (t *Tracer) add(n js.Node, path string, ctx *Frame) {
	if !n.Valid() {
		return
	}
	most := maxItems + 1 // one more tells that it is cut
	if _, bounded := t.Reach[t.tag]; bounded {
		most = math.MaxInt // those of a lower level may still come, and go first
	}
	t.work.add(item{n, path, ctx, t.tag, t.within, t.join}, t.callersUp, most)
}

// source notes an expression that makes text.
func (t *Tracer) source(it item) {
	s := t.sources[it.node]
	if s == nil {
		s = &Source{Node: it.node, Join: it.join}
		t.sources[it.node] = s
		t.order = append(t.order, s)
	}
	s.Tags |= it.tag
	if len(s.Paths) < maxWays {
		s.Paths = append(s.Paths, it.ctx)
	}
}

// module is the module that a node stands in.
func (t *Tracer) module(n js.Node) *scope.Module { return t.Program.Modules[n.Tree().Module] }

// cut takes the first element off a path.
func cut(path string) (head, rest string) {
	head, rest, _ = strings.Cut(path, "/")
	return head, rest
}

// join puts an element in front of a path.
func join(head, path string) string {
	if path == "" {
		return head
	}
	return head + "/" + path
}

// endless tells a path that is longer than real ones, or goes round: members of members of a linked structure.
func endless(path string) bool {
	if path == "" {
		return false
	}
	elements := strings.Split(path, "/")
	if len(elements) > maxPath {
		return true
	}
	calls, nested := 0, 0
	for i, a := range elements {
		if a == anyElement {
			if nested++; nested > maxNested {
				return true
			}
		}
		if a[0] == '(' {
			if calls++; calls > maxCurried {
				return true
			}
		}
		if a[0] == '#' || a[0] == '(' || a == ofInstance {
			continue
		}
		for _, b := range elements[:i] {
			if a == b {
				return true
			}
		}
	}
	return false
}

// anyElement is the path element for each element of a list. It is written where what is wanted of the element begins
// with a place in a list, too; elsewhere what is wanted of a list is wanted of its elements.
const anyElement = "#"

// ofElement is what is wanted of a list where a path is wanted of each of its elements.
func ofElement(path string) string {
	if strings.HasPrefix(path, "#") {
		return join(anyElement, path)
	}
	return path
}

// dropIndex takes an index off a path, for what does not tell the elements of a list apart.
func dropIndex(path string) string {
	if strings.HasPrefix(path, "#") {
		_, path = cut(path)
	}
	return path
}

// anyIndex is a path for a list whose elements stand at other places than they are looked for.
func anyIndex(path string) string {
	if strings.HasPrefix(path, "#") {
		return ofElement(dropIndex(path))
	}
	return path
}
