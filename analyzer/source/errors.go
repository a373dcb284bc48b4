package source

import (
	"errors"
	"fmt"
	"strings"
	"syscall"
)

// The causes that an [Error] can have, for errors.Is.
var (
	// ErrUnreadable is a file that is not there or may not be read.
	ErrUnreadable = errors.New("cannot be read")
	// ErrTruncated is an archive that ends too early.
	ErrTruncated = errors.New("ends too early")
	// ErrCorrupt is an archive or a package.json that is not well-formed.
	ErrCorrupt = errors.New("is damaged")
	// ErrUnsafe is a name in an archive, or a link in a directory, that leads outside of it.
	ErrUnsafe = errors.New("holds an unsafe name")
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
	ErrNoSpace = errors.New("needs more space than is left on the disk")
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

// fail makes an error without an offset. why is an error, or a text for people.
func fail(path string, cause error, why any) error {
	e := &Error{Path: path, Offset: -1, Cause: cause}
	switch why := why.(type) {
	case error:
		e.Err = why
	case string:
		e.Detail = why
	}
	return e
}

// noSpace is err, or that there is no space for what path names where that is its cause.
func noSpace(path string, err error) error {
	if errors.Is(err, syscall.ENOSPC) || errors.Is(err, syscall.EDQUOT) {
		return fail(path, ErrNoSpace, nil)
	}
	return err
}
