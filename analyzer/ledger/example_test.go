package ledger_test

import (
	"context"
	"fmt"
	"log"
	"strings"

	"github.com/bundlens/bundlens/analyzer/ledger"
	"github.com/bundlens/bundlens/analyzer/source"
	"github.com/bundlens/bundlens/schema"
)

func ExampleEach() {
	program := `function a(b){if(!b)throw Error("There is nothing that could be opened.");console.log("The file was opened for reading.")}a(1);`
	in, err := source.Open(context.Background(), "-", source.Options{Stdin: strings.NewReader(program)})
	if err != nil {
		log.Fatal(err)
	}
	defer in.Close()
	doc := &schema.Document{} // of an analysis that found nothing
	_, err = ledger.Each(context.Background(), in, doc, "", func(e ledger.Entry) error {
		fmt.Println(e.Rule, e.Text)
		return nil
	})
	if err != nil {
		log.Fatal(err)
	}
	// Output:
	// error There is nothing that could be opened.
	// log The file was opened for reading.
}
