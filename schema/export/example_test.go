package export_test

import (
	"encoding/json"
	"fmt"
	"log"

	"github.com/bundlens/bundlens/schema"
	"github.com/bundlens/bundlens/schema/export"
)

func ExampleFormat_Write() {
	yes, text := true, schema.Literal("Looks at a place.")
	program, err := export.New(&schema.Document{Tools: []schema.Tool{{Name: "look", Description: &text, Complete: true, Enabled: &yes,
		InputSchema: json.RawMessage(`{"type":"object","properties":{"at":{"type":"string"}},"required":["at"]}`)}}}, export.Options{})
	if err != nil {
		log.Fatal(err)
	}
	anthropic, err := export.Find("anthropic")
	if err != nil {
		log.Fatal(err)
	}
	out, err := anthropic.Write(program)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Printf("%s", out)
	// Output:
	// [
	//   {
	//     "name": "look",
	//     "description": "Looks at a place.",
	//     "input_schema": {
	//       "type": "object",
	//       "properties": {
	//         "at": {
	//           "type": "string"
	//         }
	//       },
	//       "required": [
	//         "at"
	//       ]
	//     }
	//   }
	// ]
}
