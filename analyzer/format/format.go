// Package format writes a program readably: laid out, its bundle divided into the modules that it was made of, and with
// names that say something in place of minified ones. The names are made from what the code says and does, so that they
// are the same in the next build, and a comparison of two builds shows what changed.
package format

import (
	"context"
	"errors"
	"path"
	"runtime"
	"slices"
	"strings"
	"sync"

	"golang.org/x/sync/errgroup"

	"github.com/bundlens/bundlens/analyzer"
	"github.com/bundlens/bundlens/analyzer/internal/js"
	"github.com/bundlens/bundlens/analyzer/source"
	"github.com/bundlens/bundlens/internal/lazyregexp"
)

// Options say what is written. The zero value is fine.
type Options struct {
	// OneFile writes a file for each module of the input, and does not divide it. Nothing is written beside them.
	OneFile bool
	// Path is what the file is called that is written for the only module; its own name where it is empty.
	Path string
	// SourceMaps writes a source map of each file, to the module of the input.
	SourceMaps bool
	// Only, when not nil, tells whether a place of a module belongs to what is wanted: only what declares something there,
	// and what nothing else uses, is written.
	Only func(module string, start, end int) bool
	// Workers is how many goroutines work; 0 takes one for each processor.
	Workers int
}

// File is one file that was made.
type File struct {
	// Path is relative and separated by "/".
	Path string
	Code []byte
	// Map is its source map as JSON; nil where none was asked for.
	Map []byte
}

// Result counts what was made.
type Result struct {
	Files int
	// Warnings are files that could not be laid out, and stand as they were.
	Warnings []error
}

// Write calls write for every file, module by module; it is not called from several goroutines at once, and the order
// and the bytes are the same for the same input. An error of write ends it.
func Write(ctx context.Context, in *source.Input, opts Options, write func(File) error) (*Result, error) {
	if opts.Workers <= 0 {
		opts.Workers = runtime.GOMAXPROCS(0)
	}
	program := analyzer.Files(in)
	parsers := &sync.Pool{New: func() any { return js.NewParser() }}
	modules := make([]*module, len(program.Modules))
	for i, sm := range program.Modules {
		m := &module{source: sm, path: modulePath(sm.Name)}
		if opts.Path != "" && len(modules) == 1 {
			m.path = opts.Path
		}
		if err := m.surveyAll(ctx, opts.Workers, parsers); err != nil {
			return nil, err
		}
		m.link()
		modules[i] = m
	}
	if len(modules) == 0 {
		return nil, errors.New("there is no JavaScript in it")
	}
	p := &printer{options: opts, write: write, result: &Result{}}
	p.prepare(modules)
	for _, m := range modules {
		if err := p.module(ctx, m); err != nil {
			return nil, err
		}
	}
	return p.result, p.carry(in, modules)
}

// modulePath is the path of a module's file, below the directory that is written.
func modulePath(name string) string {
	p := filePath(name)
	switch path.Ext(p) {
	case ".js", ".mjs", ".cjs":
		return p
	}
	return p + ".js"
}

// filePath is a path below the directory that is written, whatever the name.
func filePath(name string) string {
	var parts []string
	for _, part := range strings.Split(strings.ReplaceAll(name, "\\", "/"), "/") {
		part = strings.Map(func(r rune) rune {
			if r < ' ' || strings.ContainsRune(`<>:"|?*$`, r) {
				return '_'
			}
			return r
		}, part)
		if part != "" && part != "." && part != ".." {
			parts = append(parts, part)
		}
	}
	return orElse(strings.Join(parts, "/"), "module")
}

// printer writes the files of a program.
type printer struct {
	options Options
	namer   namer
	write   func(File) error
	result  *Result
}

// prepare divides the modules and names everything.
func (p *printer) prepare(modules []*module) {
	var groups []*group
	for _, m := range modules {
		m.divide()
		groups = append(groups, m.groups...)
	}
	describe(groups)
	p.namer.minified = isMinified(modules)
	for _, m := range modules {
		p.namer.symbols(m)
		if p.options.OneFile || m.isCall() || !m.isESM && !m.hasThunks() {
			m.whole()
		}
		if len(m.groups) == 1 {
			m.groups[0].path = m.path
		} else {
			p.namer.paths(m, strings.TrimSuffix(m.path, path.Ext(m.path)))
		}
		m.take()
	}
}

// byLoader is how the loader of CommonJS modules begins a module.
var byLoader = lazyregexp.New(`\(function\s*\(exports,\s*require,\s*module,\s*__filename,\s*__dirname\)\s*\{\s*$`)

// isCall tells a module that is one call of a function, to which it hands what it finds around it: what stands in that function is
// no module by itself. The function that a loader calls is none of this.
func (m *module) isCall() bool {
	wrapper := m.source.Index().Wrapper
	return wrapper != [2]uint32{} && !byLoader.Get().Match(m.source.Text[:wrapper[0]])
}

func (m *module) hasThunks() bool {
	return slices.ContainsFunc(m.units, func(u unit) bool { return u.wraps })
}

// job is one file to be made.
type job struct {
	group    *group
	after    *group
	exported map[*symbol]bool
	index    bool
	scope    bool // it is no group, but the loader's scope
}

