package zod

import (
	"strings"

	"github.com/bundlens/bundlens/analyzer/internal/eval"
	"github.com/bundlens/bundlens/internal/lazyregexp"
	"github.com/bundlens/bundlens/internal/zod"
)

// InstanceOf tells whether a schema is an instance of a class of the library; it is for eval.Config. A class of
// version 4 knows its own name. One of version 3 is known by the schemas that it makes.
func (l *Library) InstanceOf(m *eval.Machine, host, class *eval.Object) (is, ok bool) {
	s := Of(host)
	if s == nil || class.Func == nil {
		return false, false
	}
	for c, depth := s.constr, 0; c != nil && depth < 64; c, depth = c.Proto, depth+1 {
		if c == class || c.Site == class.Site && class.Own("name") == nil && class.Site != (eval.Site{}) {
			return true, true
		}
	}
	d := l.Def(m, s, eval.World{})
	if d.Kind == zod.KindUnresolved {
		return false, false
	}
	if d.Dialect.Family == zod.V3 {
		return isInstanceV3(d, class)
	}
	return isInstanceV4(d, className(class)), true
}

// isInstanceV4 tells by a class's own name. The classes of the core, with a $, are the parents of the others.
func isInstanceV4(d *zod.Def, class string) bool {
	core, isCore := strings.CutPrefix(class, "$")
	switch core {
	case "ZodType", "ZodMiniType":
		return true
	case "ZodCheck":
		return d.Check != nil
	case "ZodStringFormat":
		return d.Kind == zod.KindString && d.Check != nil
	case "ZodNumberFormat":
		return d.Kind == zod.KindNumber && d.Check != nil
	}
	own := strings.TrimPrefix(d.Class, "$")
	if !isCore {
		return own == core
	}
	return strings.TrimPrefix(own, "ZodMini") == strings.TrimPrefix(core, "Zod") ||
		strings.EqualFold(strings.TrimPrefix(core, "Zod"), strings.ReplaceAll(string(d.Kind), "_", "")) || own == core
}

var typeName = lazyregexp.New(`\btypeName:\s*[\w$.]+\.(Zod\w+)`)

// isInstanceV3 tells by the type name that a class's own factory gives. The class without a parent is that of all.
func isInstanceV3(d *zod.Def, class *eval.Object) (is, ok bool) {
	if class.Proto == nil {
		return true, true
	}
	if p := class.Own("create"); p != nil {
		if f, isObject := p.Value.(*eval.Object); isObject && f.Func != nil && f.Func.Node.Valid() {
			if g := typeName.Get().FindStringSubmatch(f.Func.Node.Text()); g != nil {
				return d.Class == g[1], true
			}
		}
	}
	return false, false
}
