package analyzer_test

import (
	"context"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/bundlens/bundlens/analyzer"
	"github.com/bundlens/bundlens/analyzer/facts"
	"github.com/bundlens/bundlens/analyzer/source"
	"github.com/bundlens/bundlens/schema"
)

// realTool is the one tool that each hostile program has behind what makes it hostile.
const realTool = "\nexport const REAL={name:\"Real\",description:\"The one real tool\",input_schema:{type:\"object\",properties:{path:{type:\"string\"}}}};\n" +
	"fetch(\"/v1/messages\",{body:JSON.stringify({model:\"m\",messages:[],tools:[REAL]})});\n"

// hostile are programs that ask for more than there is, n times as much. False says that their tool may be given up.
func hostile(n int) map[string]struct {
	text string
	find bool
} {
	tool := func(description string) string {
		return `export const H={name:"Hostile",description:` + description + `,input_schema:{type:"object",properties:{}}};`
	}
	var tools strings.Builder
	for i := range 100 * n {
		fmt.Fprintf(&tools, "const T%d={name:\"Tool%d\",description:\"tool %d\",input_schema:{type:\"object\",properties:{p:{type:\"string\"}}}};\n", i, i, i)
	}
	return map[string]struct {
		text string
		find bool
	}{
		"recursion":          {`function fib(n){return n<2?n:fib(n-1)+fib(n-2)}` + tool(`"number "+fib(60)`), true},
		"doubling":           {`let s="ab";` + strings.Repeat("s=s+s;", 60) + tool("s"), true},
		"doubling unknown":   {`let s=process.env.A;` + strings.Repeat("s=s+s;", 60) + tool("s"), true},
		"endless generator":  {`function*g(){let i=0;for(;;)yield i++}` + tool("[...g()].join()"), true},
		"nested JSON":        {tool("JSON.parse(" + fmt.Sprintf("%q", strings.Repeat(`{"a":`, 200*n)+"1"+strings.Repeat("}", 200*n)) + ").b"), true},
		"names alone":        {strings.Repeat("a;", 10_000*n), true},
		"nested brackets":    {"x=" + strings.Repeat("[", 1000*n) + strings.Repeat("]", 1000*n) + ";", true},
		"nested functions":   {strings.Repeat("function a(){", 50*n) + strings.Repeat("}", 50*n), true},
		"nested templates":   {tool(strings.Repeat("`${", 30*n) + "1" + strings.Repeat("}`", 30*n)), true},
		"a long sum":         {`var t="input_schema"` + strings.Repeat("+1", 1000*n) + ";", true},
		"a text of escapes":  {`var s="` + strings.Repeat(`\n`, 1000*n) + `input_schema";`, true},
		"mutual recursion":   {`const a=()=>b()+b();const b=()=>a()+a();` + tool("a()"), true},
		"a long array":       {tool(`Array(1e9).fill("x").join("")`), true},
		"a slow expression":  {tool(`("a".repeat(60)+"!").replace(/^(a+)+$/,"x")`), true},
		"many tools":         {tools.String(), true},
		"many small calls":   {strings.Repeat("f(a);", 5000*n), true},
		"many declarations":  {"var v0=0" + strings.Repeat(",v=1", 5000*n) + ";", true},
		"circular prototype": {`class A extends B{}class B extends A{}` + tool("new A().x"), true},
	}
}

// TestTorture analyses hostile programs, each in its bounds: the real tool is found, or it is said that not all was seen.
func TestTorture(t *testing.T) {
	n := 5
	if os.Getenv("BUNDLENS_TORTURE") != "" {
		n = 500
	}
	for name, program := range hostile(n) {
		t.Run(name, func(t *testing.T) {
			in, err := source.Open(context.Background(), "-", source.Options{Stdin: strings.NewReader(program.text + realTool)})
			if err != nil {
				t.Fatal(err)
			}
			defer in.Close()
			doc, err := analyzer.Analyze(context.Background(), in, facts.All, analyzer.Options{Timeout: 50e9, MaxMemory: 1200 << 20})
			if err != nil {
				t.Fatal(err)
			}
			found := slices.ContainsFunc(doc.Tools, func(x schema.Tool) bool { return x.Name == "Real" })
			if !found && (doc.Health.Complete || program.find && n < 500) {
				t.Errorf("%+v, %+v", doc.Health, doc.Diagnostics)
			}
		})
	}
}
