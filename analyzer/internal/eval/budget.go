package eval

// The bounds on sizes: of a string in bytes, of a list in elements.
const (
	maxString = 4 << 20
	maxElems  = 1 << 18
)

// What a bound is of, as a value says it that is out of budget, and as the counts of bounds that were reached name it.
const (
	boundSteps = "steps"
	boundText  = "size of a text"
	boundElems = "elements of a list"
	boundLoop  = "rounds of a loop"
)
