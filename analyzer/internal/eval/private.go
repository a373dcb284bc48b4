package eval

import (
	"strconv"
	"strings"

	"github.com/bundlens/bundlens/analyzer/internal/js"
)

// A private name belongs to the class that declares it: another class may have one that is spelled the same, and so may a
// subclass, whose instances then have both. So the key of a private member names its class by where that stands.

// privateMark parts a private name from the class that it belongs to.
const privateMark = "@"

// memberName is the key of the property that an identifier names.
func (m *Machine) memberName(n js.Node) string {
	name := propertyName(n)
	if n.Kind() != js.PrivatePropertyIdentifier {
		return name
	}
	for body := n.Parent(); body.Valid(); body = body.Parent() {
		if body.Kind() == js.ClassBody && m.privateNames(body)[name] {
			return name + privateMark + strconv.Itoa(n.Tree().Module) + "." + strconv.Itoa(int(body.Start()))
		}
	}
	return name
}

// privateNames are the private names that a class declares.
func (m *Machine) privateNames(body js.Node) map[string]bool {
	k := nodeKey{body.Tree(), body.Index()}
	if names, ok := m.private[k]; ok {
		return names
	}
	var names map[string]bool
	for c := body.FirstChild(); c.Valid(); c = c.Next() {
		name := c.Child(js.FieldName)
		if c.Kind() == js.FieldDefinition {
			name = c.Child(js.FieldProperty)
		}
		if name.Kind() != js.PrivatePropertyIdentifier {
			continue
		}
		if names == nil {
			names = map[string]bool{}
		}
		names[propertyName(name)] = true
	}
	m.private[k] = names
	return names
}

// keyAsWritten is a member's key as a program writes it.
func keyAsWritten(key string) string {
	if strings.HasPrefix(key, "#") {
		key, _, _ = strings.Cut(key, privateMark)
	}
	return key
}
