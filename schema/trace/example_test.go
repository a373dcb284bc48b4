package trace_test

import (
	"context"
	"fmt"
	"log"
	"strings"

	"github.com/bundlens/bundlens/schema/trace"
)

func ExampleReadFrom() {
	capture := `{"model":"m","system":"You help.","tools":[{"name":"look","input_schema":{"type":"object"}}],"messages":[{"role":"user","content":"hi"}]}`
	var result trace.Result
	err := trace.ReadFrom(context.Background(), "capture.json", strings.NewReader(capture), trace.Options{}, &result, func(c *trace.Capture) error {
		for _, t := range c.Tools {
			fmt.Println(t.Name)
		}
		return nil
	})
	if err != nil {
		log.Fatal(err)
	}
	// Output:
	// look
}
