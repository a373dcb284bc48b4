package bunextract

import "github.com/bundlens/bundlens/internal/sourcemap"

// decodeVLQ decodes the mappings of a source map of version 3.
func decodeVLQ(text string) ([]Mapping, error) {
	// A mapping takes two bytes at least, and usually five or more.
	mappings := make([]Mapping, 0, len(text)/6)
	if err := sourcemap.Each(text, func(m sourcemap.Mapping) { mappings = append(mappings, Mapping(m)) }); err != nil {
		return nil, invalid(err.Error())
	}
	return mappings, nil
}

// encodeVLQ is the inverse of decodeVLQ, for mappings whose lines don't decrease.
func encodeVLQ(mappings []Mapping) string {
	w := sourcemap.NewWriter(len(mappings))
	for _, m := range mappings {
		w.Add(sourcemap.Mapping(m))
	}
	return w.String()
}
