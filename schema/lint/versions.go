package lint

import (
	"cmp"

	"golang.org/x/mod/semver"
)

// CompareVersions orders versions as a registry does. What is not a version comes first.
func CompareVersions(a, b string) int {
	return cmp.Or(semver.Compare("v"+a, "v"+b), cmp.Compare(a, b))
}
