package js

import "context"

// Whole parses a module as one piece and makes its index of the tree's statements. It is for a module in which the
// scanner lost its way; ok is false where the parser does not understand it either, so that the index is of what it
// could make out.
func (p *Parser) Whole(ctx context.Context, src []byte) (x *Index, ok bool, err error) {
	tree, err := p.Parse(ctx, src, 0, uint32(len(src)), "")
	if err != nil {
		return nil, false, err
	}
	x = &Index{Balanced: !tree.HasError}
	for n := tree.Root().FirstChild(); n.Valid(); n = n.Next() {
		piece := Scan(src[n.Start():n.End()])
		if piece.Balanced && piece.Wrapper == [2]uint32{} {
			x.add(piece, n.Start())
			continue
		}
		x.addStatement(n)
	}
	return x, x.Balanced, nil
}

// add appends the index of a piece that begins at an offset.
func (x *Index) add(piece *Index, at uint32) {
	units, thunks := int32(len(x.Units)), int32(len(x.Thunks))
	for _, u := range piece.Units {
		u.Start, u.End = u.Start+at, u.End+at
		if u.Thunk >= 0 {
			u.Thunk += thunks
		}
		if u.Wraps >= 0 {
			u.Wraps += thunks
		}
		x.Units = append(x.Units, u)
	}
	for _, d := range piece.Defs {
		d.Unit += units
		x.Defs = append(x.Defs, d)
	}
	for _, t := range piece.Thunks {
		t.Unit += units
		t.BodyStart, t.BodyEnd = t.BodyStart+at, t.BodyEnd+at
		x.Thunks = append(x.Thunks, t)
	}
	x.Imports = append(x.Imports, piece.Imports...)
	x.Exports = append(x.Exports, piece.Exports...)
}

// addStatement appends one statement as a unit, with what it declares.
func (x *Index) addStatement(n Node) {
	unit := int32(len(x.Units))
	declare := func(name Node) {
		if name.Kind() == Identifier {
			x.Defs = append(x.Defs, Def{Name: name.Text(), Unit: unit, How: Declares})
		}
	}
	u := Unit{Start: n.Start(), End: n.End(), Kind: UnitExpr, Thunk: -1, Wraps: -1}
	switch n.Kind() {
	case FunctionDeclaration, GeneratorFunctionDeclaration:
		u.Kind = UnitFunction
		declare(n.Child(FieldName))
	case ClassDeclaration:
		u.Kind = UnitClass
		declare(n.Child(FieldName))
	case VariableDeclaration, LexicalDeclaration:
		for d := n.FirstChild(); d.Valid(); d = d.Next() {
			declare(d.Child(FieldName))
		}
	}
	x.Units = append(x.Units, u)
}
