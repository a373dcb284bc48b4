package source

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strings"
	"syscall"

	"github.com/bundlens/bundlens/internal/regular"
)

// The causes that an [Error] can have, for errors.Is.
var (
	// ErrUnreadable is a file that is not there or may not be read.
	ErrUnreadable = errors.New("cannot be read")
	// ErrUnwritable is a file that could not be written while the input was unpacked.
	ErrUnwritable = errors.New("cannot be unpacked")
	// ErrTruncated is an archive that ends too early.
	ErrTruncated = errors.New("ends too early")
	// ErrCorrupt is an archive or a package.json that is not well-formed.
	ErrCorrupt = errors.New("is damaged")
	// ErrUnsafe is a name in an archive that leads outside of it.
	ErrUnsafe = errors.New("holds an unsafe name")
	// ErrOutside is a file outside of a directory to which its links or imports lead.
	ErrOutside = errors.New("lies outside of what is analysed, and is not read unless links are followed")
	// ErrDependencies is a package that was read without what it depends on.
	ErrDependencies = errors.New("is here without its dependencies")
	// ErrTooBig is an input over the bounds of [Limits].
	ErrTooBig = errors.New("is too big")
	// ErrNotJavaScript is a file that is neither JavaScript nor anything that can hold some.
	ErrNotJavaScript = errors.New("is not JavaScript")
	// ErrNothing is a package or directory without a program in it.
	ErrNothing = errors.New("has nothing to analyse")
	// ErrNoNPM says that the npm client is missing.
	ErrNoNPM = errors.New("needs the npm client, which was not found on the PATH")
	// ErrUnknownPackage and ErrUnknownVersion say that the registry does not have it.
	ErrUnknownPackage = errors.New("is not a package that the registry knows")
	ErrUnknownVersion = errors.New("is not a version that the registry knows")
	// ErrBadSpec is an npm specification that is not NAME, NAME@VERSION or NAME@TAG.
	ErrBadSpec = errors.New("is not of the form npm:NAME[@VERSION|@TAG]")
	// ErrNoSpace is a disk that is full.
	ErrNoSpace error = noSpaceError{}
	// ErrOffline is what would have to be fetched, or asked of the registry, where that is not allowed.
	ErrOffline = errors.New("is not in the cache, or not by this version, and nothing may be fetched")
	// ErrFetch is any other failure of the npm client.
	ErrFetch = errors.New("could not be fetched")
)

// Error is an input that could not be opened: which, where, and why.
type Error struct {
	// Path is the file, directory or npm specification.
	Path string
	// Offset is where in the file; -1 where no offset applies.
	Offset int64
	// Cause is one of the Err values of this package.
	Cause error
	// Detail says more for people; may be empty.
	Detail string
	// Err is the underlying error; may be nil.
	Err error
}

// Error names the file, the offset where there is one, and the cause.
func (e *Error) Error() string {
	var b strings.Builder
	b.WriteString(e.Path)
	if e.Offset >= 0 {
		fmt.Fprintf(&b, ": at byte %d", e.Offset)
	}
	b.WriteString(": " + e.Cause.Error())
	if e.Detail != "" {
		b.WriteString(": " + e.Detail)
	}
	if e.Err != nil {
		b.WriteString(": " + e.Err.Error())
	}
	return b.String()
}

// Unwrap gives the cause and the underlying error.
func (e *Error) Unwrap() []error {
	if e.Err == nil {
		return []error{e.Cause}
	}
	return []error{e.Cause, e.Err}
}

// Remark is what a warning says in a Document: without what the system or another program said, which is of this machine.
func Remark(warning error) string {
	e, ok := errors.AsType[*Error](warning)
	if !ok || e.Err == nil {
		return warning.Error()
	}
	short := *e
	short.Err = nil
	return short.Error()
}

// fail makes an error without an offset. why is an error, or a text for people.
func fail(path string, cause error, why any) error {
	e := &Error{Path: path, Offset: -1, Cause: cause}
	switch why := why.(type) {
	case error:
		e.Err = why
		if system, ok := errors.AsType[*fs.PathError](why); ok {
			e.Err = system.Err // the file is named once
			if strings.HasPrefix(system.Path, path) {
				e.Path = system.Path
			}
		}
	case string:
		e.Detail = why
	}
	return e
}

// noSpaceError is what the system says of a full disk, for those who know nothing of this package.
type noSpaceError struct{}

// Error says it.
func (noSpaceError) Error() string { return "needs more space than is left on the disk" }

// Is says that it is the system's error.
func (noSpaceError) Is(target error) bool { return target == syscall.ENOSPC }

// noSpace is err, or that there is no space for what path names where that is its cause.
func noSpace(path string, err error) error {
	if errors.Is(err, syscall.ENOSPC) || errors.Is(err, syscall.EDQUOT) {
		return fail(path, ErrNoSpace, nil)
	}
	return err
}

// unread is the error of [regular] for a file, in this package's terms.
func unread(file string, err error) error {
	switch {
	case err == nil, errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded):
		return err
	case errors.Is(err, regular.ErrTooLarge):
		return fail(file, ErrTooBig, said(file, err))
	case errors.Is(err, regular.ErrKind):
		return fail(file, ErrUnreadable, said(file, err))
	}
	return fail(file, ErrUnreadable, err)
}

// said is what an error says, without the file that it is about.
func said(file string, err error) string {
	return strings.TrimPrefix(err.Error(), file+": ")
}

// openRegular opens a regular file to read it, and answers its size.
func openRegular(file string) (*os.File, int64, error) {
	f, size, err := regular.Open(file)
	return f, size, unread(file, err)
}

// readBounded reads a regular file that is not larger than limit, in bytes.
func readBounded(ctx context.Context, file string, limit int64) ([]byte, error) {
	src, err := regular.Read(ctx, file, limit)
	return src, unread(file, err)
}
