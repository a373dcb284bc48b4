package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/bundlens/bundlens/analyzer/source"
	"github.com/bundlens/bundlens/internal/excerpt"
	"github.com/bundlens/bundlens/internal/regular"
	"github.com/bundlens/bundlens/schema"
)

// intelFile is the file of a report that holds the whole document.
const intelFile = "intel.json"

// errNoDocument says that a path holds none; it may be an input that can be analysed.
var errNoDocument = errors.New("is no document of bundlens, and no directory with an " + intelFile)

// maxDocument bounds a document; one of a large program has a few MiB.
const maxDocument = 512 << 20

// readDocument reads a document, from its file or from the directory of a report.
func readDocument(path string) (*schema.Document, error) {
	data, file, err := readDocumentFile(path)
	if err != nil {
		return nil, err
	}
	doc, err := schema.Parse(data)
	return doc, unread(file, data, err)
}

// unread says why a document could not be read; nil for a nil error.
func unread(file string, data []byte, err error) error {
	if err == nil {
		return nil
	}
	if broken := whole(data); broken != nil {
		err = broken
	}
	return fmt.Errorf("%s: %w", file, err)
}

// documentFile is the file of a document that readDocument reads.
func documentFile(path string) string {
	if info, err := os.Stat(path); err == nil && info.IsDir() {
		return filepath.Join(path, intelFile)
	}
	return path
}

// readDocumentFile reads the bytes of a document, and says from which file.
func readDocumentFile(path string) (data []byte, file string, err error) {
	file = path
	info, err := os.Stat(path)
	if err != nil {
		return nil, file, err
	}
	if info.IsDir() {
		file = filepath.Join(path, intelFile)
		if _, err = os.Stat(file); errors.Is(err, fs.ErrNotExist) {
			return nil, file, fmt.Errorf("%s: %w", path, errNoDocument)
		} else if err != nil {
			return nil, file, err
		}
	}
	if data, err = regular.ReadNamed(context.Background(), file, maxDocument); err != nil {
		return nil, file, err
	}
	if trimmed := bytes.TrimSpace(data); len(trimmed) == 0 || trimmed[0] != '{' {
		return nil, file, fmt.Errorf("%s: %w", path, errNoDocument)
	}
	return data, file, nil
}

// whole says whether data is one JSON value, neither cut off nor followed by another.
func whole(data []byte) error {
	if json.Valid(data) {
		return nil
	}
	dec := json.NewDecoder(bytes.NewReader(data))
	var first json.RawMessage
	switch err := dec.Decode(&first); {
	case errors.Is(err, io.ErrUnexpectedEOF):
		return fmt.Errorf("ends too early, at byte %d", len(data))
	case err != nil:
		return fmt.Errorf("is not JSON: %w", err)
	}
	return fmt.Errorf("holds something behind the document, from byte %d on", dec.InputOffset())
}

// looksLikeDocument says whether a path is to be read as a document rather than analysed.
func looksLikeDocument(path string) bool {
	if path == "-" || strings.HasPrefix(path, "npm:") {
		return false
	}
	info, err := os.Stat(path)
	if err != nil {
		return false
	}
	if info.IsDir() {
		_, err := os.Stat(filepath.Join(path, intelFile))
		_, notPackage := os.Stat(filepath.Join(path, "package.json"))
		return err == nil && notPackage != nil
	}
	return strings.EqualFold(filepath.Ext(path), ".json")
}

// documentOf reads a document, or makes one of an input. What could not be seen is said, for a comparison with it
// may mean little.
func documentOf(ctx context.Context, ui *terminal, input, platform string, o engineOptions, stdin io.Reader) (*schema.Document, error) {
	r, err := obtain(ctx, ui, wanted{input: input, platform: platform, engine: o, stdin: stdin})
	if err != nil {
		return nil, err
	}
	if len(r.doc.Tools) == 0 && len(r.missing) > 0 {
		return nil, verdict(input, &source.Input{Missing: r.missing}, r.doc)
	}
	return r.doc, nil
}

// wanted is what a command wants to know of an input: a program, a directory that analyze wrote, or a document.
type wanted struct {
	input, platform string
	engine          engineOptions
	stdin           io.Reader
	// part, where it is not nil, is what of the document is needed.
	part *excerpt.Want
	// orMore says that more facts than the engine's do no harm.
	orMore bool
	// program says that the program itself is needed as well, where the user named one.
	program bool
}

