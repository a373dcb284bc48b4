package query_test

import (
	"context"
	"fmt"
	"log"
	"strings"

	"github.com/bundlens/bundlens/analyzer/query"
	"github.com/bundlens/bundlens/analyzer/source"
	"github.com/bundlens/bundlens/queries"
)

func ExampleRun() {
	program := `let host="https://"+"example.com";fetch(host);`
	in, err := source.Open(context.Background(), "-", source.Options{Stdin: strings.NewReader(program)})
	if err != nil {
		log.Fatal(err)
	}
	defer in.Close()
	q, err := queries.Compile("fetch.scm", `((call_expression function: (identifier) @_f arguments: (arguments . (_) @url)) (#eq? @_f "fetch"))`)
	if err != nil {
		log.Fatal(err)
	}
	err = query.Run(context.Background(), in, q, query.Options{Eval: true}, func(m query.Match) error {
		for _, c := range m.Captures {
			fmt.Printf("%s is %s, which is %s\n", c.Name, c.Text, c.Value.Known)
		}
		return nil
	})
	if err != nil {
		log.Fatal(err)
	}
	// Output:
	// url is host, which is "https://example.com"
}
