package export

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/bundlens/bundlens/schema"
)

// hostileNames are what a program may call a tool, a property or a definition.
var hostileNames = []string{
	"", " ", "plain", "Plain", "plain ", "a b", "a-b", "a.b", "a/b", "__proto__", "constructor", "prototype", "toString", "hasOwnProperty",
	"class", "from", "None", "True", "def", "import", "enum", "never", "default", "await", "self", "cls", "model_config", "model_fields", "schema", "json", "copy", "dict", "list", "int",
	"str", "bool", "Any", "Field", "root", "z", "Union", "ToolInputs", "toolInputs", "Record", "String", "Object", "Array", "1st", "0", "-1", "$ref", "$defs",
	`"`, `'`, "`", "\\", "\\u0022", "*/", "/*", "*/ export const x = 1; /*", "//", "<!--", "</script>", "${x}", "#{x}", "{x}", "{{x}}", "%s", "\n", "a\nb", "\r\n", "\t",
	"\x00", "\x1b[31m", "\u2028", "\u202e", "\ufeff", "\u00e9", "e\u0301", "名前", "ä", "ﬁ", "𝒳", "😀", "ª", "İ", "ŉ", "\"\"\"", "'''", "@ts-ignore", "@ts-nocheck", "@ts-expect-error",
	strings.Repeat("long", 100), "CON", "..", "../../etc/passwd", "a.json", "A.json",
}

