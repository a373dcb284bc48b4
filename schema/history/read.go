package history

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"

	"github.com/bundlens/bundlens/internal/regular"
	"github.com/bundlens/bundlens/schema"
)

// IsHistory says whether a directory holds a history that is written whole.
func IsHistory(dir string) bool {
	_, err := os.Stat(filepath.Join(dir, markerFile))
	_, noIndex := os.Stat(filepath.Join(dir, indexFile))
	return err == nil && noIndex == nil
}

// Read reads the index of a history.
func Read(dir string) (*Index, error) {
	path := filepath.Join(dir, indexFile)
	data, err := regular.Read(context.Background(), path, maxFile)
	if err != nil {
		return nil, err
	}
	index := new(Index)
	if err := json.Unmarshal(data, index); err != nil {
		return nil, fmt.Errorf("%s: is no index of a history: %w", path, err)
	}
	if index.SchemaVersion < 1 || index.SchemaVersion > indexVersion {
		return nil, fmt.Errorf("%s: is of version %d; this program reads versions 1 to %d", path, index.SchemaVersion, indexVersion)
	}
	return index, nil
}

// Document reads the document of one of a history's versions.
func Document(dir, version string) (*schema.Document, error) { return load(dir, version) }

// Difference reads the page that tells what changed from one version to the next.
func Difference(dir, from, to string) (string, error) {
	data, err := regular.Read(context.Background(), filepath.Join(dir, diffsDir, from+"_to_"+to+".md"), maxFile)
	return string(data), err
}
