package eval

import (
	"bytes"
	"compress/gzip"
	"compress/zlib"
	"io"
	"maps"
	"path"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/klauspost/compress/zstd"
)

// An asset is a file that a program carries with it. A program has its text by importing it, or by reading the file
// and unpacking what it read; both give the text here.

// maxAsset bounds what an asset may be unpacked to, in bytes.
const maxAsset = 8 << 20

// imported is what importing a file gives that is no module of JavaScript; ok is false for one that is not known.
func (m *Machine) imported(importer, specifier, name string) (v Value, ok bool) {
	file, content, ok := m.asset(importer, specifier)
	if !ok || !utf8.Valid(content) {
		return nil, false
	}
	v = String(content)
	if strings.HasSuffix(file, ".json") {
		v = jsonStatics["parse"](m, Undefined, []Value{v})
	}
	if name != "*" && name != "default" {
		return m.get(v, name, true), true
	}
	return v, true
}

func (m *Machine) asset(importer, name string) (file string, content []byte, ok bool) {
	if m.config.Asset == nil {
		return "", nil, false
	}
	file, content, ok = m.config.Asset(importer, name)
	return file, content, ok && len(content) <= maxAsset
}

// fileSystem is what reading files gives: those that the program carries with it, and nothing that is known of others.
// Functions whose names end in one of the suffixes answer at once; promises are their values here.
func (m *Machine) fileSystem(name string) Value {
	o := m.newObject(KindObject)
	outside := &Unknown{Key: "module:" + name, Expr: name, Why: "a module outside the program"}
	o.open = []*Unknown{outside}
	read := func(key string) *Prop {
		return &Prop{Value: m.native(func(m *Machine, _ Value, args []Value) Value {
			return m.lift(argument(args, 0), func(path Value) Value {
				return m.eachPath(path, func(file Value) Value {
					if content, ok := m.carried(file); ok {
						return m.contentAs(content, argument(args, 1))
					}
					rest := append([]Value{file}, args[min(1, len(args)):]...)
					return m.callUnknown(m.getUnknown(outside, key), rest)
				})
			})
		})}
	}
	list := func(key string) *Prop {
		return &Prop{Value: m.native(func(m *Machine, _ Value, args []Value) Value {
			return m.eachPath(argument(args, 0), func(path Value) Value {
				if folder, ok := m.located(path); ok {
					if names, ok := m.fileNames(folder, argument(args, 1)); ok {
						return names
					}
				}
				return m.callUnknown(m.getUnknown(outside, key), append([]Value{path}, args[min(1, len(args)):]...))
			})
		})}
	}
	if name == "fs/promises" {
		o.set("readFile", read("readFile"))
		o.set("readdir", list("readdir"))
	} else {
		o.set("readFileSync", read("readFileSync"))
		o.set("readdirSync", list("readdirSync"))
		o.set("promises", &Prop{Value: m.fileSystem("fs/promises")})
		for _, key := range lookedFor {
			f := m.native(func(m *Machine, _ Value, args []Value) Value {
				return m.eachPath(argument(args, 0), func(file Value) Value {
					if _, there := m.carried(file); there && key == "existsSync" {
						return Bool(true)
					}
					return m.callUnknown(m.getUnknown(outside, key), append([]Value{file}, args[min(1, len(args)):]...))
				})
			})
			f.open = []*Unknown{m.getUnknown(outside, key)} // realpathSync.native
			o.set(key, &Prop{Value: f})
		}
	}
	o.set("default", &Prop{Value: o})
	return o
}

// lookedFor are functions of the fs module that programs ask for before they call them.
var lookedFor = []string{"realpathSync", "existsSync", "statSync"}

// getUnknown is a member of something that is not known.
func (m *Machine) getUnknown(of *Unknown, key string) *Unknown {
	if u, ok := m.get(of, key, true).(*Unknown); ok {
		return u
	}
	return of
}

// contentAs is a file's content: a text where an encoding is given, else a buffer.
func (m *Machine) contentAs(content []byte, options Value) Value {
	options = m.settled(options)
	if o, ok := options.(*Object); ok && o.Own("encoding") != nil {
		options = m.settled(o.Own("encoding").Value)
	}
	if _, ok := options.(String); ok && utf8.Valid(content) {
		return String(content)
	}
	return m.buffer(content)
}

