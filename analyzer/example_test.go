package analyzer_test

import (
	"context"
	"fmt"
	"log"
	"strings"

	"github.com/bundlens/bundlens/analyzer"
	"github.com/bundlens/bundlens/analyzer/facts"
	"github.com/bundlens/bundlens/analyzer/source"
)

func ExampleAnalyze() {
	program := `let t={name:"look",description:"Looks.",inputSchema:{type:"object",properties:{}},async call(){return process.env.TERN}};`
	in, err := source.Open(context.Background(), "-", source.Options{Stdin: strings.NewReader(program)})
	if err != nil {
		log.Fatal(err)
	}
	defer in.Close()
	doc, err := analyzer.Analyze(context.Background(), in, facts.All, analyzer.Options{})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(doc.Tools[0].Name, doc.Environment[0].Name)
	// Output:
	// look TERN
}
