package source_test

import (
	"context"
	"fmt"
	"log"
	"strings"

	"github.com/bundlens/bundlens/analyzer/source"
)

func ExampleOpen() {
	in, err := source.Open(context.Background(), "-", source.Options{Stdin: strings.NewReader("console.log(1)")})
	if err != nil {
		log.Fatal(err)
	}
	defer in.Close()
	for _, m := range in.Modules {
		fmt.Println(in.Kind, m.Kind, m.Size)
	}
	// Output:
	// stdin js 14
}
