package js

// UnitKind says what a Unit is and so how its text is parsed on its own.
type UnitKind uint8

const (
	UnitExpr     UnitKind = iota // an expression statement, or any statement not listed below
	UnitVar                      // one declarator of a var, let or const; parsed with the prefix "var "
	UnitFunction                 // a function declaration (async and generators too)
	UnitClass                    // a class declaration
	UnitImport                   // an import declaration
	UnitExport                   // an export list, re-export or unnamed default; what an export declares is a unit of its own kind
)

// Unit is the smallest piece of a module that is parsed on its own: a top-level statement, one declarator of a
// top-level var, let or const, or such a piece one level down inside a lazy-module thunk. Start and End are byte
// offsets in the module's source; a statement's semicolon is part of it. Units are in source order; a thunk's own
// unit comes before those inside it.
type Unit struct {
	Start, End uint32
	Kind       UnitKind
	Thunk      int32 // index in Index.Thunks of the thunk whose body holds this unit; -1 at module level
	Wraps      int32 // index in Index.Thunks of the thunk that this unit is; -1 otherwise
}

// How says what a unit does to a name.
type How uint8

const (
	Declares How = iota // var X=..., function X, class X: X is declared here and gets its value
	Bare                // var X; with no initialiser
	Assigns             // X=..., X||=..., X++ or a pattern that X stands in: X gets a value
	Touches             // X.p=..., or f(X,...) or X.m(...) as a whole statement: X's object is changed
	Affects             // a call in it changes X's object; a scan does not find these
)

// A unit does to a name what happens when the unit itself runs. That is at any depth of parentheses and in the
// blocks of its control statements, but not inside functions, classes, object literals and templates, and not to the
// names that such a block declares for itself. A var in a block is declared by the unit.

// Def is one unit that concerns a name. Local says that a thunk's own body declares the name (var, let, const,
// function, class inside the thunk), so that it is seen only inside that thunk.
type Def struct {
	Name  string
	Unit  int32
	How   How
	Local bool
}

// ThunkKind tells the two sorts of lazily run module bodies apart.
type ThunkKind uint8

const (
	ThunkESM      ThunkKind = iota // var init=E(()=>{...}) or E({"path"(){...}}): assigns names of the module
	ThunkCommonJS                  // var req=C((exports,module)=>{...}): has parameters; not entered
)

// Thunk is a module body that a bundler wrapped to be run on first use. Name is the variable that holds it. Body
// is the byte range between its braces.
type Thunk struct {
	Name               string
	Kind               ThunkKind
	Unit               int32
	BodyStart, BodyEnd uint32
}

// Import is one local name that an import declaration makes. Imported is "*" for a namespace object, "default",
// or the exporter's name. Local and Imported are "" where the module is imported for its effects.
type Import struct {
	Local, Imported, From string
}

// Export is one name that a module exports. A default export without a name of its own has Local "*default*", which
// its unit (the whole export statement) declares. Local is "" for a re-export, where From is the other module and
// Imported its name there ("*" with Exported "*" re-exports everything; "*" with a name, a namespace object).
type Export struct {
	Exported, Local, From, Imported string
}

// Index is what the scanner finds in one module without parsing it.
type Index struct {
	Units    []Unit
	Defs     []Def // in source order
	Thunks   []Thunk
	Imports  []Import
	Exports  []Export
	Wrapper  [2]uint32 // range of the body when one function wraps the whole module; else 0,0
	Crowded  bool      // it has more statements than are kept
	Balanced bool      // brackets came out even; when false, parse the whole module instead
}
