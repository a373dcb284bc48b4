package schema_test

import (
	"fmt"
	"log"
	"strings"

	"github.com/bundlens/bundlens/schema"
)

func ExampleDecode() {
	doc, err := schema.Decode(strings.NewReader(`{"schemaVersion":2,"tools":[{"name":"look","inputSchema":{"type":"object"}}]}`))
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(doc.Tools[0].Name, string(doc.Tools[0].InputSchema))
	// Output:
	// look {"type":"object"}
}
