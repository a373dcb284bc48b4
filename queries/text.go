package queries

// Text returns the text of an embedded query by its name; it is empty for a name that there is none of.
func Text(name string) string {
	b, err := files.ReadFile(name + ".scm")
	if err != nil {
		return ""
	}
	return string(b)
}
