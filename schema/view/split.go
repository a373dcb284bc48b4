package view

import (
	"encoding/json"
	"strconv"

	"github.com/bundlens/bundlens/internal/lazyregexp"
	"github.com/bundlens/bundlens/schema"
)

// A large Document takes a browser seconds to unpack and parse, and most of it is not on the first screen. A page holds
// it in two blocks, so that it can be used as soon as the first is read: tools, whole prompts, and what these ask. The
// second has all else.

// later are the lists of records of which only the number is in the first block.
var later = []string{"prompts", "reminders", "agents", "commands", "environment", "flags", "capabilities"}

// first is a Document by its keys, without what the second block has. What its tables lack is null.
type first map[string]any

// second is what first lacks of a Document; web/src/document.ts describes it as well.
type second struct {
	// Records are the lists by their keys.
	Records         map[string]json.RawMessage `json:"records"`
	Implementations []json.RawMessage          `json:"implementations"`
	Questions       []json.RawMessage          `json:"questions"`
	Fragments       []json.RawMessage          `json:"fragments"`
}

// split parts a Document, given as schema.Encode writes it.
func split(document []byte) (first, second, error) {
	rest := second{Records: map[string]json.RawMessage{}}
	var doc map[string]json.RawMessage
	if err := json.Unmarshal(document, &doc); err != nil {
		return nil, rest, err
	}
	shown := first{}
	for key, value := range doc {
		shown[key] = value
	}
	counts := map[string]int{}
	for _, kind := range later {
		var list []json.RawMessage
		if err := json.Unmarshal(doc[kind], &list); err != nil {
			return nil, rest, err
		}
		counts[kind], shown[kind], rest.Records[kind] = len(list), []int{}, doc[kind]
	}
	whole, err := wholePrompts(doc["prompts"])
	if err != nil {
		return nil, rest, err
	}
	counts["system-prompt"] = len(whole)
	shown["counts"], shown["prompts"] = counts, whole
	var tools []map[string]json.RawMessage
	if err := json.Unmarshal(doc["tools"], &tools); err != nil {
		return nil, rest, err
	}
	for _, t := range tools {
		rest.Implementations = append(rest.Implementations, t["implementation"])
		t["implementation"] = json.RawMessage("[]")
	}
	shown["tools"] = tools
	return shown, rest, divideTables(doc, append(whole, doc["tools"]), shown, &rest)
}

// wholePrompts are the whole system prompts of a list.
func wholePrompts(prompts json.RawMessage) ([]json.RawMessage, error) {
	var list []json.RawMessage
	if err := json.Unmarshal(prompts, &list); err != nil {
		return nil, err
	}
	whole := []json.RawMessage{}
	for _, p := range list {
		var prompt struct{ Kind string }
		if err := json.Unmarshal(p, &prompt); err != nil {
			return nil, err
		}
		if prompt.Kind == schema.KindAssembly {
			whole = append(whole, p)
		}
	}
	return whole, nil
}

// reference is a key under which a Document has the number of a question or fragment. Quotes within a string are
// escaped, so that no string looks like it; a property of a schema may, and keeps an element that was not needed.
var reference = lazyregexp.New(`"(q|ref)":\s*(\d+)`)

// divideTables leaves the questions and fragments in shown to which values lead, and puts the others into rest.
func divideTables(doc map[string]json.RawMessage, values []json.RawMessage, shown first, rest *second) error {
	keys := map[string]string{"q": "questions", "ref": "fragments"}
	all, kept := map[string][]json.RawMessage{}, map[string][]json.RawMessage{}
	for _, key := range keys {
		var table []json.RawMessage
		if err := json.Unmarshal(doc[key], &table); err != nil {
			return err
		}
		all[key], kept[key] = table, make([]json.RawMessage, len(table))
	}
	for len(values) > 0 {
		last := len(values) - 1
		value := values[last]
		values = values[:last]
		for _, found := range reference.Get().FindAllSubmatch(value, -1) {
			key := keys[string(found[1])]
			n, err := strconv.Atoi(string(found[2]))
			if err == nil && n < len(all[key]) && kept[key][n] == nil {
				kept[key][n], all[key][n] = all[key][n], nil
				values = append(values, kept[key][n])
			}
		}
	}
	shown["questions"], shown["fragments"] = kept["questions"], kept["fragments"]
	rest.Questions, rest.Fragments = all["questions"], all["fragments"]
	return nil
}
