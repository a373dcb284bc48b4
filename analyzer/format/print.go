package format

import (
	"fmt"
	"path"

	"github.com/evanw/esbuild/pkg/api"
)

// print lays a text out by esbuild's printer. Where esbuild can't read it, which is said, it is left as it is.
func (t *text) print(file, sourceFile string, source *places, withMap bool) (File, error) {
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
		m, err := t.sourceMap(file, sourceFile, result.Map, source)
		if err != nil {
			return out, err
		}
		out.Map = m
		out.Code = append(out.Code, "//# sourceMappingURL="+path.Base(file)+".map\n"...)
	}
	return out, nil
}
