package facts

import (
	"fmt"
	"strings"
	"testing"
)

func TestAgents(t *testing.T) {
	checkArchive(t, "agents.txtar", func(bundle []byte) string {
		var b strings.Builder
		for _, a := range analyzeSource(t, bundle, Agents).Agents {
			fmt.Fprintf(&b, "%s model %q tools %q without %q\n\t%s\n", a.Name, a.Model, a.Tools, a.DisallowedTools, a.WhenToUse.Text)
			if a.Prompt != nil {
				fmt.Fprintf(&b, "\t%s\n", a.Prompt.Text)
			}
		}
		return b.String()
	})
}
