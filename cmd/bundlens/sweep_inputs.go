package main

import (
	"bufio"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/bundlens/bundlens/analyzer/source"
	"github.com/bundlens/bundlens/internal/fleet"
	"github.com/bundlens/bundlens/internal/regular"
	"github.com/bundlens/bundlens/schema/history"
)

// sweepOptionsText is what of the engine's options a job carries to its worker.
type sweepOptionsText struct {
	Assume   map[string]string `json:"assume"`
	Facts    []string          `json:"facts"`
	SchemaIO string            `json:"schemaIO"`
	Refs     string            `json:"refs"`
	Words    string            `json:"vocabulary,omitempty"`
	Platform string            `json:"platform"`
	Timeout  int64             `json:"timeoutSeconds"`
	Memory   int64             `json:"memoryBytes"`
}

// swept is one input of a sweep.
type swept struct {
	job      *fleet.Job
	platform string
	// name and version are of a package of a registry; empty for a file.
	name, version string
}

// maxInputs bounds a list of inputs.
const maxInputs = 1_000_000

// readSpecs are the inputs that the user named, on the command line and in a file, one a line; # begins a remark.
func readSpecs(args []string, file string, stdin io.Reader) ([]string, error) {
	specs := slices.Clone(args)
	if file == "" {
		return specs, nil
	}
	r := stdin
	if file != "-" {
		f, _, err := regular.Open(file)
		if err != nil {
			return nil, err
		}
		defer f.Close()
		r = f
	}
	lines := bufio.NewScanner(r)
	for lines.Scan() {
		line := strings.TrimSpace(lines.Text())
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		if specs = append(specs, line); len(specs) > maxInputs {
			return nil, fmt.Errorf("%s: names more than %d inputs", file, maxInputs)
		}
	}
	return specs, lines.Err()
}

// expand makes jobs of what the user named: of a range one for each version, and of each one for each platform.
func (o *sweepOptions) expand(ctx context.Context, ui *terminal, specs []string) ([]swept, error) {
	var all []swept
	seen := map[string]bool{}
	for i, spec := range specs {
		ui.steps("inputs listed", i, len(specs))
		inputs, err := o.inputs(ctx, ui, spec)
		if err != nil {
			return nil, err
		}
		for _, in := range inputs {
			for _, platform := range o.platforms {
				one := in
				one.platform = platform
				if one.job, err = o.job(in.job, platform); err != nil {
					return nil, err
				}
				if key := one.job.Key(); !seen[key] {
					seen[key] = true
					all = append(all, one)
				}
			}
		}
	}
	ui.endProgress()
	return all, nil
}

// job is an input with the options that it is analysed with.
func (o *sweepOptions) job(input *fleet.Job, platform string) (*fleet.Job, error) {
	options, err := json.Marshal(sweepOptionsText{Assume: o.engine.assume, Facts: factList(o.engine.facts), SchemaIO: o.engine.schemaIO,
		Refs: o.engine.refs, Words: o.engine.vocabulary, Platform: platform, Timeout: int64(o.engine.timeout.Seconds()), Memory: o.engine.memory})
	if err != nil {
		return nil, err
	}
	job := *input
	job.Engine, job.Options = o.build, options
	return &job, nil
}

// inputs are what one specification means.
func (o *sweepOptions) inputs(ctx context.Context, ui *terminal, spec string) ([]swept, error) {
	if !strings.HasPrefix(spec, "npm:") {
		in, err := fileInput(spec)
		return []swept{in}, err
	}
	if exactVersion.Get().MatchString(spec) && !strings.Contains(spec, "..") {
		return []swept{packageInput(spec)}, nil
	}
	if err := ui.mayFetch("the list of versions of " + spec); err != nil {
		return nil, err
	}
	name, bounds := cutVersion(spec)
	from, to, isRange := strings.Cut(bounds, "..")
	if !isRange {
		pinned, err := source.Pin(ctx, spec, ui.sourceOptions(""))
		return []swept{packageInput(pinned)}, err
	}
	versions, err := source.Versions(ctx, strings.TrimPrefix(name, "npm:"))
	if err != nil {
		return nil, err
	}
	var list []swept
	for _, v := range history.Range(versions, from, to, o.limit) {
		list = append(list, packageInput(name+"@"+v))
	}
	if len(list) == 0 {
		return nil, fmt.Errorf("%s: none of its %s is in the range", spec, count(len(versions), "version"))
	}
	return list, nil
}

// cutVersion divides npm:NAME@VERSION at the @ that is not the name's own.
func cutVersion(spec string) (name, version string) {
	if i := strings.LastIndexByte(spec, '@'); i > len("npm:") {
		return spec[:i], spec[i+1:]
	}
	return spec, ""
}

func packageInput(spec string) swept {
	name, version := cutVersion(spec)
	return swept{job: &fleet.Job{Input: spec, Content: spec}, name: strings.TrimPrefix(name, "npm:"), version: version}
}

// fileInput is a file of this machine. A directory can't be told by its bytes, nor handed to another machine.
func fileInput(path string) (swept, error) {
	abs, err := filepath.Abs(path)
	if err != nil {
		return swept{}, err
	}
	if info, err := os.Stat(abs); err == nil && info.IsDir() {
		return swept{}, fmt.Errorf("%s: is a directory; a sweep takes files and packages, so pack it first", path)
	}
	f, size, err := regular.Open(abs)
	if err != nil {
		return swept{}, err
	}
	defer f.Close()
	h := sha256.New()
	if _, err := io.Copy(h, f); err != nil {
		return swept{}, err
	}
	return swept{job: &fleet.Job{Input: abs, Content: hex.EncodeToString(h.Sum(nil)), File: true, Size: size}}, nil
}