// module writes the files of a module.
func (p *printer) module(ctx context.Context, m *module) error {
	jobs := p.jobs(m)
	source := placesIn(m.source.Text)
	type made struct {
		file File
		err  error
	}
	results := make([]chan made, len(jobs))
	for i := range results {
		results[i] = make(chan made, 1)
	}
	g, working := errgroup.WithContext(ctx)
	tickets := make(chan struct{}, 4*p.options.Workers) // bounds the files that wait to be written
	next := make(chan int)
	g.Go(func() error {
		defer close(next)
		for i := range jobs {
			select {
			case tickets <- struct{}{}:
				next <- i
			case <-working.Done():
				return working.Err()
			}
		}
		return nil
	})
	for range p.options.Workers {
		g.Go(func() error {
			for i := range next {
				file, err := p.file(m, jobs[i], source)
				results[i] <- made{file, err}
			}
			return nil
		})
	}
	g.Go(func() error {
		for _, c := range results {
			select {
			case r := <-c:
				<-tickets
				if r.err != nil {
					p.result.Warnings = append(p.result.Warnings, r.err)
				}
				p.result.Files++
				if err := p.write(r.file); err != nil {
					return err
				}
			case <-working.Done():
				return working.Err()
			}
		}
		return nil
	})
	return g.Wait()
}

// file makes one file.
func (p *printer) file(m *module, j job, source *places) (File, error) {
	e := &emitter{namer: &p.namer, module: m, group: j.group, path: m.path}
	if j.group != nil {
		e.path = j.group.path
	}
	switch {
	case j.scope:
		e.path = m.scopePath()
		e.loaderScope()
		e.cut(true)
	case j.group == nil:
		e.index(j.after)
		e.cut(true)
	case j.index:
		e.single()
	default:
		e.file(j.after, j.exported)
	}
	out := printing{file: e.path, sourceFile: relative(e.path, modulePath(m.source.Name)), source: source, withMap: p.options.SourceMaps}
	return out.print(&e.text, p.options.Workers)
}

// single writes a module that is one file.
func (e *emitter) single() {
	m := e.module
	if m.isCall() {
		e.copied(m.source.Text, 0, uint32(len(m.source.Text)))
		e.cut(false)
		return
	}
	e.index(nil)
	for _, im := range m.source.Index().Imports {
		if id, ok := m.byName[im.Local]; ok && im.Local != "" {
			e.externalImport(im.From, []string{importClause(im.Imported, m.symbols[id].final)})
		}
	}
	e.cut(true)
	e.body()
}

// jobs are the files of a module: its groups, and its own file.
func (p *printer) jobs(m *module) []job {
	if len(m.groups) == 1 {
		if p.options.Only != nil && !m.wanted(p.options.Only)[m.groups[0]] {
			return nil
		}
		return []job{{group: m.groups[0], index: true}}
	}
	exported := map[*group]map[*symbol]bool{}
	export := func(s *symbol) {
		if exported[s.group] == nil {
			exported[s.group] = map[*symbol]bool{}
		}
		exported[s.group][s] = true
	}
	for _, g := range m.groups {
		for s := range g.used() {
			if s.group != nil && s.group != g {
				export(s)
			}
		}
	}
	for _, x := range m.source.Index().Exports {
		if id, ok := m.byName[x.Local]; ok && x.From == "" && m.symbols[id].group != nil {
			export(m.symbols[id])
		}
	}
	var eager []*group
	for _, g := range m.groups {
		if g != m.runtime && g.eager() {
			eager = append(eager, g)
		}
	}
	slices.SortFunc(eager, func(a, b *group) int { return int(a.firstEager()) - int(b.firstEager()) })
	jobs := make([]job, 0, len(m.groups)+1)
	for _, g := range m.groups {
		j := job{group: g, exported: exported[g]}
		if i := slices.Index(eager, g); i > 0 {
			j.after = eager[i-1]
		}
		jobs = append(jobs, j)
	}
	index := job{}
	if len(eager) > 0 {
		index.after = eager[len(eager)-1]
	}
	if !m.isESM {
		jobs = append(jobs, job{scope: true})
	}
	if p.options.Only != nil {
		wanted := m.wanted(p.options.Only)
		return slices.DeleteFunc(jobs, func(j job) bool { return !wanted[j.group] })
	}
	return append(jobs, index)
}

// wanted are the groups with a place that is asked for, and those that only such groups use.
func (m *module) wanted(only func(module string, start, end int) bool) map[*group]bool {
	wanted := map[*group]bool{}
	users := map[*group][]*group{}
	for _, g := range m.groups {
		for _, i := range g.units {
			u := &m.units[i]
			wanted[g] = wanted[g] || only(m.source.Name, int(u.start), int(u.end))
		}
		for s := range g.used() {
			if s.group != nil && s.group != g {
				users[s.group] = append(users[s.group], g)
			}
		}
	}
	for changed := true; changed; {
		changed = false
		for _, g := range m.groups {
			other := func(user *group) bool { return !wanted[user] }
			if !wanted[g] && g != m.runtime && len(users[g]) > 0 && !slices.ContainsFunc(users[g], other) {
				wanted[g], changed = true, true
			}
		}
	}
	return wanted
}
