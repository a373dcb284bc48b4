package lint_test

import (
	"fmt"
	"log"

	"github.com/bundlens/bundlens/schema"
	"github.com/bundlens/bundlens/schema/lint"
)

func ExampleRun() {
	doc := &schema.Document{Health: schema.Health{Complete: true, Facts: []string{"tools"}}, Tools: []schema.Tool{{Name: "look"}}}
	report, err := lint.Run([]lint.Subject{{Name: "tern", Document: doc}}, lint.Options{})
	if err != nil {
		log.Fatal(err)
	}
	for _, f := range report.Documents[0].Findings {
		if f.Subject == "look" {
			fmt.Println(f.Severity, f.Rule)
		}
	}
	// Output:
	// warning schema-unknown
	// warning description-unknown
	// note enabled-unknown
}
