package analyzer

import (
	"slices"
	"sync/atomic"

	"github.com/bundlens/bundlens/analyzer/internal/eval"
	"github.com/bundlens/bundlens/analyzer/internal/scope"
	"github.com/bundlens/bundlens/analyzer/internal/zod"
	"github.com/bundlens/bundlens/analyzer/source"
	"github.com/bundlens/bundlens/schema"
)

// Link makes a program of an input's JavaScript modules. Those that a file holds in wrappers are modules of it, too.
func Link(in *source.Input) *scope.Program {
	p := Files(in)
	p.OpenNested()
	return p
}

// Files makes a program of an input's JavaScript files: each is one module.
func Files(in *source.Input) *scope.Program {
	var sources []scope.Source
	toProgram := make([]int, len(in.Modules))
	var toInput []int
	for i := range in.Modules {
		toProgram[i] = -1
		if in.Modules[i].Kind == source.JS {
			toProgram[i] = len(sources)
			toInput = append(toInput, i)
			sources = append(sources, scope.Source{Name: in.Modules[i].Name, Text: in.Modules[i].Source, Strict: in.IsStrict(i), Entry: in.Modules[i].Entry})
		}
	}
	return scope.New(sources, func(from int, specifier string, kind source.ImportKind) (int, bool) {
		i, ok := in.Resolve(in.Modules[toInput[from]].Name, specifier, kind)
		if !ok || toProgram[i] < 0 {
			return 0, false
		}
		return toProgram[i], true
	})
}

// NewMachine returns a machine for a program that was made of an input, as facts get one: it knows schema definitions and
// the files that the program carries with it. Of the options it takes those that answer questions of the world.
func NewMachine(in *source.Input, program *scope.Program, opts Options) *eval.Machine {
	machine, _ := newMachine(in, program, newVersions(program), opts.Assume, nil)
	return machine
}

func newMachine(in *source.Input, program *scope.Program, versions *versions, assume map[string]string, stopped *atomic.Bool) (*eval.Machine, *zod.Library) {
	library := zod.NewLibrary(versions.at)
	config := plainConfig(in, assume, stopped)
	config.Construct, config.Member, config.InstanceOf, config.Call, config.Global = zod.Construct, library.Member, library.InstanceOf, library.Call, library.Global
	return eval.New(program, config), library
}

// plainConfig is that of a machine which knows no library, and evaluates the program's own.
func plainConfig(in *source.Input, assume map[string]string, stopped *atomic.Bool) eval.Config {
	return eval.Config{Assume: assume, Asset: assets(in), Folder: in.Folder, Stopped: stopped}
}

// assets gives the files that a program carries with it; nil where there is none.
func assets(in *source.Input) func(importer, name string) (file string, content []byte, ok bool) {
	isAsset := func(m source.Module) bool { return m.Kind != source.JS }
	if !slices.ContainsFunc(in.Modules, isAsset) {
		return nil
	}
	return func(importer, name string) (string, []byte, bool) {
		i, ok := in.Resolve(importer, name, source.ByImport)
		if !ok {
			i, ok = in.Resolve(importer, name, source.ByRequire)
		}
		if !ok || !isAsset(in.Modules[i]) {
			return "", nil, false
		}
		content, err := in.Modules[i].Read()
		return in.Modules[i].Name, content, err == nil
	}
}

// TextOf is a string value as a Document has it, but for its conditions: each is a text alone, as there is no table of
// questions for it. It is nil for a value that is no string.
func TextOf(m *eval.Machine, v eval.Value) *schema.Text {
	t := (&Pass{Machine: m, Questions: newQuestions()}).Text(v)
	if t != nil {
		sayConditions(t.Parts)
	}
	return t
}

func sayConditions(parts []schema.Part) {
	for i := range parts {
		for k := range parts[i].Choice {
			b := &parts[i].Choice[k]
			b.When = schema.Cond{Text: b.When.String()}
			sayConditions(b.Parts)
		}
		if parts[i].Each != nil {
			sayConditions(parts[i].Each.Parts)
		}
	}
}
