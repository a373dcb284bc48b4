package format

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"path"

	"github.com/evanw/esbuild/pkg/api"
	"github.com/tidwall/gjson"
	"golang.org/x/sync/errgroup"

	"github.com/bundlens/bundlens/internal/sourcemap"
)

// printing is how a text becomes a file.
type printing struct {
	file       string // to be made
	sourceFile string // the file of the module, as file names it
	source     *places
	withMap    bool
}

// printed is a piece of a file.
type printed struct {
	code     []byte
	mappings []sourcemap.Mapping // to the module's file
	err      error
}

// print lays a text out by esbuild's printer, piece by piece, several at once. Where esbuild can't read a piece, which is
// said, it is left as it is.
func (p *printing) print(t *text, workers int) (File, error) {
	pieces := make([]printed, len(t.pieces))
	var g errgroup.Group
	g.SetLimit(workers)
	start := 0
	for i, piece := range t.pieces {
		from := start
		start = piece.end
		g.Go(func() error {
			pieces[i] = p.piece(t, from, piece)
			return nil
		})
	}
	g.Wait()
	return p.join(pieces)
}

// piece prints a piece that begins at an offset.
func (p *printing) piece(t *text, from int, piece piece) printed {
	code := t.Bytes()[from:piece.end]
	if piece.laidOut {
		return printed{code: code}
	}
	options := api.TransformOptions{
		Loader: api.LoaderJS, Charset: api.CharsetUTF8, LegalComments: api.LegalCommentsInline, LogLevel: api.LogLevelSilent, Target: api.ESNext,
	}
	if p.withMap {
		options.Sourcemap, options.SourcesContent, options.Sourcefile = api.SourceMapExternal, api.SourcesContentExclude, "text"
	}
	result := api.Transform(string(code), options)
	if len(result.Errors) > 0 {
		return printed{code: code, err: p.failure(t, from, code, result.Errors[0])}
	}
	out := printed{code: result.Code}
	if p.withMap {
		out.mappings, out.err = p.mappings(t, from, code, result.Map)
	}
	return out
}

// failure says why a piece could not be laid out, and at which place of the module.
func (p *printing) failure(t *text, from int, code []byte, e api.Message) error {
	if lines := placesIn(code).lines; e.Location != nil && e.Location.Line <= len(lines) {
		if at := t.from(int32(from+e.Location.Column) + lines[e.Location.Line-1]); at >= 0 {
			line, column := p.source.of(at)
			return fmt.Errorf("%s: %s at line %d, column %d of %s", p.file, e.Text, line+1, column+1, p.sourceFile)
		}
	}
	return fmt.Errorf("%s: %s", p.file, e.Text)
}

// mappings makes of the printer's map, to a piece of the text, one to the module's file.
func (p *printing) mappings(t *text, from int, code, printed []byte) (out []sourcemap.Mapping, err error) {
	in := gjson.GetBytes(printed, "mappings").Str
	own := placesIn(code)
	const mappingSize = 6 // bytes, about
	out = make([]sourcemap.Mapping, 0, len(in)/mappingSize)
	err = sourcemap.Each(in, func(m sourcemap.Mapping) {
		if m.Source < 0 {
			return
		}
		if at, ok := own.offset(m.SourceLine, m.SourceColumn); ok {
			if from := t.from(at + int32(from)); from >= 0 {
				line, column := p.source.of(from)
				out = append(out, sourcemap.Mapping{Line: m.Line, Column: m.Column, SourceLine: line, SourceColumn: column, Name: -1})
			}
		}
	})
	if err != nil {
		return nil, fmt.Errorf("%s: source map: %w", p.file, err)
	}
	return out, nil
}

// join puts the pieces of a file together.
func (p *printing) join(pieces []printed) (File, error) {
	size, mapped := 0, 0
	for _, piece := range pieces {
		size += len(piece.code) + 1
		mapped += len(piece.mappings)
	}
	out := File{Path: p.file, Code: make([]byte, 0, size)}
	mappings := sourcemap.NewWriter(mapped)
	var errs []error
	line := int32(0)
	for _, piece := range pieces {
		if len(out.Code) > 0 && out.Code[len(out.Code)-1] != '\n' {
			out.Code = append(out.Code, '\n')
			line++
		}
		errs = append(errs, piece.err)
		out.Code = append(out.Code, piece.code...)
		for _, m := range piece.mappings {
			m.Line += line
			mappings.Add(m)
		}
		line += int32(bytes.Count(piece.code, []byte{'\n'}))
	}
	if err := errors.Join(errs...); err != nil || !p.withMap {
		return out, err
	}
	var err error
	out.Map, err = json.Marshal(sourceMap{3, path.Base(p.file), []string{p.sourceFile}, []string{}, mappings.String()})
	out.Code = append(out.Code, "//# sourceMappingURL="+path.Base(p.file)+".map\n"...)
	return out, err
}

// sourceMap is a source map of version 3 (ECMA-426).
type sourceMap struct {
	Version  int      `json:"version"`
	File     string   `json:"file"`
	Sources  []string `json:"sources"`
	Names    []string `json:"names"`
	Mappings string   `json:"mappings"`
}
