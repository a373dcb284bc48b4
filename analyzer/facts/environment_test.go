package facts

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/bundlens/bundlens/schema"
)

func TestEnvironment(t *testing.T) {
	checkArchive(t, "environment.txtar", func(bundle []byte) string {
		doc := analyzeSource(t, bundle, Environment, Prompts)
		var b strings.Builder
		list := func(name string, defaults []json.RawMessage, uses []schema.Use, places int) {
			fmt.Fprintf(&b, "%s %s, %d places\n", name, defaults, places)
			for _, u := range uses {
				fmt.Fprintf(&b, "\t%s of %s\n", u.How, u.Record)
			}
		}
		for _, v := range doc.Environment {
			list(v.Name, v.Defaults, v.Uses, len(v.Origins))
		}
		for _, f := range doc.Flags {
			list(f.Key, []json.RawMessage{f.Fallback}, f.Uses, len(f.Origins))
		}
		return b.String()
	})
}
