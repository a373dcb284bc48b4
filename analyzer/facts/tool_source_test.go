package facts

import (
	"fmt"
	"strings"
	"testing"
)

func TestImplementations(t *testing.T) {
	checkArchive(t, "implementations.txtar", func(bundle []byte) string {
		var b strings.Builder
		for _, tool := range analyzeSource(t, bundle, Tools).Tools {
			for _, m := range tool.Implementation {
				fmt.Fprintf(&b, "%s %s %d\n\t%s\n", tool.Name, m.Name, m.Bytes, m.Source)
			}
		}
		return b.String()
	})
}

// TestLongImplementation asserts that what is kept of a tool is bounded, and that what is left out is named.
func TestLongImplementation(t *testing.T) {
	var b strings.Builder
	b.WriteString(`var t={name:"Look",description:"Looks at a file",inputSchema:{type:"object"},call(){return "` + strings.Repeat("x", maxMember) + `"}`)
	for i := range 20 {
		fmt.Fprintf(&b, `,m%d(){return "%s"}`, i, strings.Repeat("y", maxMember-100))
	}
	b.WriteString("};")
	tool := analyzeSource(t, []byte(b.String()), Tools).Tools[0]
	size := 0
	for _, m := range tool.Implementation {
		size += len(m.Source)
		if m.Bytes < maxMember-100 {
			t.Errorf("%s has %d bytes", m.Name, m.Bytes)
		}
	}
	if len(tool.Implementation) != 21 || size == 0 || size > maxImplementation {
		t.Errorf("%d members with %d bytes", len(tool.Implementation), size)
	}
}