// hostileSchemas are input schemas of all shapes, some of them no valid ones.
var hostileSchemas = map[string]string{
	"Null":             `null`,
	"True":             `true`,
	"False":            `false`,
	"Empty":            `{}`,
	"NotAnObject":      `{"type":"string","minLength":2}`,
	"Closed":           `{"type":"object","properties":{},"additionalProperties":false}`,
	"Map":              `{"type":"object","additionalProperties":{"type":"integer","minimum":0}}`,
	"MapAndNamed":      `{"type":"object","properties":{"a":{"type":"string"},"b":{"type":["string","null"]}},"required":["a"],"additionalProperties":{"type":"number"}}`,
	"NoType":           `{"properties":{"a":{"items":{"type":"string"}},"b":{"minLength":3}},"required":["a"]}`,
	"Enums":            `{"type":"object","properties":{"mixed":{"enum":["a",1,1.5,true,null,{"k":[1,"*/"]},[1,2],"a"]},"typed":{"type":"string","enum":["x",3,"y"]},"none":{"enum":[]},"one":{"const":"only"},"nil":{"const":null},"obj":{"const":{"__proto__":1}},"float":{"const":0.1}}}`,
	"Nullable":         `{"type":"object","properties":{"a":{"type":"string","nullable":true},"b":{"type":["integer","null"]},"c":{"anyOf":[{"type":"string"},{"type":"null"}]},"d":{"type":"null"}},"required":["a","b","c","d"]}`,
	"Tuples":           `{"type":"object","properties":{"new":{"type":"array","prefixItems":[{"type":"string"},{"type":"number"}],"items":false,"minItems":2},"open":{"type":"array","prefixItems":[{"type":"string"}]},"old":{"type":"array","items":[{"type":"string"},{"type":"number"}],"additionalItems":{"type":"boolean"},"minItems":1},"empty":{"type":"array","prefixItems":[],"items":false},"short":{"type":"array","items":[{"type":"string"},{"type":"number"}],"maxItems":2}}}`,
	"Arrays":           `{"type":"object","properties":{"a":{"type":"array"},"b":{"type":"array","items":{"type":"string"},"minItems":1,"maxItems":3,"uniqueItems":true},"c":{"type":"array","items":{"type":"array","items":{"anyOf":[{"type":"string"},{"type":"number"}]}}},"d":{"type":"array","items":false}}}`,
	"Bounds":           `{"type":"object","properties":{"i":{"type":"integer","minimum":-3,"maximum":7},"x":{"type":"number","exclusiveMinimum":0,"exclusiveMaximum":1},"four":{"type":"number","minimum":0,"exclusiveMinimum":true},"m":{"type":"number","multipleOf":0.5},"s":{"type":"string","minLength":2,"maxLength":4}},"required":["i"]}`,
	"Patterns":         `{"type":"object","properties":{"d":{"type":"string","pattern":"^\\d{4}-\\d\\d$"},"look":{"type":"string","pattern":"^(?!a).+$"},"bad":{"type":"string","pattern":"(["},"quote":{"type":"string","pattern":"^[\"'/*\\\\]+$"},"name":{"type":"string","pattern":"^(?<n>a)\\k<n>$"},"uni":{"type":"string","pattern":"^\\p{L}+$"},"alt":{"type":"string","pattern":"^(a|b)*?$"}}}`,
	"PatternProps":     `{"type":"object","patternProperties":{"^x-":{"type":"string"}},"additionalProperties":false,"propertyNames":{"pattern":"^x"},"minProperties":1}`,
	"Tree":             `{"$defs":{"node":{"type":"object","properties":{"name":{"type":"string"},"children":{"type":"array","items":{"$ref":"#/$defs/node"}}},"required":["name"],"additionalProperties":false}},"type":"object","properties":{"root":{"$ref":"#/$defs/node","description":"where it starts"}},"required":["root"]}`,
	"Self":             `{"type":"object","properties":{"next":{"$ref":"#"},"n":{"type":"integer"}},"additionalProperties":false}`,
	"Mutual":           `{"definitions":{"A":{"type":"object","properties":{"b":{"$ref":"#/definitions/B"}}},"B":{"type":"array","items":{"$ref":"#/definitions/A"}}},"type":"object","properties":{"a":{"$ref":"#/definitions/A"}}}`,
	"Circle":           `{"$defs":{"a":{"$ref":"#/$defs/b"},"b":{"anyOf":[{"$ref":"#/$defs/a"},{"type":"string"}]},"c":{"allOf":[{"$ref":"#/$defs/c"}]}},"type":"object","properties":{"x":{"$ref":"#/$defs/a"},"y":{"$ref":"#/$defs/c"}}}`,
	"JSONValue":        `{"$defs":{"json":{"anyOf":[{"type":"string"},{"type":"number"},{"type":"boolean"},{"type":"null"},{"type":"array","items":{"$ref":"#/$defs/json"}},{"type":"object","additionalProperties":{"$ref":"#/$defs/json"}}]}},"type":"object","properties":{"v":{"$ref":"#/$defs/json"}},"required":["v"]}`,
	"ByPlace":          `{"type":"object","properties":{"a":{"type":"object","properties":{"b":{"type":"string"}}},"c":{"$ref":"#/properties/a"},"d":{"$ref":"#/properties/a/properties/b"},"t":{"type":"array","items":[{"type":"object","properties":{"q":{"type":"number"}}}]},"u":{"$ref":"#/properties/t/items/0"}}}`,
	"Dangling":         `{"type":"object","properties":{"a":{"$ref":"#/$defs/gone"},"b":{"$ref":"https://example.com/x.json"},"c":{"$ref":"#anchor"}}}`,
	"AllOf":            `{"allOf":[{"type":"object","properties":{"a":{"type":"string"}},"required":["a"]},{"type":"object","properties":{"b":{"type":"number"}},"required":["b"]}]}`,
	"OneOf":            `{"type":"object","properties":{"u":{"oneOf":[{"type":"object","properties":{"kind":{"const":"a"},"x":{"type":"string"}},"required":["kind"]},{"type":"object","properties":{"kind":{"const":"b"}},"required":["kind"]}]},"v":{"oneOf":[{"type":"integer"},{"type":"number","minimum":2}]}},"required":["u"]}`,
	"RequiredEither":   `{"type":"object","properties":{"a":{"type":"string"},"b":{"type":"string"}},"anyOf":[{"required":["a"]},{"required":["b"]}]}`,
	"Not":              `{"type":"object","properties":{"a":{"not":{"type":"string"}}},"if":{"required":["a"]},"then":{"required":["b"]}}`,
	"RequiredUnnamed":  `{"type":"object","required":["x","__proto__"],"additionalProperties":false}`,
	"Defaults":         `{"type":"object","properties":{"a":{"type":"string","default":"*/ \" \n"},"b":{"type":"integer","default":"not one"},"c":{"default":{"__proto__":[1]}}}}`,
	"Formats":          `{"type":"object","properties":{"u":{"type":"string","format":"uri"},"t":{"type":"string","format":"date-time"},"n":{"type":"string","format":"nonsense"}}}`,
	"Invalid":          `{"type":"object","properties":{"a":{"type":"strin"},"b":{"type":5},"c":{"minLength":"x","type":"string"},"d":{"enum":"no"},"e":{"required":true,"type":"string"},"f":7,"g":null,"h":{"items":3,"type":"array"}},"required":"a"}`,
	"Unevaluated":      `{"type":"object","allOf":[{"properties":{"a":{"type":"string"}}}],"unevaluatedProperties":false}`,
	"AnyOfAtRoot":      `{"anyOf":[{"type":"object","properties":{"a":{"type":"string"}},"required":["a"]},{"type":"object","properties":{"b":{"type":"string"}},"required":["b"]}]}`,
	"BooleanProps":     `{"type":"object","properties":{"any":true,"none":false}}`,
	"OtherId":          `{"$id":"https://example.com/s","$schema":"http://json-schema.org/draft-07/schema#","definitions":{"d":{"type":"string"}},"type":"object","properties":{"a":{"$ref":"https://example.com/s#/definitions/d"}}}`,
	"Escapes":          `{"$defs":{"a/b":{"type":"string"},"c~d":{"type":"number"},"e f":{"type":"boolean"}},"type":"object","properties":{"x":{"$ref":"#/$defs/a~1b"},"y":{"$ref":"#/$defs/c~0d"},"z":{"$ref":"#/$defs/e%20f"}}}`,
	"OptionalNullable": `{"type":"object","properties":{"a":{"type":["string","null"]},"b":{"type":"string"}}}`,
	"Deep":             strings.Repeat(`{"type":"object","properties":{"a":`, 80) + `{"type":"string"}` + strings.Repeat(`}}`, 80),
}

