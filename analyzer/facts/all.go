// Package facts holds what is found about a program: one file a fact, and the list of them.
package facts

import "github.com/bundlens/bundlens/analyzer"

// All are the facts that an analysis can look for.
var All = []analyzer.Fact{Tools, Prompts, Environment, Agents, Commands, Capabilities}
