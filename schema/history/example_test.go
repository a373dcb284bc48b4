package history_test

import (
	"context"
	"fmt"
	"log"
	"os"

	"github.com/bundlens/bundlens/schema"
	"github.com/bundlens/bundlens/schema/history"
)

func ExampleRun() {
	dir, err := os.MkdirTemp("", "history")
	if err != nil {
		log.Fatal(err)
	}
	defer os.RemoveAll(dir)
	analyze := func(_ context.Context, version string) (*schema.Document, error) {
		doc := &schema.Document{SchemaVersion: schema.Version, Source: schema.Source{Version: version}, Tools: []schema.Tool{{Name: "look"}}}
		if version == "2.0.0" {
			doc.Tools = append(doc.Tools, schema.Tool{Name: "leap"})
		}
		return doc, nil
	}
	plan := history.Plan{Package: "tern", Engine: "example", Versions: []string{"1.0.0", "2.0.0"}, Analyze: analyze}
	if _, err := history.Run(context.Background(), dir, plan, true); err != nil {
		log.Fatal(err)
	}
	index, err := history.Read(dir)
	if err != nil {
		log.Fatal(err)
	}
	for _, r := range index.Records {
		fmt.Println(r.Kind, r.Name, r.FirstSeen, r.LastSeen)
	}
	// Output:
	// tools leap 2.0.0 2.0.0
	// tools look 1.0.0 2.0.0
}