// hostileDocument is a Document in which every text is of somebody who wishes a reader harm.
func hostileDocument() *schema.Document {
	yes := true
	doc := &schema.Document{SchemaVersion: schema.Version, Source: schema.Source{Name: "*/ x", Kind: "file", Package: "@a/*/`\"\n", Version: "1.0.0-*/\n\"\"\""}}
	doc.Health.Complete = false
	add := func(name, doc2, input, output string) {
		text := schema.Literal(doc2)
		t := schema.Tool{Name: name, Description: &text, InputSchema: json.RawMessage(input), Enabled: &yes, Complete: true}
		if output != "" {
			t.OutputSchema = json.RawMessage(output)
		}
		doc.Tools = append(doc.Tools, t)
	}
	for _, name := range slices.Sorted(maps.Keys(hostileSchemas)) {
		add(name, "Takes "+name, hostileSchemas[name], hostileSchemas[name])
	}
	var props, required, defs, refs []string
	for i, name := range hostileNames {
		key, _ := json.Marshal(name)
		add(name, name+"\n"+name+"\n * @ts-ignore\n*/", fmt.Sprintf(`{"type":"object","properties":{%s:{"type":"string","description":%s}}}`, key, key), "")
		props = append(props, fmt.Sprintf(`%s:{"type":"object","description":%s,"properties":{%s:{"enum":[%s]}}}`, key, key, key, key))
		required = append(required, string(key))
		pointer, _ := json.Marshal("#/$defs/" + strings.NewReplacer("~", "~0", "/", "~1", "%", "%25").Replace(name))
		defs = append(defs, fmt.Sprintf(`%s:{"type":"string","description":%s}`, key, key))
		refs = append(refs, fmt.Sprintf(`"p%d":{"$ref":%s}`, i, pointer))
	}
	add("AllNames", strings.Join(hostileNames, "\n"), fmt.Sprintf(`{"type":"object","properties":{%s},"required":[%s]}`, strings.Join(props, ","), strings.Join(required, ",")), "")
	add("AllDefinitions", "", fmt.Sprintf(`{"type":"object","$defs":{%s},"properties":{%s}}`, strings.Join(defs, ","), strings.Join(refs, ",")), "")
	doc.Tools = append(doc.Tools, schema.Tool{Name: "Plain"}, schema.Tool{Name: "Lossy", InputSchema: json.RawMessage(`{"type":"object"}`),
		Losses:      []schema.Loss{{Path: "/properties/*/", Construct: "refine*/", Why: "because\n*/ \"\"\"", Kind: "unknown"}},
		Description: &schema.Text{Text: "of ${WHEN}", Parts: []schema.Part{{Lit: "of "}, {Hole: &schema.Hole{Name: "WHEN*/"}}}}})
	doc.Prompts = []schema.Prompt{{ID: "p", Text: schema.Literal("line\nline\u2028")}}
	return doc
}
