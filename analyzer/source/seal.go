package source

import (
	"bufio"
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/bundlens/bundlens/internal/regular"
)

// sealFile lists what a directory of the cache holds. It is written last, so that a directory without one is not whole.
// A line is the SHA-256 of a file, its size and its name in quotes; the last line is the SHA-256 of the others.
const sealFile = "sealed"

// unsealedError is a file in the cache that is not as it was when it was fetched, in a directory that has to be fetched
// again.
type unsealedError struct{ dir string }

// Error says it.
func (*unsealedError) Error() string { return "it is not as it was fetched" }

// seal is what a directory of the cache was when it was fetched.
type seal struct {
	dir   string
	files map[string]sealed
}

// maxSeal bounds the list; that of a program with all it depends on has a few megabytes.
const maxSeal = 256 << 20

type sealed struct {
	sum  [sha256.Size]byte
	size int64
}

// sealTree lists what a directory holds, and leaves the list there.
func sealTree(dir string) (*seal, error) {
	s := &seal{dir: dir, files: map[string]sealed{}}
	var list bytes.Buffer
	err := filepath.WalkDir(dir, func(at string, d fs.DirEntry, err error) error {
		if err != nil || !d.Type().IsRegular() {
			return err
		}
		name, err := filepath.Rel(dir, at)
		if err != nil {
			return err
		}
		f, err := sealedFile(at)
		s.files[filepath.ToSlash(name)] = f
		fmt.Fprintf(&list, "%x %d %q\n", f.sum, f.size, filepath.ToSlash(name))
		return err
	})
	if err != nil {
		return nil, err
	}
	fmt.Fprintf(&list, "%x\n", sha256.Sum256(list.Bytes()))
	return s, os.WriteFile(filepath.Join(dir, sealFile), list.Bytes(), 0o666)
}

// sealedFile is what a file holds, by its digest.
func sealedFile(file string) (s sealed, err error) {
	f, _, err := regular.Open(file)
	if err != nil {
		return s, err
	}
	defer f.Close()
	h := sha256.New()
	s.size, err = io.Copy(h, f)
	h.Sum(s.sum[:0])
	return s, err
}

// readSeal reads the list of a directory and looks whether all is there, at its size; nil where it is not. What a file
// holds is compared when it is read, by [seal.check].
func readSeal(dir string) *seal {
	data, err := regular.Read(context.Background(), filepath.Join(dir, sealFile), maxSeal)
	list := data[:max(0, len(data)-2*sha256.Size-1)]
	if err != nil || string(data[len(list):]) != fmt.Sprintf("%x\n", sha256.Sum256(list)) {
		return nil
	}
	s := &seal{dir: dir, files: map[string]sealed{}}
	for lines := bufio.NewScanner(bytes.NewReader(list)); lines.Scan(); {
		var f sealed
		sum, rest, _ := strings.Cut(lines.Text(), " ")
		size, quotedName, _ := strings.Cut(rest, " ")
		name, err := strconv.Unquote(quotedName)
		if err != nil {
			return nil
		}
		if n, err := hex.Decode(f.sum[:], []byte(sum)); err != nil || n != len(f.sum) {
			return nil
		}
		if _, err := fmt.Sscan(size, &f.size); err != nil {
			return nil
		}
		info, err := os.Lstat(filepath.Join(dir, filepath.FromSlash(name)))
		if err != nil || info.Size() != f.size {
			return nil
		}
		s.files[name] = f
	}
	return s
}

// check compares what was read of a file with what was fetched. A nil seal takes everything.
func (s *seal) check(file string, content []byte) error {
	if s == nil {
		return nil
	}
	name, err := filepath.Rel(s.dir, file)
	if err != nil {
		return err
	}
	if f, known := s.files[filepath.ToSlash(name)]; !known || f.size != int64(len(content)) || f.sum != sha256.Sum256(content) {
		return fail(file, ErrCorrupt, &unsealedError{s.dir})
	}
	return nil
}
