package source

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/bundlens/bundlens/internal/lazyregexp"
)

// channelManifest is what a version consists of.
type channelManifest struct {
	Version   string
	platforms map[string]entry
}

// entry is one platform's part of a manifest.
type entry struct {
	Platform string          `json:"platform"`
	Checksum string          `json:"checksum"`
	SHA256   string          `json:"sha256"`
	RawSize  json.RawMessage `json:"size"`
	Binary   string          `json:"binary"`
	Filename string          `json:"filename"`
	File     string          `json:"file"`
	Name     string          `json:"name"`
	Path     string          `json:"path"`
	URL      string          `json:"url"`
}

var sha256Digits = lazyregexp.New(`^[0-9a-f]{64}$`)

func (e entry) name() string {
	return cmp.Or(e.Binary, e.Filename, e.File, e.Name, e.Path)
}

func (e entry) digest() string {
	return strings.TrimPrefix(strings.ToLower(strings.TrimSpace(cmp.Or(e.Checksum, e.SHA256))), "sha256:")
}

// size reads a number of bytes, which some write as a text; 0 where there is none.
func (e entry) size() (int64, error) {
	text := strings.Trim(string(e.RawSize), `"`)
	if text == "" || text == "null" {
		return 0, nil
	}
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil || n <= 0 {
		return 0, fmt.Errorf("%s is no size", text)
	}
	return n, nil
}

func parseChannelManifest(data []byte) (*channelManifest, error) {
	var raw struct {
		Version   string          `json:"version"`
		Binary    string          `json:"binary"`
		Platforms json.RawMessage `json:"platforms"`
	}
	if err := json.Unmarshal(data, &raw); err != nil {
		return nil, err
	}
	m := &channelManifest{Version: raw.Version, platforms: map[string]entry{}}
	var list []entry
	if json.Unmarshal(raw.Platforms, &list) == nil {
		for _, e := range list {
			if e.Platform == "" {
				e.Platform, e.Name = e.Name, ""
			}
			m.platforms[e.Platform] = e
		}
	} else if err := json.Unmarshal(raw.Platforms, &m.platforms); err != nil {
		return nil, errors.New("it has no platforms")
	}
	for key, e := range m.platforms {
		if e.name() == "" {
			e.Binary = raw.Binary
			m.platforms[key] = e
		}
	}
	return m, nil
}

// pick answers the entry for a platform, by its name or by another spelling of it.
func (m *channelManifest) pick(platform string) (string, entry, error) {
	if e, ok := m.platforms[platform]; ok {
		return platform, e, nil
	}
	keys := slices.Sorted(maps.Keys(m.platforms))
	want := strings.Join(canonicalWords(platform), "-")
	for _, key := range keys {
		if strings.Join(canonicalWords(key), "-") == want {
			return key, m.platforms[key], nil
		}
	}
	return "", entry{}, fmt.Errorf("%s; it has %s", platform, strings.Join(keys, ", "))
}
