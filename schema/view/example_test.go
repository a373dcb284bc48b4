package view_test

import (
	"bytes"
	"fmt"
	"log"

	"github.com/bundlens/bundlens/schema"
	"github.com/bundlens/bundlens/schema/view"
)

func ExampleDocuments() {
	page, err := view.Documents(&schema.Document{Source: schema.Source{Name: "tern.js"}})
	if err != nil {
		log.Fatal(err)
	}
	var html bytes.Buffer // or a file
	if _, err := page.WriteTo(&html); err != nil {
		log.Fatal(err)
	}
	fmt.Println(bytes.Contains(html.Bytes(), []byte("<title>tern.js - bundlens</title>")))
	// Output:
	// true
}
