package source

import (
	"path"
	"path/filepath"
	"slices"
	"strings"
)

// linkOut is said of links that lead out.
const linkOut = "it is a link"

// outside says whether a name leads out of the directory that is all there is.
func (l *loader) outside(name string) bool {
	if l.confines == "" {
		return false
	}
	rel, err := filepath.Rel(l.confines, l.file(name))
	return err != nil || !filepath.IsLocal(rel)
}

// leaves says whether a file that is there is not read because it lies outside, and keeps it as a warning.
func (l *loader) leaves(name string) bool {
	if l.followLinks {
		return false
	}
	detail := ""
	switch clean := path.Clean(name); {
	case l.directory && strings.HasPrefix(clean, "../") && !strings.Contains(clean, "/node_modules/"):
	case l.leadsOut(name):
		detail = linkOut
	default:
		return false
	}
	if warning := fail(name, ErrOutside, detail); !slices.ContainsFunc(l.left, func(w error) bool { return w.Error() == warning.Error() }) {
		l.left = append(l.left, warning)
	}
	return true
}

// leadsOut says whether a file of the input is a link to one outside of its directory. What lies among the packages of a
// project, to which tools link from its parts, is none.
func (l *loader) leadsOut(name string) bool {
	if name == l.named || l.followLinks {
		return false
	}
	file := l.file(name)
	real, err := filepath.EvalSymlinks(file)
	if err != nil {
		return false // reading it says why
	}
	root, err := filepath.EvalSymlinks(l.root)
	if err != nil {
		return false
	}
	if rel, err := filepath.Rel(root, real); err != nil || filepath.IsLocal(rel) || real == filepath.Join(root, filepath.FromSlash(name)) {
		return false
	}
	return !strings.Contains(filepath.ToSlash(real), "/node_modules/")
}
