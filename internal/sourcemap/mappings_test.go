package sourcemap

import (
	"slices"
	"testing"
)

// all are the mappings of a text.
func all(text string) (mappings []Mapping, err error) {
	err = Each(text, func(m Mapping) { mappings = append(mappings, m) })
	return mappings, err
}

func TestMappings(t *testing.T) {
	for _, c := range []struct {
		text string
		want []Mapping
	}{
		{"", nil},
		{";;A", []Mapping{{2, 0, -1, 0, 0, -1}}},
		{"A,CAAA,EACEA;;AADF", []Mapping{{0, 0, -1, 0, 0, -1}, {0, 1, 0, 0, 0, -1}, {0, 3, 0, 1, 2, 0}, {2, 0, 0, 0, 0, -1}}},
		{"AAAggggggC,CAAhgggggC", []Mapping{{0, 0, 0, 0, 1 << 30, -1}, {0, 1, 0, 0, 0, -1}}},
	} {
		got, err := all(c.text)
		if err != nil || !slices.Equal(got, c.want) {
			t.Errorf("%q: %v, %v, want %v", c.text, got, err, c.want)
		}
	}
}

func TestWrongMappings(t *testing.T) {
	for _, text := range []string{
		"AAAhgggggC", // a column before the first
		"AADA",       // a line before the first
		"ggggggE",    // a column that 31 bits don't hold
		"ggggggggggA",
		"AA", "AAA", "AAAAAA", "g", "AAA!",
	} {
		if got, err := all(text); err == nil {
			t.Errorf("%q: %v", text, got)
		}
	}
}

// FuzzMappings reads anything as mappings, and what could be read again after it was written.
func FuzzMappings(f *testing.F) {
	f.Add("AAAA,SAASA;;AACA,gCADD")
	f.Add("A,CAAA,EACEA;;AADF")
	f.Add("AAAggggggC,CAAhgggggC")
	f.Fuzz(func(t *testing.T, text string) {
		want, err := all(text)
		if err != nil {
			return
		}
		w := NewWriter(len(want))
		for _, m := range want {
			w.Add(m)
		}
		if got, err := all(w.String()); err != nil || !slices.Equal(got, want) {
			t.Fatalf("%q: %v, written as %q: %v, %v", text, want, w.String(), got, err)
		}
	})
}