// bun is the object by which the runtime Bun shows itself to a program that it carries.
func (m *Machine) bun() Value {
	o := m.newObject(KindObject)
	o.open = []*Unknown{{Key: "Bun", Expr: "Bun", Why: "the runtime"}}
	o.set("env", &Prop{Value: m.environ()})
	for _, name := range slices.Sorted(maps.Keys(unpackers)) {
		o.set(name, &Prop{Value: m.native(unpacked("Bun."+name, unpackers[name]))})
	}
	o.set("file", &Prop{Value: m.native(bunFile)})
	return o
}

// bunFile is a file as Bun shows it, which is read when it is asked for.
func bunFile(m *Machine, _ Value, args []Value) Value {
	return m.lift(argument(args, 0), func(name Value) Value {
		content, ok := m.carried(name)
		if !ok {
			return m.callUnknown(m.unknown("a file of the machine it runs on", "Bun.file"), args)
		}
		o := m.newObject(KindObject)
		o.open = []*Unknown{m.unknown("a file", "Bun.file(...)")}
		give := func(key string, f func() Value) {
			o.set(key, &Prop{Value: m.builtin(key, func(*Machine, Value, []Value) Value { return f() })})
		}
		text := func() Value { return m.contentAs(content, String("utf8")) }
		give("text", text)
		give("json", func() Value { return jsonStatics["parse"](m, Undefined, []Value{text()}) })
		give("bytes", func() Value { return m.buffer(content) })
		give("arrayBuffer", func() Value { return m.buffer(content) })
		give("exists", func() Value { return Bool(true) })
		o.set("size", &Prop{Value: Number(len(content))})
		return o
	})
}

// carried is the content of a file that the program carries with it, by its name.
func (m *Machine) carried(name Value) (content []byte, ok bool) {
	file, ok := m.located(name)
	if s, isString := name.(String); isString {
		file, ok = string(s), true
	}
	if !ok {
		return nil, false
	}
	_, content, ok = m.asset("", file)
	return content, ok
}

// compression is Node's module of packed data.
func (m *Machine) compression() Value {
	o := m.newObject(KindObject)
	o.open = []*Unknown{{Key: "module:zlib", Expr: "zlib", Why: "a module outside the program"}}
	for _, name := range slices.Sorted(maps.Keys(unpackers)) {
		if strings.HasSuffix(name, "Sync") {
			o.set(name, &Prop{Value: m.native(unpacked("zlib."+name, unpackers[name]))})
		}
	}
	o.set("default", &Prop{Value: o})
	return o
}

// unpackers are the functions that unpack data, by the names that both runtimes give them.
var unpackers = map[string]func(io.Reader) (io.Reader, error){
	"zstdDecompressSync": openZstd, "zstdDecompress": openZstd,
	"gunzipSync":  func(r io.Reader) (io.Reader, error) { return gzip.NewReader(r) },
	"inflateSync": func(r io.Reader) (io.Reader, error) { return zlib.NewReader(r) },
}

func openZstd(r io.Reader) (io.Reader, error) {
	return zstd.NewReader(r, zstd.WithDecoderConcurrency(1), zstd.WithDecoderMaxMemory(64<<20))
}

// unpacked is a function that unpacks a buffer.
func unpacked(name string, unpack func(io.Reader) (io.Reader, error)) Native {
	return func(m *Machine, _ Value, args []Value) Value {
		return m.lift(argument(args, 0), func(v Value) Value {
			o, ok := v.(*Object)
			content, isBuffer := []byte(nil), false
			if ok {
				content, isBuffer = o.Host.([]byte)
			}
			if !isBuffer {
				return m.callUnknown(m.unknown("packed data", name), args)
			}
			r, err := unpack(bytes.NewReader(content))
			if err != nil {
				return m.unknown("packed data: "+err.Error(), name)
			}
			out, err := io.ReadAll(io.LimitReader(r, maxAsset+1))
			if z, ok := r.(*zstd.Decoder); ok {
				z.Close()
			}
			switch {
			case err != nil:
				return m.unknown("packed data: "+err.Error(), name)
			case len(out) > maxAsset:
				return m.unknown("packed data that is too large", name)
			}
			return m.buffer(out)
		})
	}
}

// isAbsolute tells whether a path is one, on either system.
func isAbsolute(name string) bool {
	return path.IsAbs(name) || len(name) > 2 && name[1] == ':' && (name[2] == '/' || name[2] == '\\')
}
