package js

import (
	sitter "github.com/smacker/go-tree-sitter"
	"github.com/smacker/go-tree-sitter/javascript"
)

// Kind is what a node is: the grammar's named node types, and the few keywords that change a meaning.
type Kind uint8

// Kinds of nodes. The names are the grammar's, so that its documentation serves here too.
const (
	Other Kind = iota
	Error
	Array
	ArrayPattern
	ArrowFunction
	AssignmentExpression
	AssignmentPattern
	Arguments
	AugmentedAssignment
	AwaitExpression
	BinaryExpression
	BreakStatement
	CallExpression
	CatchClause
	Class
	ClassBody
	ClassDeclaration
	ClassHeritage
	ClassStaticBlock
	Comment
	ComputedPropertyName
	ContinueStatement
	Decorator
	DoStatement
	ElseClause
	EmptyStatement
	EscapeSequence
	ExportStatement
	ExpressionStatement
	False
	FieldDefinition
	FinallyClause
	ForInStatement
	ForStatement
	FormalParameters
	FunctionDeclaration
	FunctionExpression
	GeneratorFunction
	GeneratorFunctionDeclaration
	Identifier
	IfStatement
	ImportKeyword
	LabeledStatement
	LexicalDeclaration
	MemberExpression
	MetaProperty
	MethodDefinition
	NewExpression
	Null
	Number
	Object
	ObjectAssignmentPattern
	ObjectPattern
	OptionalChain
	Pair
	PairPattern
	ParenthesizedExpression
	PrivatePropertyIdentifier
	Program
	PropertyIdentifier
	Regex
	RegexFlags
	RegexPattern
	RestPattern
	ReturnStatement
	SequenceExpression
	ShorthandPropertyIdentifier
	ShorthandPropertyIdentifierPattern
	SpreadElement
	StatementBlock
	StatementIdentifier
	String
	StringFragment
	SubscriptExpression
	Super
	SwitchBody
	SwitchCase
	SwitchDefault
	SwitchStatement
	TemplateString
	TemplateSubstitution
	TernaryExpression
	This
	ThrowStatement
	True
	TryStatement
	UnaryExpression
	Undefined
	UpdateExpression
	VariableDeclaration
	VariableDeclarator
	WhileStatement
	WithStatement
	YieldExpression
	KeywordAsync
	KeywordGet
	KeywordSet
	KeywordStatic
	KeywordStar
)

var kindNames = map[string]Kind{
	"ERROR": Error, "array": Array, "array_pattern": ArrayPattern, "arrow_function": ArrowFunction,
	"assignment_expression": AssignmentExpression, "assignment_pattern": AssignmentPattern, "arguments": Arguments,
	"augmented_assignment_expression": AugmentedAssignment, "await_expression": AwaitExpression,
	"binary_expression": BinaryExpression, "break_statement": BreakStatement, "call_expression": CallExpression,
	"catch_clause": CatchClause, "class": Class, "class_body": ClassBody, "class_declaration": ClassDeclaration,
	"class_heritage": ClassHeritage, "class_static_block": ClassStaticBlock, "comment": Comment,
	"html_comment": Comment, "hash_bang_line": Comment, "computed_property_name": ComputedPropertyName, "decorator": Decorator,
	"continue_statement": ContinueStatement, "do_statement": DoStatement, "else_clause": ElseClause,
	"empty_statement": EmptyStatement, "escape_sequence": EscapeSequence, "export_statement": ExportStatement,
	"expression_statement": ExpressionStatement, "false": False, "field_definition": FieldDefinition,
	"finally_clause": FinallyClause, "for_in_statement": ForInStatement, "for_statement": ForStatement,
	"formal_parameters": FormalParameters, "function_declaration": FunctionDeclaration,
	"function_expression": FunctionExpression, "generator_function": GeneratorFunction,
	"generator_function_declaration": GeneratorFunctionDeclaration, "identifier": Identifier,
	"if_statement": IfStatement, "import": ImportKeyword, "labeled_statement": LabeledStatement,
	"lexical_declaration": LexicalDeclaration, "member_expression": MemberExpression, "meta_property": MetaProperty,
	"method_definition": MethodDefinition, "new_expression": NewExpression, "null": Null, "number": Number,
	"object": Object, "object_assignment_pattern": ObjectAssignmentPattern, "object_pattern": ObjectPattern,
	"optional_chain": OptionalChain, "pair": Pair, "pair_pattern": PairPattern,
	"parenthesized_expression": ParenthesizedExpression, "private_property_identifier": PrivatePropertyIdentifier,
	"program": Program, "property_identifier": PropertyIdentifier, "regex": Regex, "regex_flags": RegexFlags,
	"regex_pattern": RegexPattern, "rest_pattern": RestPattern, "return_statement": ReturnStatement,
	"sequence_expression": SequenceExpression, "shorthand_property_identifier": ShorthandPropertyIdentifier,
	"shorthand_property_identifier_pattern": ShorthandPropertyIdentifierPattern, "spread_element": SpreadElement,
	"statement_block": StatementBlock, "statement_identifier": StatementIdentifier, "string": String,
	"string_fragment": StringFragment, "subscript_expression": SubscriptExpression, "super": Super,
	"switch_body": SwitchBody, "switch_case": SwitchCase, "switch_default": SwitchDefault,
	"switch_statement": SwitchStatement, "template_string": TemplateString,
	"template_substitution": TemplateSubstitution, "ternary_expression": TernaryExpression, "this": This,
	"throw_statement": ThrowStatement, "true": True, "try_statement": TryStatement,
	"unary_expression": UnaryExpression, "undefined": Undefined, "update_expression": UpdateExpression,
	"variable_declaration": VariableDeclaration, "variable_declarator": VariableDeclarator,
	"while_statement": WhileStatement, "with_statement": WithStatement, "yield_expression": YieldExpression,
	"async": KeywordAsync, "get": KeywordGet, "set": KeywordSet, "static": KeywordStatic, "*": KeywordStar,
}

