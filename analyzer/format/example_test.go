package format_test

import (
	"context"
	"fmt"
	"log"
	"strings"

	"github.com/bundlens/bundlens/analyzer/format"
	"github.com/bundlens/bundlens/analyzer/source"
)

func ExampleWrite() {
	program := `function a(b){let c=b.options;if(!c)throw Error("Options are missing");return c}a({});`
	in, err := source.Open(context.Background(), "-", source.Options{Stdin: strings.NewReader(program)})
	if err != nil {
		log.Fatal(err)
	}
	defer in.Close()
	_, err = format.Write(context.Background(), in, format.Options{}, func(f format.File) error {
		fmt.Printf("%s", f.Code)
		return nil
	})
	if err != nil {
		log.Fatal(err)
	}
	// Output:
	// function optionsAreMissing(arg) {
	//   let options = arg.options;
	//   if (!options) throw Error("Options are missing");
	//   return options;
	// }
	// optionsAreMissing({});
}
