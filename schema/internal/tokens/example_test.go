package tokens_test

import (
	"fmt"

	"github.com/bundlens/bundlens/schema/internal/tokens"
)

func ExampleOf() {
	fmt.Println(tokens.Of("Reads a file from the disk, at most two thousand lines of it."))
	// Output:
	// 18
}
