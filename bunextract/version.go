package bunextract

import (
	"bytes"
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// Version is a version of the Bun runtime, such as "1.3.8 (b64edcb4)": the release and the commit. It is empty if the
// runtime does not tell.
type Version string

// Release returns the part in front of the commit.
func (v Version) Release() string {
	release, _, _ := strings.Cut(string(v), " ")
	return release
}

// numbering returns how a release numbers its loaders: anew from 1.2.5 on.
func (v Version) numbering() Numbering {
	var n [3]int
	for i, part := range strings.SplitN(v.Release(), ".", len(n)) {
		var err error
		if n[i], err = strconv.Atoi(part); err != nil {
			return NumberingUnknown
		}
	}
	if slices.Compare(n[:], []int{1, 2, 5}) < 0 {
		return NumberingOld
	}
	return NumberingNew
}

// enough is how often a version must be seen to end the search for it.
const enough = 3

// RuntimeVersion returns the version that the runtime in the file says it has: the one whose text it holds most often,
// or the first it holds three times. It reads the file up to that, which is a few MB of ELF files, and never what comes
// behind the graph.
func (f *File) RuntimeVersion() (Version, error) {
	img := f.images[0]
	for _, i := range f.images {
		if i.file.off <= f.Graph.Offset && f.Graph.Offset < i.limit() {
			img = i
		}
	}
	counts := map[Version]int{}
	var best Version
	buf := make([]byte, scanChunk)
	// Chunks overlap by more than a version is long.
	for at := img.file.off; at < f.Graph.Offset; at += scanChunk - maxVersion {
		chunk := buf[:min(scanChunk, f.Graph.Offset-at)]
		if err := readFull(f.r, chunk, at, "runtime"); err != nil {
			return "", fmt.Errorf("looking for the version: %w", err)
		}
		for _, v := range versionsIn(chunk) {
			if counts[v]++; counts[v] > counts[best] {
				best = v
			}
		}
		if counts[best] >= enough {
			break
		}
	}
	return best, nil
}

// maxVersion is the most bytes that a version takes.
const maxVersion = 40

// versionsIn finds the texts of the form "1.2.3 (0123abcd)", with a commit of 8 or 9 digits.
func versionsIn(text []byte) []Version {
	var found []Version
	for {
		i := bytes.Index(text, []byte(" ("))
		if i < 0 {
			return found
		}
		release := i
		for release > 0 && i-release < maxVersion/2 && strings.IndexByte(".0123456789", text[release-1]) >= 0 {
			release--
		}
		end := i + 2
		for end < len(text) && end-i < maxVersion/2 && strings.IndexByte("0123456789abcdef", text[end]) >= 0 {
			end++
		}
		digits := end - (i + 2)
		if (digits == 8 || digits == 9) && end < len(text) && text[end] == ')' && isRelease(string(text[release:i])) {
			found = append(found, Version(text[release:end+1]))
		}
		text = text[i+2:]
	}
}

// isRelease reports whether a text is three numbers with dots between them.
func isRelease(s string) bool {
	parts := strings.Split(s, ".")
	for _, part := range parts {
		if part == "" || len(part) > 4 {
			return false
		}
	}
	return len(parts) == 3
}
