package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/bundlens/bundlens/analyzer/source"
	"github.com/bundlens/bundlens/internal/fleet"
	"github.com/bundlens/bundlens/schema"
)

// opener opens the inputs of jobs for a worker.
type opener struct {
	ui    *terminal
	fleet *fleet.Fleet
	// here says that files of the sweep are files of this machine.
	here bool
	// downloads bounds how many packages all workers of the fleet fetch at once.
	downloads int
	// workers is on how many processors one analysis runs.
	workers int
}

// openedJob is an input, and how it is to be analysed.
type openedJob struct {
	in      *source.Input
	engine  engineOptions
	content string
	discard func()
}

// open opens the input of a job.
func (o *opener) open(ctx context.Context, job *fleet.Job) (fleet.Opened, error) {
	var text sweepOptionsText
	if err := json.Unmarshal(job.Options, &text); err != nil {
		return nil, fmt.Errorf("%s: its options can't be read: %w", job.Input, err)
	}
	facts, err := factsNamed([]string{strings.Join(text.Facts, ",")})
	if err != nil {
		return nil, fmt.Errorf("%s: %w", job.Input, err)
	}
	opened := &openedJob{discard: func() {}, engine: engineOptions{assume: text.Assume, facts: facts, schemaIO: text.SchemaIO, refs: text.Refs, vocabulary: text.Words,
		timeout: time.Duration(text.Timeout) * time.Second, memory: text.Memory, workers: o.workers}}
	spec := job.Input
	if job.File && !o.here {
		if spec, opened.discard, err = o.bring(ctx, job); err != nil {
			return nil, err
		}
	}
	opts := o.ui.sourceOptions(text.Platform)
	opts.Fetching = func(ctx context.Context) (func(), error) { return o.fleet.Turn(ctx, o.downloads) }
	if opened.in, err = source.Open(ctx, spec, opts); err != nil {
		opened.discard()
		return nil, renamedTo(err, spec, job.Input)
	}
	opened.content = contentID(opened.in)
	return opened, nil
}

// renamedTo makes an error about a copy of a file one about the file.
func renamedTo(err error, copied, file string) error {
	e, ok := errors.AsType[*source.Error](err)
	if !ok {
		return err
	}
	named := *e
	named.Path = strings.Replace(e.Path, copied, file, 1)
	return &named
}

// bring fetches a file of the sweep from the store.
func (o *opener) bring(ctx context.Context, job *fleet.Job) (path string, discard func(), err error) {
	dir, err := os.MkdirTemp("", "bundlens-")
	if err != nil {
		return "", nil, err
	}
	discard = func() { os.RemoveAll(dir) }
	path = filepath.Join(dir, filepath.Base(job.Input))
	err = func() error {
		from, err := o.fleet.Offered(ctx, job.Content)
		if err != nil {
			return err
		}
		defer from.Close()
		to, err := os.Create(path)
		if err != nil {
			return err
		}
		_, err = io.Copy(to, from)
		return errors.Join(err, to.Close())
	}()
	if err != nil {
		discard()
		return "", nil, fmt.Errorf("%s: could not be brought here: %w", job.Input, err)
	}
	return path, discard, nil
}

// Content identifies what was read.
func (o *openedJob) Content() string { return o.content }

// Size is how much there is to analyse, in bytes.
func (o *openedJob) Size() (n int64) {
	for i := range o.in.Modules {
		n += int64(len(o.in.Modules[i].Source))
	}
	return n
}

// Analyze finds out what it tells its model.
func (o *openedJob) Analyze(ctx context.Context) (*schema.Document, error) {
	return analyze(ctx, o.in, o.engine)
}

// Close gives back what was opened.
func (o *openedJob) Close() error {
	err := o.in.Close()
	o.discard()
	return err
}

// willComeAgain are errors of an input that another try would meet, too.
var willComeAgain = []error{source.ErrTruncated, source.ErrCorrupt, source.ErrUnsafe, source.ErrOutside, source.ErrTooBig, source.ErrNotJavaScript,
	source.ErrNothing, source.ErrUnknownPackage, source.ErrUnknownVersion, source.ErrBadSpec, source.ErrOffline}

// isPermanent says that an error will come again.
func isPermanent(err error) bool {
	for _, known := range willComeAgain {
		if errors.Is(err, known) {
			return true
		}
	}
	return false
}
