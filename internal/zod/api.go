package zod

// Convert returns the JSON Schema of a schema.
func Convert(d *Def, opts Options) Result {
	if d == nil {
		d = Unresolved(opts.Dialect, "no schema")
	}
	if dialectOf(d, opts).Family == V3 {
		return convertV3(d, opts)
	}
	return convertV4(d, opts)
}
