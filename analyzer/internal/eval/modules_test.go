package eval

import "testing"

// TestModules runs the corpus of programs whose statements come one after another at the level of a module, each with its
// result in the name out: each agrees with Node, or is unknown with a reason.
func TestModules(t *testing.T) {
	compareCorpus(t, "testdata/modules/*.txt", asFunction, evaluateModule)
}

// asFunction is a module's statements as an expression that gives what they leave in the name out.
func asFunction(statements string) string { return "(()=>{" + statements + "\nreturn out})()" }
