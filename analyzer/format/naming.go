package format

import (
	"cmp"
	"fmt"
	"path"
	"slices"
	"strings"
)

// describe finds what each group can be known by: a text or member that stands in no other one, or else a hash of its
// code without names.
func describe(groups []*group) {
	in := map[string]int{} // by mark: in how many groups it stands
	seen := map[string]bool{}
	for _, g := range groups {
		clear(seen)
		for _, i := range g.units {
			for _, k := range g.module.units[i].marks {
				if !seen[k.text] {
					seen[k.text] = true
					in[k.text]++
				}
			}
		}
	}
	for _, g := range groups {
		g.describe(in)
	}
}

// describe takes the first text of a group that stands in no other, then the first such member, then the rarest of all.
func (g *group) describe(in map[string]int) {
	best, bestRank := "", 1<<30
	for _, i := range g.units {
		u := &g.module.units[i]
		g.digest = g.digest*1099511628211 ^ u.digest
		for _, k := range u.marks {
			word := slug(k.text, 4)
			if len(word) < 3 {
				continue
			}
			rank := 4 * in[k.text]
			if k.kind == markMember {
				rank++
			}
			if !strings.ContainsRune(k.text, ' ') {
				rank++
			}
			if rank < bestRank {
				best, bestRank = word, rank
			}
		}
	}
	if g.kind != groupRuntime {
		g.word, g.unique = best, bestRank < 8
	}
	if g.word == "" {
		g.word = "module"
	}
	for _, i := range g.units {
		g.module.units[i].marks = nil
	}
}

// namer gives names that stay the same in the next build.
type namer struct {
	minified bool
}

// path names the file of each group. Groups with the same name get the hash of their code.
func (n *namer) paths(m *module, folder string) {
	byPath := map[string][]*group{}
	for _, g := range m.groups {
		name := g.word
		if w := g.ownWord(); w != "" {
			name = w
		}
		name = path.Join(folders[g.kind], name)
		if g.origin != "" {
			name = strings.TrimSuffix(cleanOrigin(g.origin), path.Ext(g.origin))
		}
		name = strings.ToLower(name[:1]) + name[1:]
		byPath[strings.ToLower(name)] = append(byPath[strings.ToLower(name)], g)
		g.path = name
	}
	for _, same := range byPath {
		if len(same) > 1 {
			for _, g := range same {
				g.path += "-" + short(g.digest)
			}
		}
	}
	used := map[string]int{}
	for _, g := range m.groups {
		key := strings.ToLower(g.path)
		if used[key]++; used[key] > 1 {
			g.path = fmt.Sprintf("%s-%d", g.path, used[key])
		}
		g.path = path.Join(folder, g.path+".js")
	}
}

// cleanOrigin is a path below the folder, whatever the comment says.
func cleanOrigin(origin string) string {
	var parts []string
	for _, p := range strings.Split(origin, "/") {
		if p != "" && p != "." && p != ".." && p != "node_modules" {
			parts = append(parts, p)
		}
	}
	return strings.Join(parts, "/")
}

// ownWord is the name of the first thing in a group that has one of its own.
func (g *group) ownWord() string {
	if g.kind == groupRuntime || g.kind == groupCommonJS {
		return ""
	}
	for _, want := range []rank{rankExport, rankOwn} {
		for _, i := range g.units {
			for _, u := range g.module.units[i].uses {
				if u.symbol < 0 {
					continue
				}
				if s := g.module.symbols[u.symbol]; s.group == g && s.unit == i && s.best.rank == want {
					return s.best.word
				}
			}
		}
	}
	return ""
}

func short(h uint64) string { return fmt.Sprintf("%04x", (h^h>>16^h>>32^h>>48)&0xffff) }

// symbols names all names of a module: after their hints; several with the same hint get the hash of what their group is
// known by behind it, and those in one group the hash of their own code, then numbers.
func (n *namer) symbols(m *module) {
	globals := m.globals()
	wanted := map[string][]*symbol{}
	for _, s := range m.symbols {
		s.final = s.name
		if s.name != defaultName && (s.kept || !n.minified) {
			globals[s.final] = true
			continue
		}
		word := s.word()
		wanted[word] = append(wanted[word], s)
	}
	for _, word := range sortedKeys(wanted) {
		list := wanted[word]
		if len(list) == 1 && !globals[word] {
			list[0].final = word
			globals[word] = true
			continue
		}
		n.distinguish(word, list, globals)
	}
}