// Field is a child's role in its parent.
type Field uint8

// Fields of nodes, named as in the grammar.
const (
	NoField Field = iota
	FieldAlternative
	FieldArgument
	FieldArguments
	FieldBody
	FieldCondition
	FieldConsequence
	FieldConstructor
	FieldFinalizer
	FieldFunction
	FieldHandler
	FieldIncrement
	FieldIndex
	FieldInitializer
	FieldKey
	FieldKind
	FieldLabel
	FieldLeft
	FieldMember
	FieldName
	FieldObject
	FieldOperator
	FieldOptionalChain
	FieldParameter
	FieldParameters
	FieldPattern
	FieldProperty
	FieldRight
	FieldValue
	fieldUnused
)

var fieldNames = map[string]Field{
	"alternative": FieldAlternative, "argument": FieldArgument, "arguments": FieldArguments, "body": FieldBody,
	"condition": FieldCondition, "consequence": FieldConsequence, "constructor": FieldConstructor,
	"finalizer": FieldFinalizer, "function": FieldFunction, "handler": FieldHandler, "increment": FieldIncrement,
	"index": FieldIndex, "initializer": FieldInitializer, "key": FieldKey, "kind": FieldKind, "label": FieldLabel,
	"left": FieldLeft, "member": FieldMember, "name": FieldName, "object": FieldObject, "operator": FieldOperator,
	"optional_chain": FieldOptionalChain, "parameter": FieldParameter, "parameters": FieldParameters,
	"pattern": FieldPattern, "property": FieldProperty, "right": FieldRight, "value": FieldValue,
}

// grammar holds what is read once from the language: its node types and fields as Kinds and Fields.
type grammar struct {
	language *sitter.Language
	kinds    []Kind  // by symbol
	keep     []uint8 // by symbol: 1 keeps the node in a flat tree
	fields   []Field // by field id
}

var javascriptGrammar = loadGrammar()

func loadGrammar() *grammar {
	lang := javascript.GetLanguage()
	n := int(lang.SymbolCount())
	g := &grammar{language: lang, kinds: make([]Kind, n), keep: make([]uint8, n), fields: []Field{NoField}}
	for i := range n {
		symbol := sitter.Symbol(i)
		kind, known := kindNames[lang.SymbolName(symbol)]
		g.kinds[i] = kind
		named := lang.SymbolType(symbol) == sitter.SymbolTypeRegular
		if named && kind != Comment || known && (kind >= KeywordAsync || kind == OptionalChain) {
			g.keep[i] = 1
		}
	}
	for id := 1; lang.FieldName(id) != ""; id++ {
		g.fields = append(g.fields, fieldNames[lang.FieldName(id)])
	}
	return g
}