// obtained is a document and how it was come by.
type obtained struct {
	doc *schema.Document
	// program is the opened input, where it was wanted and the user named one; close it.
	program *source.Input
	// missing are packages that may hold the program and are not here.
	missing []string
	// kept is where the cache has the document's report; nil where it has none.
	kept *entry
	// analysed says that it was made now, and isDocument that the user named a document.
	analysed, isDocument bool
	opening, analysing   time.Duration
}

// verdict says what the result is worth.
func (r *obtained) verdict(input string) error {
	return verdict(input, &source.Input{Missing: r.missing}, r.doc)
}

// obtain reads the document that the user named, or that of the program that the user named: from the cache, or by an
// analysis, which the cache then keeps. Options of the analysis do not go with a document.
func obtain(ctx context.Context, ui *terminal, w wanted) (*obtained, error) {
	if looksLikeDocument(w.input) {
		if given := w.engine.given; len(given) > 0 {
			return nil, fmt.Errorf("%s: is a document; %s is for the analysis of a program", w.input, given[0])
		}
		doc, err := w.read(w.input)
		return &obtained{doc: doc, isDocument: true}, err
	}
	store := openCache(!w.engine.noCache)
	stamp := stampID(w.input, w.platform)
	if e := store.find(store.stamped(stamp), w.engine, w.orMore); e != nil && !w.program {
		if r, err := w.cached(e); err == nil {
			return r, nil
		}
	}
	start := time.Now()
	in, err := open(ctx, ui, w.input, w.platform, w.stdin)
	if err != nil {
		return nil, err
	}
	opening := time.Since(start)
	r, err := w.ofProgram(ctx, ui, in, store, stamp)
	if r != nil {
		r.opening = opening
	}
	if err != nil || !w.program {
		in.Close()
		return r, err
	}
	r.program = in
	return r, nil
}

// ofProgram is the document of an opened program.
func (w wanted) ofProgram(ctx context.Context, ui *terminal, in *source.Input, store *cache, stamp string) (r *obtained, err error) {
	content := ""
	if store != nil {
		content = contentID(in)
		if e := store.find(content, w.engine, w.orMore); e != nil {
			if r, err := w.cached(e); err == nil {
				store.stamp(stamp, content)
				return r, nil
			}
		}
	}
	r = &obtained{missing: in.Missing}
	start := time.Now()
	took, phase := w.engine.took, ui.phases(w.input, w.engine.facts)
	w.engine.took = func(step string, d time.Duration) {
		phase(step, d)
		if took != nil {
			took(step, d)
		}
	}
	if r.doc, err = analyze(ctx, in, w.engine); err != nil {
		return nil, fmt.Errorf("%s: %w", w.input, err)
	}
	ui.endProgress()
	r.analysed, r.analysing = true, time.Since(start)
	// What was remarked on opening would not be said again, and what was given up for its time may be had on another day.
	if len(in.Warnings) == 0 && r.doc.Health.ModulesUnread == 0 && len(r.doc.Health.GivenUp) == 0 {
		e, err := store.keep(content, w.engine, w.input, in.Missing, r.doc)
		if err != nil {
			ui.detail("not kept in the cache: %v", err)
		} else if e != nil {
			store.stamp(stamp, content)
			r.kept = e
		}
	}
	return r, nil
}

// cached is what an entry of the cache holds.
func (w wanted) cached(e *entry) (*obtained, error) {
	doc, err := w.read(e.report())
	return &obtained{doc: doc, missing: e.Missing, kept: e}, err
}

// read reads what is wanted of a document.
func (w wanted) read(path string) (*schema.Document, error) {
	if w.part == nil {
		return readDocument(path)
	}
	if doc, err := readPart(documentFile(path), *w.part); err == nil {
		return doc, nil
	}
	data, file, err := readDocumentFile(path) // to say what is wrong, or to read a pipe
	if err != nil {
		return nil, err
	}
	doc, err := excerpt.Read(bytes.NewReader(data), int64(len(data)), *w.part)
	return doc, unread(file, data, err)
}

// readPart reads a part of a document's file.
func readPart(file string, want excerpt.Want) (*schema.Document, error) {
	f, size, err := regular.Open(file)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	if size > maxDocument {
		return nil, regular.ErrTooLarge
	}
	return excerpt.Read(f, size, want)
}
