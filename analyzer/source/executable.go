package source

import (
	"errors"
	"io/fs"
	"os"
	"strings"

	"github.com/bundlens/bundlens/bunextract"
)

// openExecutable opens an executable made by Bun. Its text modules are read at once, all else when asked for.
func openExecutable(file string, opts Options) (*Input, error) {
	info, err := os.Stat(file)
	if err != nil {
		return nil, fail(file, ErrUnreadable, err)
	}
	f, err := bunextract.Open(file)
	if err != nil {
		if inner := errors.Unwrap(err); inner != nil && strings.HasPrefix(err.Error(), file+": ") {
			err = inner // the file is named once
		}
		return nil, executableError(file, err)
	}
	in := &Input{Kind: KindExecutable, Path: file, Size: info.Size(), Entry: -1, Warnings: f.Warnings}
	in.closers = append(in.closers, f.Close)
	if err := loadGraph(in, f.Graph, file, opts.Limits); err != nil {
		f.Close()
		return nil, err
	}
	in.digest = sumFile(file)
	return in, nil
}

// loadGraph makes modules of those of a graph, in its order.
func loadGraph(in *Input, g *bunextract.Graph, file string, limits Limits) error {
	if len(g.Modules) > limits.Modules {
		return fail(file, ErrTooBig, "it has more modules than the limit allows")
	}
	var total int64
	in.Modules = make([]Module, len(g.Modules))
	for i, m := range g.Modules {
		out := &in.Modules[i]
		*out = Module{Name: m.Name, Kind: graphKind(m), Entry: m.IsEntry(), Size: m.Size(), open: m.Source}
		if m.IsEntry() {
			in.Entry = i
		}
		if out.Kind == Asset {
			continue
		}
		if total += m.Size(); m.Size() > limits.File || total > limits.Total {
			return fail(file, ErrTooBig, sizes(total, limits.Total))
		}
		// One module that can't be read leaves the others; the analysis says that it saw less.
		if out.Source, out.Err = m.Source(); out.Err != nil {
			out.Source = nil
			continue
		}
		out.Size = int64(len(out.Source)) // decoded, where it was stored as UTF-16
	}
	return nil
}

// graphKind says what a module of a graph holds, by its loader.
func graphKind(m *bunextract.Module) ModuleKind {
	switch {
	case m.Loader.IsJavaScript():
		return JS
	case m.Loader == bunextract.LoaderJSON, m.Loader == bunextract.LoaderJSONC, m.Loader == bunextract.LoaderJSON5:
		return JSON
	case m.Loader == bunextract.LoaderText, m.Loader == bunextract.LoaderMarkdown:
		return Text
	}
	return Asset
}

// isBunExecutable says whether a file is an executable with a program of Bun in it. A damaged one is one too: its
// error is worth more than passing it over.
func isBunExecutable(file string) bool {
	f, err := bunextract.Open(file)
	if err == nil {
		f.Close()
	}
	return err == nil || errors.Is(err, bunextract.ErrTruncated) || errors.Is(err, bunextract.ErrCorrupt)
}

// executableError says in this package's terms why an executable could not be opened.
func executableError(file string, err error) error {
	out := &Error{Path: file, Offset: -1, Cause: ErrUnreadable, Err: err}
	var format *bunextract.FormatError
	var truncated *bunextract.TruncatedError
	var path *fs.PathError
	switch {
	case errors.As(err, &truncated):
		out.Cause, out.Offset, out.Err = ErrTruncated, truncated.Have, truncated
	case errors.As(err, &format) && errors.Is(err, bunextract.ErrCorrupt):
		out.Cause, out.Offset, out.Detail, out.Err = ErrCorrupt, format.Offset, format.Cause, nil
	case errors.Is(err, bunextract.ErrNotExecutable):
		out.Cause = ErrNotJavaScript
	case errors.Is(err, bunextract.ErrNotBun), errors.Is(err, bunextract.ErrNoGraph):
		out.Cause = ErrNothing
	case errors.Is(err, bunextract.ErrTooLarge):
		out.Cause = ErrTooBig
	case errors.As(err, &path):
		out.Err = path.Err
	}
	return out
}
