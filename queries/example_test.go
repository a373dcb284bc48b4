package queries_test

import (
	"fmt"

	"github.com/bundlens/bundlens/queries"
)

func ExampleCompile() {
	q, err := queries.Compile("hooks.scm", `((identifier) @hook (#match? @hook "^use(State|Effect)$"))`)
	fmt.Println(q.Anchors, err)
	_, err = queries.Compile("wrong.scm", "(call)")
	fmt.Println(err)
	// Output:
	// [State Effect] <nil>
	// wrong.scm:1:2: the grammar has no node type "call"
}
