package render_test

import (
	"fmt"
	"log"
	"strings"

	"github.com/bundlens/bundlens/schema"
	"github.com/bundlens/bundlens/schema/render"
)

func ExampleRenderer_Main() {
	doc, err := schema.Decode(strings.NewReader(`{"schemaVersion":2,
		"questions":[{"kind":"env","subject":"QUIET","test":"holds","answers":{"interactive":false,"print":false},"decided":true}],
		"prompts":[{"id":"whole","kind":"system-prompt","text":{"parts":[{"lit":"You help."},
			{"choice":[{"when":{"q":0},"parts":[{"lit":" Say little."}]},{"when":{"not":{"q":0}},"parts":[]}]}]}}]}`))
	if err != nil {
		log.Fatal(err)
	}
	for _, set := range []map[string]string{nil, {"env.QUIET": "1"}} {
		prompt, _ := render.New(doc, schema.World{Set: set}).Main()
		fmt.Println(prompt.Text)
	}
	// Output:
	// You help.
	// You help. Say little.
}
