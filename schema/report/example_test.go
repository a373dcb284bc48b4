package report_test

import (
	"encoding/json"
	"log"
	"os"

	"github.com/bundlens/bundlens/schema"
	"github.com/bundlens/bundlens/schema/report"
)

func ExampleSummary() {
	yes, text := true, schema.Literal("Looks at a place. It flies there first.")
	doc := &schema.Document{
		Source: schema.Source{Kind: "file", Name: "tern.js", Entry: "tern.js"},
		Health: schema.Health{Complete: true, Facts: []string{"tools"}, Modules: 1, Bytes: 12_000},
		Tools:  []schema.Tool{{Name: "look", Description: &text, Enabled: &yes, Complete: true, InputSchema: json.RawMessage(`{"type":"object"}`)}},
	}
	if err := report.Summary(os.Stdout, doc, report.SummaryOptions{Input: "tern.js"}); err != nil {
		log.Fatal(err)
	}
	// Output:
	// tern.js
	// file, 12 kB of JavaScript in 1 module, starts at tern.js
	//
	// TOOLS  1 by default
	//   look  Looks at a place.
	//
	// TOKENS about                prompt      tools   together
	//        in a terminal             -         18         18
	//        printing                  -         18         18
	//
	// HEALTH everything was read; 1 of 1 schemas exact; 1 of 1 descriptions known to
	//        the letter
	//
	// NEXT   bundlens schemas tern.js         the tools' JSON Schemas
	//        bundlens explain tern.js NAME    where a record comes from
	//        bundlens analyze tern.js -o DIR  everything, as files
}
