package facts

import (
	"fmt"
	"strings"
	"testing"
)

func TestAgents(t *testing.T) {
	for _, name := range []string{"agents.txtar", "agents_listed.txtar"} {
		checkAgents(t, name)
	}
}

func checkAgents(t *testing.T, name string) {
	t.Helper()
	checkArchive(t, name, func(bundle []byte) string {
		var b strings.Builder
		for _, a := range analyzeSource(t, bundle, Agents).Agents {
			enabled := "unknown"
			if a.Enabled != nil {
				enabled = fmt.Sprint(*a.Enabled)
			}
			fmt.Fprintf(&b, "%s model %q tools %q without %q enabled %s %q internal %v\n\t%s\n", a.Name, a.Model, a.Tools, a.DisallowedTools, enabled, a.EnabledWhen.String(), a.Internal, a.WhenToUse.Text)
			if a.Prompt != nil {
				fmt.Fprintf(&b, "\t%s\n", a.Prompt.Text)
			}
		}
		return b.String()
	})
}
