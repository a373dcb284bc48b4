package bunextract

import (
	"bytes"
	"errors"
	"fmt"
	"log"
)

// Lists what an executable carries, here one that is made for the example; Open takes the name of a file.
func ExampleNewFile() {
	executable := testExecutable{section: long(small().build())}.elf()
	f, err := NewFile(bytes.NewReader(executable))
	if err != nil {
		log.Fatal(err)
	}
	for _, m := range f.Graph.Modules {
		source, err := m.Source()
		if err != nil {
			log.Fatal(err)
		}
		fmt.Printf("%s %v %q\n", m.Path(), m.IsEntry(), source)
	}
	_, err = NewFile(bytes.NewReader([]byte("a text")))
	fmt.Println(errors.Is(err, ErrNotExecutable))
	// Output:
	// app true "// app\n"
	// lib.js false "// lib.js\n"
	// true
}
