package zod

import "fmt"

// Family is one of the two generations of the library, whose definitions and
// JSON Schema converters have nothing in common.
type Family uint8

const (
	// V4 is Zod 4, with its own toJSONSchema. It is what an empty Dialect means.
	V4 Family = iota
	// V3 is Zod 3, converted by zod-to-json-schema.
	V3
)

// Version is the version of the library, as its own version record says.
type Version struct{ Major, Minor, Patch int }

// AtLeast tells whether v is the given version or a later one.
func (v Version) AtLeast(major, minor, patch int) bool {
	if v.Major != major {
		return v.Major > major
	}
	if v.Minor != minor {
		return v.Minor > minor
	}
	return v.Patch >= patch
}

// IsZero tells whether no version is given.
func (v Version) IsZero() bool { return v == Version{} }

// String returns the version as MAJOR.MINOR.PATCH.
func (v Version) String() string { return fmt.Sprintf("%d.%d.%d", v.Major, v.Minor, v.Patch) }

// Dialect says which library made a definition. Its zero value is Zod 4 of the
// newest version known here.
type Dialect struct {
	Family  Family
	Version Version
}

// latest is the newest version whose behaviour was checked.
var latest = Version{4, 6, 7}

// since tells whether a Zod 4 is at least version 4.minor.patch.
func (d Dialect) since(minor, patch int) bool {
	if d.Version.IsZero() {
		return latest.AtLeast(4, minor, patch)
	}
	return d.Version.AtLeast(4, minor, patch)
}
