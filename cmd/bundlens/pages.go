package main

import (
	"archive/tar"
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"

	"github.com/bundlens/bundlens/internal/regular"
	"github.com/bundlens/bundlens/schema"
	"github.com/bundlens/bundlens/schema/report"
)

// A report has a page for each record, which are thousands of small files. The cache keeps them as one.

// packPages writes the pages of a Document into a file.
func packPages(doc *schema.Document, file string) error {
	f, err := os.Create(file)
	if err != nil {
		return err
	}
	b := bufio.NewWriter(f)
	w := tar.NewWriter(b)
	for p := range report.Pages(doc, report.PageOptions{}) {
		if err = w.WriteHeader(&tar.Header{Name: p.Name, Size: int64(len(p.Text)), Mode: 0o644, Format: tar.FormatPAX}); err == nil {
			_, err = w.Write(p.Text)
		}
		if err != nil {
			break
		}
	}
	return errors.Join(err, w.Close(), b.Flush(), f.Close())
}

// unpackPages writes the pages that a file holds below a directory.
func unpackPages(file, dir string) error {
	f, size, err := regular.Open(file)
	if err != nil {
		return err
	}
	defer f.Close()
	root, err := os.OpenRoot(dir)
	if err != nil {
		return err
	}
	defer root.Close()
	r := tar.NewReader(bufio.NewReaderSize(f, 1<<20))
	made := ""
	var text []byte // of one page after the other
	for {
		h, err := r.Next()
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
		if h.Size > size {
			return fmt.Errorf("%s: is damaged", file)
		}
		name := filepath.FromSlash(h.Name)
		if below := filepath.Dir(name); below != made {
			if err := root.MkdirAll(below, 0o777); err != nil {
				return err
			}
			made = below
		}
		page, err := root.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o666)
		if err != nil {
			return err
		}
		text = slices.Grow(text[:0], int(h.Size))[:h.Size]
		if _, err = io.ReadFull(r, text); err == nil {
			_, err = page.Write(text)
		}
		if err = errors.Join(err, page.Close()); err != nil {
			return err
		}
	}
}
