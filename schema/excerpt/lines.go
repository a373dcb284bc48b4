package excerpt

import (
	"bytes"
	"fmt"

	"github.com/bundlens/bundlens/schema"
)

// start is how a Document begins that schema.Encode wrote.
var start = fmt.Appendf(nil, "{\"schemaVersion\": %d,\n", schema.Version)

// lines are the members of a Document as schema.Encode writes it: each on a line, and a list's records on a line each.
// No string has a line break in it, so that nothing else has to be looked at. ok is false where it is laid out otherwise.
func lines(data []byte) (members []member, ok bool) {
	rest, ok := bytes.CutPrefix(data, start)
	if !ok || !bytes.HasSuffix(data, []byte("}\n")) {
		return nil, false
	}
	members = append(members, member{name: "schemaVersion", value: fmt.Append(nil, schema.Version)})
	var list *member // whose records follow
	for len(rest) > 0 {
		end := bytes.IndexByte(rest, '\n')
		line := rest[:end]
		rest = rest[end+1:]
		switch {
		case list != nil && bytes.HasPrefix(line, []byte("]")):
			list = nil
		case list != nil:
			list.records = append(list.records, bytes.TrimSuffix(line, []byte(",")))
		default:
			m, opens, ok := memberLine(line)
			if !ok {
				return nil, false
			}
			members = append(members, m)
			if opens {
				list = &members[len(members)-1]
			}
		}
	}
	return members, list == nil
}

// memberLine reads a line `"name": value,` or `"name": [`, which opens a list. The last one ends with a brace more.
func memberLine(line []byte) (m member, opens, ok bool) {
	name, value, ok := bytes.Cut(line, []byte(`": `))
	if !ok || len(name) == 0 || name[0] != '"' {
		return m, false, false
	}
	m.name = string(name[1:])
	m.value = bytes.TrimSuffix(value, []byte(","))
	if len(m.value) == len(value) {
		m.value = bytes.TrimSuffix(value, []byte("}"))
	}
	m.isList = bytes.HasPrefix(value, []byte("["))
	return m, string(value) == "[", true
}
