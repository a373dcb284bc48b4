package js

// importDeclaration reads an import declaration. The current token is its keyword.
func (s *scanner) importDeclaration() {
	s.open(UnitImport, s.start)
	first := len(s.index.Imports)
	add := func(local, imported string) {
		s.index.Imports = append(s.index.Imports, Import{Local: local, Imported: imported})
	}
	s.next()
	if (s.is("defer") || s.is("source")) && s.peekByte() != ',' && !s.peekWord("from") {
		s.next()
	}
	if s.tok == tokWord {
		add(s.word(), "default")
		s.next()
		if s.tok == ',' {
			s.next()
		}
	}
	switch {
	case s.tok == tokOperator: // *
		s.next()
		s.next()
		add(s.word(), "*")
		s.next()
	case s.tok == '{':
		s.specifiers(func(outer, inner string) { add(inner, outer) })
	}
	if s.is("from") {
		s.next()
	}
	if s.tok != tokString {
		s.fail()
	}
	if from := s.specifier(); len(s.index.Imports) == first {
		s.index.Imports = append(s.index.Imports, Import{From: from})
	} else {
		for i := range s.index.Imports[first:] {
			s.index.Imports[first+i].From = from
		}
	}
	s.attributes()
	s.endStatement()
	s.close()
}

// specifiers reads {a, b as c, "d" as e} and calls visit with the name before as and the one after it.
func (s *scanner) specifiers(visit func(before, after string)) {
	s.next()
	for s.tok != '}' && s.tok != tokEOF {
		before := s.specifier()
		after := before
		s.next()
		if s.is("as") {
			s.next()
			after = s.specifier()
			s.next()
		}
		visit(before, after)
		if s.tok == ',' {
			s.next()
		} else if s.tok != '}' {
			s.fail()
		}
	}
	s.next()
}

// specifier returns the name or string that the current token is.
func (s *scanner) specifier() string {
	switch s.tok {
	case tokWord:
		return s.word()
	case tokString:
		value, err := DecodeString(s.word())
		if err != nil {
			s.fail()
		}
		return value
	case tokEOF:
	default:
		s.fail()
	}
	return ""
}

// attributes reads what follows a declaration's first part: the module's name and with{...}.
func (s *scanner) attributes() {
	if s.tok == tokString {
		s.next()
	}
	if (s.is("with") || s.is("assert") && !s.newline) && s.peekByte() == '{' {
		s.next()
		s.braces()
	}
}

func (s *scanner) export(e Export) { s.index.Exports = append(s.index.Exports, e) }

// exportDeclaration reads an export. What it declares is a unit of its own kind; an export of a list, of another
// module or of a default value is a unit as a whole, which declares "*default*" in the last case.
func (s *scanner) exportDeclaration() {
	start := s.start
	s.next()
	switch {
	case s.tok == tokOperator:
		s.exportStar(start)
	case s.tok == '{':
		s.exportList(start)
	case s.is("default"):
		s.exportDefault(start)
	default:
		defs, units := len(s.index.Defs), len(s.index.Units)
		s.statement()
		if len(s.index.Units) == units {
			return
		}
		for _, d := range s.index.Defs[defs:] {
			if d.How == Declares || d.How == Bare {
				s.export(Export{Exported: d.Name, Local: d.Name})
			}
		}
	}
}

// exportStar reads export * from "x" and export * as n from "x".
func (s *scanner) exportStar(start int) {
	s.open(UnitExport, start)
	e := Export{Exported: "*", Imported: "*"}
	s.next()
	if s.is("as") {
		s.next()
		e.Exported = s.specifier()
		s.next()
	}
	s.next()
	if s.tok != tokString {
		s.fail()
	}
	e.From = s.specifier()
	s.export(e)
	s.attributes()
	s.endStatement()
	s.close()
}

// exportList reads export {a, b as c} with or without from "x".
func (s *scanner) exportList(start int) {
	s.open(UnitExport, start)
	first := len(s.index.Exports)
	s.specifiers(func(before, after string) { s.export(Export{Exported: after, Local: before}) })
	if s.is("from") {
		s.next()
		from := s.specifier()
		for i := range s.index.Exports[first:] {
			e := &s.index.Exports[first+i]
			e.Local, e.From, e.Imported = "", from, e.Local
		}
		s.attributes()
	}
	s.endStatement()
	s.close()
}

// defaultName is the name under which a default export without one of its own is defined.
const defaultName = "*default*"

func (s *scanner) exportDefault(start int) {
	s.next()
	value, mark := s.lexer, s.mark()
	local := defaultName
	var name string
	switch {
	case s.is("class"):
		name = s.class()
	case s.is("function"), s.is("async") && s.peekWord("function"):
		name = s.function()
	default:
		s.open(UnitExport, start)
		s.define(defaultName, Declares)
		s.expression(true, false)
		s.endStatement()
		s.close()
		s.export(Export{Exported: "default", Local: defaultName})
		return
	}
	s.lexer = value
	s.truncate(mark)
	if name != "" {
		local = name
		s.statement()
	} else {
		s.open(UnitExport, start)
		s.define(defaultName, Declares)
		if s.is("class") {
			s.class()
		} else {
			s.function()
		}
		s.close()
	}
	s.export(Export{Exported: "default", Local: local})
}
