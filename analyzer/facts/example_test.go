package facts_test

import (
	"context"
	"fmt"
	"log"
	"strings"

	"github.com/bundlens/bundlens/analyzer"
	"github.com/bundlens/bundlens/analyzer/facts"
	"github.com/bundlens/bundlens/analyzer/source"
)

func Example() {
	program := `var a=process.env.TERN_HOME??"/srv/tern";open(a);`
	in, err := source.Open(context.Background(), "-", source.Options{Stdin: strings.NewReader(program)})
	if err != nil {
		log.Fatal(err)
	}
	defer in.Close()
	doc, err := analyzer.Analyze(context.Background(), in, []analyzer.Fact{facts.Environment}, analyzer.Options{})
	if err != nil {
		log.Fatal(err)
	}
	for _, v := range doc.Environment {
		fmt.Printf("%s %s\n", v.Name, v.Defaults[0])
	}
	// Output:
	// TERN_HOME "/srv/tern"
}
