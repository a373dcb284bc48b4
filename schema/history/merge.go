package history

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
)

// Merge puts histories of one program together, such as the shards of a large one, with what the directory has already. All
// have to be made by one engine, with one set of options.
func Merge(ctx context.Context, dir string, shards []string, force bool) (*Summary, error) {
	held, err := hold(ctx, dir)
	if err != nil {
		return nil, err
	}
	defer held.Close()
	if err := prepare(dir, force); err != nil {
		return nil, err
	}
	var p Plan
	s := &Summary{}
	if index, err := Read(dir); err == nil {
		p.Package, p.Engine, s.Failures = index.Package, index.Engine, index.Failures
	}
	for _, shard := range shards {
		index, err := Read(shard)
		if err != nil {
			return nil, err
		}
		if p.Engine == "" {
			p.Package, p.Engine = index.Package, index.Engine
		}
		switch {
		case index.Package != p.Package:
			return nil, fmt.Errorf("%s: is the history of %s, and another one is of %s", shard, index.Package, p.Package)
		case index.Engine != p.Engine:
			return nil, fmt.Errorf("%s: was made with other options, or by another version of this program", shard)
		}
		s.Failures = append(s.Failures, index.Failures...)
		if err := adopt(ctx, dir, shard, index.Versions); err != nil {
			return nil, err
		}
	}
	return s, p.write(ctx, dir, s)
}

// adopt copies versions of another history.
func adopt(ctx context.Context, dir, from string, versions []Version) error {
	for _, v := range versions {
		if err := ctx.Err(); err != nil {
			return err
		}
		a, err := readAnalysis(from, v.Version)
		if err != nil {
			return err
		}
		if have, err := readAnalysis(dir, v.Version); err == nil && have.Engine == a.Engine {
			continue
		}
		tmp, err := os.MkdirTemp(filepath.Join(dir, versionsDir), tempPrefix)
		if err != nil {
			return err
		}
		defer os.RemoveAll(tmp)
		whole := filepath.Join(tmp, "whole")
		if err := os.CopyFS(whole, os.DirFS(versionDir(from, v.Version))); err != nil {
			return err
		}
		if err := os.RemoveAll(versionDir(dir, v.Version)); err != nil {
			return err
		}
		if err := os.Rename(whole, versionDir(dir, v.Version)); err != nil {
			return err
		}
	}
	return nil
}
