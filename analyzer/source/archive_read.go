package source

import (
	"archive/tar"
	"archive/zip"
	"errors"
	"io"
	"os"
)

// tar writes the files of a tar archive.
func (u *unpacker) tar(content io.Reader) error {
	for archive := tar.NewReader(content); ; {
		header, err := archive.Next()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return u.broken(err)
		}
		if header.Typeflag != tar.TypeReg {
			if _, err := u.place(header.Name); err != nil {
				return err
			}
			continue
		}
		if err := u.entry(header.Name, header.Size, archive); err != nil {
			return err
		}
	}
}

// zip writes the files of a zip archive.
func (u *unpacker) zip(f *os.File, size int64) error {
	archive, err := zip.NewReader(f, size)
	if err != nil && !errors.Is(err, zip.ErrInsecurePath) {
		return &Error{Path: u.file, Offset: -1, Cause: ErrCorrupt, Err: err}
	}
	for _, entry := range archive.File {
		if !entry.Mode().IsRegular() {
			if _, err := u.place(entry.Name); err != nil {
				return err
			}
			continue
		}
		content, err := entry.Open()
		if err != nil {
			return &Error{Path: u.file + ": " + entry.Name, Offset: -1, Cause: ErrCorrupt, Err: err}
		}
		if at, err := entry.DataOffset(); err == nil {
			u.counted.n = at
		}
		err = u.entry(entry.Name, -1, content)
		content.Close()
		if err != nil {
			return err
		}
	}
	return nil
}
