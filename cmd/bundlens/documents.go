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
	file := path
	if info, err := os.Stat(path); err != nil {
		return nil, err
	} else if info.IsDir() {
		file = filepath.Join(path, intelFile)
		if _, err := os.Stat(file); errors.Is(err, fs.ErrNotExist) {
			return nil, fmt.Errorf("%s: %w", path, errNoDocument)
		}
	}
	info, err := os.Stat(file)
	if err != nil {
		return nil, err
	}
	if info.Size() > maxDocument {
		return nil, fmt.Errorf("%s: is longer than %d MiB", file, maxDocument>>20)
	}
	data, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	if trimmed := bytes.TrimSpace(data); len(trimmed) == 0 || trimmed[0] != '{' {
		return nil, fmt.Errorf("%s: %w", path, errNoDocument)
	}
	if err := whole(data); err != nil {
		return nil, fmt.Errorf("%s: %w", file, err)
	}
	doc, err := schema.Decode(bytes.NewReader(data))
	if err != nil {
		return nil, fmt.Errorf("%s: %w", file, err)
	}
	return doc, nil
}

// documentFile is the file of a document that readDocument reads.
func documentFile(path string) string {
	if info, err := os.Stat(path); err == nil && info.IsDir() {
		return filepath.Join(path, intelFile)
	}
	return path
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
		return err == nil
	}
	return strings.EqualFold(filepath.Ext(path), ".json")
}

// documentOf reads a document, or makes one of an input. What could not be seen is said, for a comparison with it
// may mean little.
func documentOf(ctx context.Context, ui *terminal, input, platform string, o engineOptions, stdin io.Reader) (*schema.Document, error) {
	if looksLikeDocument(input) {
		return readDocument(input)
	}
	in, err := open(ctx, ui, input, platform, stdin)
	if err != nil {
		return nil, err
	}
	defer in.Close()
	o.took = ui.phases(input, o.facts)
	doc, err := analyze(ctx, in, o)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", input, err)
	}
	ui.endProgress()
	if len(doc.Tools) == 0 && len(in.Missing) > 0 {
		return nil, verdict(input, in, doc)
	}
	return doc, nil
}
