package flow

import (
	"github.com/bundlens/bundlens/analyzer/internal/js"
	"github.com/bundlens/bundlens/analyzer/internal/scope"
)

// required follows what an import of a CommonJS module is: a member of its exports, all of them, or, as default, what
// either kind of module calls so.
func (t *Tracer) required(b scope.Binding, path string) {
	key, rest := b.Imported, path
	if key == "*" {
		key, rest = cut(path)
	}
	if key == "default" {
		t.commonJS(b.Required, rest)
	}
	t.commonJS(b.Required, join(key, rest))
}

// commonJS follows a path in what a CommonJS module exports.
func (t *Tracer) commonJS(module *scope.Module, path string) {
	for _, unit := range module.CommonJS() {
		tree, err := module.Tree(unit)
		if err != nil {
			continue
		}
		exports, self := module.LoaderNames()
		t.defined(tree.Root(), exports, path)
		t.defined(tree.Root(), self+".exports", path)
		t.defined(tree.Root(), self, join("exports", path))
	}
}

// copied follows copy(require("x"), exports), by which compilers export again all that another module does.
func (t *Tracer) copied(n js.Node, name, path string) {
	args := n.Child(js.FieldArguments)
	if from := args.FirstChild(); name == "exports" && isRequire(from) && from.Next().Text() == name {
		t.add(from, path, nil)
	}
}

func isRequire(n js.Node) bool {
	return n.Kind() == js.CallExpression && n.Child(js.FieldFunction).Text() == "require"
}