// distinguish names several symbols that are called after the same word.
func (n *namer) distinguish(word string, list []*symbol, taken map[string]bool) {
	named := map[string][]*symbol{}
	for _, s := range list {
		name := word + "_" + s.groupMark()
		named[name] = append(named[name], s)
	}
	for _, name := range sortedKeys(named) {
		same := named[name]
		for _, s := range same {
			candidate := name
			if len(same) > 1 {
				candidate += s.ownMark()
			}
			for k := 2; taken[candidate]; k++ {
				candidate = fmt.Sprintf("%s_%d", strings.TrimSuffix(candidate, fmt.Sprintf("_%d", k-1)), k)
			}
			taken[candidate] = true
			s.final = candidate
		}
	}
}

// groupMark is short for what the symbol's group is known by.
func (s *symbol) groupMark() string {
	if s.group == nil {
		return short(hashOf(s.from + " " + s.import_))
	}
	if s.group.unique {
		return short(hashOf(s.group.word))
	}
	return short(s.group.digest)
}

// ownMark is short for the code that declares the symbol.
func (s *symbol) ownMark() string {
	if s.unit < 0 {
		return ""
	}
	return short(s.module.units[s.unit].digest)
}

func hashOf(text string) uint64 { return digestOf([]byte(text), 0, nil) }

// word is what a symbol is called after.
func (s *symbol) word() string {
	switch {
	case s.unit >= 0 && s.module.units[s.unit].wraps:
		return thunkPrefix[s.module.units[s.unit].thunk] + raised(orElse(s.group.ownWord(), s.group.word))
	case s.best.rank == noRank && s.name == defaultName:
		return "defaultExport"
	case s.best.rank == noRank:
		return "value"
	}
	return s.best.word
}

var thunkPrefix = [...]string{"init", "require"}

// globals are the names that the module uses and does not declare.
func (m *module) globals() map[string]bool {
	names := map[string]bool{}
	for w := range reserved {
		names[w] = true
	}
	for i := range m.units {
		for _, u := range m.units[i].uses {
			if u.local < 0 && u.symbol < 0 {
				names[u.name] = true
			}
		}
	}
	return names
}

func sortedKeys[V any](m map[string]V) []string {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	slices.SortFunc(keys, cmp.Compare[string])
	return keys
}

// locals names what the functions and blocks of a unit declare. A name is none that is used inside and means something
// else, nor one of a scope around it. The names stand by the unit's locals.
func (n *namer) locals(m *module, u *unit, atTop map[string]bool) []string {
	names := make([]string, len(u.locals))
	if u.opaque {
		for i, l := range u.locals {
			names[i] = l.name
		}
		return names
	}
	outer := map[string]bool{}
	for _, use := range u.uses {
		switch {
		case use.symbol >= 0:
			outer[m.symbols[use.symbol].final] = true
		case use.local < 0:
			outer[use.name] = true
		}
	}
	taken := make([]map[string]bool, len(u.parents))
	next := map[numberedWord]int{}
	for i, l := range u.locals {
		if !n.minified {
			l.base = l.name
		}
		names[i] = n.local(u, l, []map[string]bool{outer, atTop, reserved}, taken, next)
	}
	return names
}

// numberedWord is a word in a scope, where some of its numbers are taken.
type numberedWord struct {
	scope int32
	word  string
}

// local names one local: its word, or the word with the first number that is free in the scopes around it.
func (n *namer) local(u *unit, l local, outer, taken []map[string]bool, next map[numberedWord]int) string {
	word := orElse(l.base, "value")
	key := numberedWord{l.scope, word}
	free := func(name string) bool {
		for _, names := range outer {
			if names[name] {
				return false
			}
		}
		for s := l.scope; s >= 0; s = u.parents[s] {
			if taken[s][name] {
				return false
			}
		}
		return true
	}
	name, k := word, max(1, next[key])
	if k > 1 {
		name = numbered(word, k)
	}
	for !free(name) {
		k++
		name = numbered(word, k)
	}
	next[key] = k + 1
	if taken[l.scope] == nil {
		taken[l.scope] = map[string]bool{}
	}
	taken[l.scope][name] = true
	return name
}

// baseName is the last part of a path or specifier, without its extension.
func baseName(specifier string) string {
	name := path.Base(strings.TrimPrefix(specifier, "node:"))
	return strings.TrimSuffix(name, path.Ext(name))
}
