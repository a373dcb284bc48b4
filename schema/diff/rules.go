package diff

// rule is the change in the terms of oasdiff (https://github.com/oasdiff/oasdiff, docs/BREAKING-CHANGES.md), the checker
// that is usual for OpenAPI: the input of a tool is a request's body, its output a response's. It is empty where oasdiff
// has no rule for a change.
func (c SchemaChange) rule() string {
	side := "request"
	if c.Of == "output" {
		side = "response"
	}
	switch c.Kind {
	case propertyRemoved:
		if side == "response" {
			return "response-optional-property-removed"
		}
		return "request-property-removed"
	case "property-required":
		return side + "-property-became-required"
	case "property-optional":
		return side + "-property-became-optional"
	case "required-property-added":
		if side == "response" {
			return "response-required-property-added"
		}
		return "new-required-request-property"
	case "property-added":
		if side == "response" {
			return "response-optional-property-added"
		}
		return "new-optional-request-property"
	case "type-changed":
		return side + "-property-type-changed"
	case "enum-narrowed":
		return side + "-property-enum-value-removed"
	case "enum-widened":
		return side + "-property-enum-value-added"
	case "enum-added":
		return side + "-property-became-enum"
	case "default-changed":
		return side + "-property-default-value-changed"
	case "pattern-changed":
		return side + "-property-pattern-changed"
	case "anyOf-branch-removed":
		return side + "-property-any-of-removed"
	case "anyOf-branch-added":
		return side + "-property-any-of-added"
	case "oneOf-branch-removed":
		return side + "-property-one-of-removed"
	case "oneOf-branch-added":
		return side + "-property-one-of-added"
	}
	return ""
}
