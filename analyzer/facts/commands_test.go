package facts

import (
	"fmt"
	"strings"
	"testing"
)

func TestCommands(t *testing.T) {
	checkArchive(t, "commands.txtar", func(bundle []byte) string {
		var b strings.Builder
		for _, c := range analyzeSource(t, bundle, Commands).Commands {
			fmt.Fprintf(&b, "%s %s %v %q", c.Name, c.Kind, *c.Enabled, c.EnabledWhen.String())
			if len(c.Aliases) > 0 {
				fmt.Fprintf(&b, " %q", c.Aliases)
			}
			if c.Prompt != nil {
				fmt.Fprintf(&b, " %s", c.Prompt.Text)
			}
			b.WriteByte('\n')
		}
		return b.String()
	})
}
