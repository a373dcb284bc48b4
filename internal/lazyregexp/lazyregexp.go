// Package lazyregexp has regular expressions that are compiled when they are first used: a command that needs none of them
// does not pay for all of them when it starts.
package lazyregexp

import (
	"regexp"
	"sync"
)

// Regexp is a regular expression. It may be used by several goroutines.
type Regexp struct{ compiled func() *regexp.Regexp }

// New is a regular expression in the syntax of package regexp. Its first use panics where it is none, so that a test of
// that use finds it.
func New(expr string) *Regexp {
	return &Regexp{sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(expr) })}
}

// Get is the compiled expression.
func (r *Regexp) Get() *regexp.Regexp { return r.compiled() }
