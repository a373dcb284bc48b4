package schema

import _ "embed"

// DocumentSchema is the JSON Schema of the Document itself. It is made from the types of this package by the
// package's test, run with -update.
//
//go:embed document.schema.json
var DocumentSchema []byte
