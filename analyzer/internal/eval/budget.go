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

// Budgets of one evaluation. They bound time and memory on hostile input; real programs stay far below.
const (
	maxSteps = 60_000 // of one outermost evaluation; see takesStep
	// of one outermost evaluation in one world, which takes no longer than it would to run
	maxStepsInOne = 240_000
	maxDepth      = 220     // nested calls
	maxForced     = 400     // names that wait for one another
	maxNested     = 500     // evaluations that wait for one another
	maxLoop       = 250_000 // iterations of one loop
	maxLeaves     = 48      // alternatives of one choice
)

// maxNeeds is how many times its own budget a statement may take for what it needs of other modules.
const maxNeeds = 16

// spent counts one step and tells whether the budget is used up.
func (m *Machine) spent() bool {
	m.steps++
	m.Stats.Steps++
	return m.steps > m.limit || m.over()
}

// over tells whether evaluation has to end: it was stopped, or the evaluations under way took too many steps together.
func (m *Machine) over() bool {
	return m.Stats.Steps > m.ceiling || m.config.Stopped != nil && m.config.Stopped.Load()
}

// capped runs f, which may take so many steps together with the evaluations that it waits for, and tells whether that was
// enough. What these found beyond is not kept.
func (m *Machine) capped(steps int, f func()) bool {
	outer := m.ceiling
	m.ceiling = min(outer, m.Stats.Steps+steps)
	defer func() { m.ceiling = outer }()
	f()
	return !m.over()
}

// spend gives f a part of the steps that are left, and maxNeeds times as many for the evaluations that it waits for. It tells
// whether they were enough.
func (m *Machine) spend(steps int, f func()) bool {
	limit := m.limit
	m.limit = min(limit, m.steps+steps)
	whole := m.capped(maxNeeds*steps, f) && m.steps <= m.limit
	m.limit = limit
	return whole
}
