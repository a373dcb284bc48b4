package eval

import "testing"

// TestRunIn evaluates in one world what has too many outcomes to be evaluated in all.
func TestRunIn(t *testing.T) {
	const src = `function forks(){let l=[];for(let i=0;i<40;i++){if(process.env["K"+i]){l=[...l,"a","c"]}else{l=["b",...l]}}return l.length}
function wait(s){for(let n=0;;n++)if(s.done)return n}
function up(p){let n=0;while(p!=="/"){n++;let q=parent(p);if(q===p)break;p=q}return n}
function each(l){let s="";for(let e of l)s+=e;return s}
var kept=process.env.A?"set":"unset",here=forks(),out=()=>[forks(),kept,each(names),wait(steps),up(here0)].join(" ")`
	for name, c := range map[string]struct {
		world *World
		want  string
	}{
		"default": {&World{}, `"40 unset {each names: <names[]>} <...> 1"`},
		"set":     {&World{Answers: map[string]bool{"env:A": true, "env:K1": true}}, `"41 set {each names: <names[]>} <...> 1"`},
	} {
		m, module := load(t, src, Config{})
		call := func() Value { return m.Call(m.force(m.global(module, -1, "out")), Undefined, nil) }
		got := m.RunIn(c.world, maxSteps, call)
		if show(m, got) != c.want {
			t.Errorf("%s: got %s, want %s", name, show(m, got), c.want)
		}
		if m.only != nil {
			t.Errorf("%s: the world stays", name)
		}
		if all := m.Run(call); show(m, all) == c.want {
			t.Errorf("%s: what all worlds give is taken for what one gives", name)
		}
		if kept := m.force(m.global(module, -1, "kept")); show(m, kept) != `(process.env.A ? "set" : "unset")` {
			t.Errorf("%s: a name of the module is %s", name, show(m, kept))
		}
	}
}

// TestRunInSettled leaves open what nothing settles, and answers what the world does.
func TestRunInSettled(t *testing.T) {
	const src = `function out(){let s=fs.statSync(".git").isDirectory()?"Yes":"No";if(process.env.A)s+="!";return s}`
	m, module := load(t, src, Config{})
	call := func() Value { return m.Call(m.force(m.global(module, -1, "out")), Undefined, nil) }
	for _, c := range []struct {
		world *World
		want  string
	}{
		{&World{}, `"No"`},
		{&World{Settled: true}, `(fs.statSync(".git").isDirectory() ? "Yes" : "No")`},
	} {
		if got := show(m, m.RunIn(c.world, maxSteps, call)); got != c.want {
			t.Errorf("settled %t: got %s, want %s", c.world.Settled, got, c.want)
		}
	}
}
