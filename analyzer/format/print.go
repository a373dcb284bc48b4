package format

import (
	"encoding/json"
	"fmt"
	"path"
	"sort"
	"strings"

	"github.com/evanw/esbuild/pkg/api"
)

// print lays a text out by esbuild's printer. Where esbuild can't read it, which is said, it is left as it is.
func (t *text) print(file, sourceFile string, lines []int32, withMap bool) (File, error) {
	options := api.TransformOptions{
		Loader: api.LoaderJS, Charset: api.CharsetUTF8, LegalComments: api.LegalCommentsInline, LogLevel: api.LogLevelSilent, Target: api.ESNext,
	}
	if withMap {
		options.Sourcemap, options.SourcesContent, options.Sourcefile = api.SourceMapExternal, api.SourcesContentExclude, "text"
	}
	result := api.Transform(t.String(), options)
	if len(result.Errors) > 0 {
		e := result.Errors[0]
		at := ""
		if e.Location != nil {
			at = fmt.Sprintf(" at line %d, column %d", e.Location.Line, e.Location.Column+1)
		}
		return File{Path: file, Code: t.Bytes()}, fmt.Errorf("%s: %s%s", file, e.Text, at)
	}
	out := File{Path: file, Code: result.Code}
	if withMap {
		m, err := t.sourceMap(file, sourceFile, result.Map, lines)
		if err != nil {
			return out, err
		}
		out.Map = m
		out.Code = append(out.Code, "//# sourceMappingURL="+path.Base(file)+".map\n"...)
	}
	return out, nil
}

// sourceMap is a source map of version 3 (ECMA-426).
type sourceMap struct {
	Version  int      `json:"version"`
	File     string   `json:"file"`
	Sources  []string `json:"sources"`
	Names    []string `json:"names"`
	Mappings string   `json:"mappings"`
}

// sourceMap makes of the printer's map to the text one to the source.
func (t *text) sourceMap(file, sourceFile string, printed []byte, lines []int32) ([]byte, error) {
	var in sourceMap
	if err := json.Unmarshal(printed, &in); err != nil {
		return nil, fmt.Errorf("%s: source map: %w", file, err)
	}
	own := lineStarts(t.Bytes())
	out := mapWriter{}
	err := eachMapping(in.Mappings, func(line, column, textLine, textColumn int32) {
		if int(textLine) >= len(own) {
			return
		}
		if from := t.from(own[textLine] + textColumn); from >= 0 {
			at := int32(sort.Search(len(lines), func(i int) bool { return lines[i] > from })) - 1
			out.add(line, column, at, from-lines[at])
		}
	})
	if err != nil {
		return nil, fmt.Errorf("%s: source map: %w", file, err)
	}
	return json.Marshal(sourceMap{3, path.Base(file), []string{sourceFile}, []string{}, out.String()})
}

// from is the offset in the source of an offset in the text, or -1.
func (t *text) from(at int32) int32 {
	i := sort.Search(len(t.origins), func(i int) bool { return t.origins[i].at > at }) - 1
	if i < 0 || t.origins[i].from < 0 {
		return -1
	}
	return t.origins[i].from + at - t.origins[i].at
}

// lineStarts are the offsets at which lines begin.
func lineStarts(text []byte) []int32 {
	starts := []int32{0}
	for i, c := range text {
		if c == '\n' {
			starts = append(starts, int32(i)+1)
		}
	}
	return starts
}

const digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"

var digitValues = func() (values [256]int32) {
	for i := range values {
		values[i] = int32(strings.IndexByte(digits, byte(i)))
	}
	return values
}()

// eachMapping reads mappings that have a source. Columns are in UTF-16 units, which the caller takes for bytes.
func eachMapping(text string, visit func(line, column, sourceLine, sourceColumn int32)) error {
	var line int32
	var now [5]int32
	for field, at := 0, 0; at < len(text); {
		switch text[at] {
		case ';':
			line, now[0], field = line+1, 0, 0
			at++
			continue
		case ',':
			field = 0
			at++
			continue
		}
		value, shift := int32(0), 0
		for {
			if at == len(text) || digitValues[text[at]] < 0 || shift > 30 || field > 4 {
				return fmt.Errorf("mappings at byte %d are wrong", at)
			}
			d := digitValues[text[at]]
			at++
			value |= d & 31 << shift
			if shift += 5; d < 32 {
				break
			}
		}
		if value&1 == 1 {
			value = -(value >> 1)
		} else {
			value >>= 1
		}
		now[field] += value
		if field++; field == 4 {
			visit(line, now[0], now[2], now[3])
		}
	}
	return nil
}

// mapWriter writes mappings to one source.
type mapWriter struct {
	strings.Builder
	line                   int32
	column                 int32
	sourceLine, sourceFrom int32
	begun                  bool
}

func (w *mapWriter) add(line, column, sourceLine, sourceColumn int32) {
	for w.line < line {
		w.WriteByte(';')
		w.line++
		w.column, w.begun = 0, false
	}
	if w.begun {
		w.WriteByte(',')
	}
	w.begun = true
	w.number(column - w.column)
	w.number(0)
	w.number(sourceLine - w.sourceLine)
	w.number(sourceColumn - w.sourceFrom)
	w.column, w.sourceLine, w.sourceFrom = column, sourceLine, sourceColumn
}

func (w *mapWriter) number(n int32) {
	v := n << 1
	if n < 0 {
		v = -n<<1 | 1
	}
	for v >= 32 {
		w.WriteByte(digits[v&31|32])
		v >>= 5
	}
	w.WriteByte(digits[v])
}
