package diff_test

import (
	"encoding/json"
	"fmt"
	"log"

	"github.com/bundlens/bundlens/schema"
	"github.com/bundlens/bundlens/schema/diff"
)

func ExampleCompare() {
	version := func(inputSchema string) *schema.Document {
		text := schema.Literal("Looks at a place.")
		return &schema.Document{Tools: []schema.Tool{{Name: "look", Description: &text, InputSchema: json.RawMessage(inputSchema)}}}
	}
	before := version(`{"type":"object","properties":{"at":{"type":"string"}}}`)
	after := version(`{"type":"object","properties":{"at":{"type":"string"}},"required":["at"]}`)
	result, err := diff.Compare(before, after, diff.Options{})
	if err != nil {
		log.Fatal(err)
	}
	for _, section := range result.Sections {
		for _, r := range section.Records {
			fmt.Println(section.Kind, r.Change, r.Name, r.Schema[0].Path, r.Schema[0].Kind, "breaking:", r.Breaking)
		}
	}
	// Output:
	// tools changed look at property-required breaking: true
}
