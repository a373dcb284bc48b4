package history

import (
	"fmt"
	"slices"
	"time"

	"golang.org/x/mod/semver"
)

// Release is a version of a registry, and when it came; the zero time is not known.
type Release struct {
	Version string
	Time    time.Time
}

// Selection says which versions of a registry to look at. The zero Selection is all but pre-releases.
type Selection struct {
	// From and To are the first and the last version; empty for none. Pre-releases count where one of them is one.
	From, To string
	// Since leaves out what came before.
	Since time.Time
	// Every keeps the last version of each "major", "minor" or "patch"; "" keeps all.
	Every string
	// Limit keeps the newest so many; 0 keeps all.
	Limit int
}

// Of are the versions of a registry that the selection means, in order.
func (s Selection) Of(all []Release) ([]string, error) {
	var names []string
	for _, r := range all {
		if s.Since.IsZero() || !r.Time.Before(s.Since) {
			names = append(names, r.Version)
		}
	}
	names = Range(names, s.From, s.To, 0)
	series := map[string]func(string) string{
		"": func(v string) string { return v }, "patch": func(v string) string { return semver.MajorMinor(v) + v }, "minor": semver.MajorMinor, "major": semver.Major,
	}[s.Every]
	if series == nil {
		return nil, fmt.Errorf("every is major, minor or patch, not %q", s.Every)
	}
	var out []string
	for i, v := range names {
		if i+1 == len(names) || series("v"+names[i+1]) != series("v"+v) {
			out = append(out, v)
		}
	}
	if s.Limit > 0 && len(out) > s.Limit {
		out = out[len(out)-s.Limit:]
	}
	return out, nil
}

// Shard is the n-th of so many shards of the versions, counted from 1: every shard has old and new ones.
func Shard(versions []string, n, of int) (out []string) {
	for i, v := range versions {
		if i%of == n-1 {
			out = append(out, v)
		}
	}
	return slices.Clip(out)
}
