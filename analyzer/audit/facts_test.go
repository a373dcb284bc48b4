package audit

import (
	"github.com/bundlens/bundlens/analyzer"
	"github.com/bundlens/bundlens/analyzer/facts"
)

var corpusFacts = []analyzer.Fact{facts.Tools}
