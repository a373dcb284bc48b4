// Package history follows a program over many versions: it has each analysed once, keeps what was found, and says
// what changed from one to the next, when each tool came and went, and how the numbers moved. Where a run is killed,
// the next one goes on, and ends in the same bytes.
package history

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"syscall"
	"time"

	"github.com/gofrs/flock"
	"golang.org/x/mod/semver"
	"golang.org/x/sync/errgroup"

	"github.com/bundlens/bundlens/schema"
)

// Plan says what a run has to do.
type Plan struct {
	// Package is the program's name.
	Package string
	// Versions are those to look at.
	Versions []string
	// Ordered says that they follow one another as they stand there, and not as a registry orders them.
	Ordered bool
	// Engine stands for all that decides on what an analysis finds, apart from the program. What another engine made
	// is made again.
	Engine string
	// Fetch makes sure that a version is here; several run at once. May be nil.
	Fetch func(ctx context.Context, version string) error
	// Analyze finds out about a version; several run at once, as many as Analyses says.
	Analyze func(ctx context.Context, version string) (*schema.Document, error)
	// Report is called once for every version, as each is done. Calls do not overlap. May be nil.
	Report func(Step)
	// Analyses is how many analyses run at once; 1 where it is 0. Each takes memory.
	Analyses int
	// Parallel is how many versions are fetched at once; 2 where it is 0.
	Parallel int
}

// Step is what became of a version.
type Step struct {
	Version string
	// Done of Total versions were looked at, this one included.
	Done, Total int
	// Kept says that an earlier run had it.
	Kept  bool
	Tools int
	Err   error
}

// Failure is a version that could not be analysed.
type Failure struct {
	Version string `json:"version"`
	Error   string `json:"error"`
}

// Summary is how a run ended.
type Summary struct {
	// Versions are all of which the history tells, Failures those of the plan that are missing.
	Versions []string
	Failures []Failure
	Kept     int
}

// ErrForeign says that a directory holds something that is no history.
var ErrForeign = errors.New("directory is not empty and holds no history of bundlens (use --force to write into it)")

const (
	markerFile   = ".bundlens-history"
	markerText   = "A history written by bundlens. A later run may replace what it wrote here.\n"
	versionsDir  = "versions"
	diffsDir     = "diffs"
	indexFile    = "index.json"
	changesFile  = "CHANGELOG.md"
	analysisFile = "analysis.json"
	tempPrefix   = ".tmp-"
)

// Run makes the directory hold the history of the plan's versions, and of those that earlier runs put there. It waits for
// another run that writes to the same directory.
func Run(ctx context.Context, dir string, p Plan, force bool) (*Summary, error) {
	held, err := hold(ctx, dir)
	if err != nil {
		return nil, err
	}
	defer held.Close()
	if err := prepare(dir, force); err != nil {
		return nil, err
	}
	versions := slices.Clone(p.Versions)
	if !p.Ordered {
		slices.SortFunc(versions, Compare)
		versions = slices.Compact(versions)
	}
	s := &Summary{}
	if err := p.analyzeAll(ctx, dir, versions, s); err != nil {
		return nil, err
	}
	return s, p.write(ctx, dir, s)
}

// Compare orders versions as a registry does.
func Compare(a, b string) int {
	if c := semver.Compare("v"+a, "v"+b); c != 0 {
		return c
	}
	return strings.Compare(a, b)
}

// Range are the versions from one to another, both included, in order; an empty bound is none. Pre-releases are left
// out unless a bound is one. A limit keeps the newest so many.
func Range(all []string, from, to string, limit int) []string {
	pre := semver.Prerelease("v"+from)+semver.Prerelease("v"+to) != ""
	var out []string
	for _, v := range all {
		switch {
		case !semver.IsValid("v" + v), !pre && semver.Prerelease("v"+v) != "":
		case from != "" && Compare(v, from) < 0, to != "" && Compare(v, to) > 0:
		default:
			out = append(out, v)
		}
	}
	slices.SortFunc(out, Compare)
	if limit > 0 && len(out) > limit {
		out = out[len(out)-limit:]
	}
	return slices.Compact(out)
}

// hold waits until no other run writes to the directory. Where directories can't be locked, as on Windows, it does not.
func hold(ctx context.Context, dir string) (io.Closer, error) {
	if err := os.MkdirAll(dir, 0o777); err != nil {
		return nil, err
	}
	lock := flock.New(dir, flock.SetFlag(os.O_RDONLY))
	if _, err := lock.TryLockContext(ctx, time.Second/5); err != nil && ctx.Err() != nil {
		return nil, err
	}
	return lock, nil
}

// prepare makes the directory, and clears away what a killed run left behind.
func prepare(dir string, force bool) error {
	entries, err := os.ReadDir(dir)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	// what a run left that could not even write the marker
	entries = slices.DeleteFunc(entries, func(e fs.DirEntry) bool { return strings.HasPrefix(e.Name(), tempPrefix) })
	if _, err := os.Stat(filepath.Join(dir, markerFile)); err != nil && len(entries) > 0 && !force {
		return fmt.Errorf("%s: %w: it holds %s", dir, ErrForeign, entries[0].Name())
	}
	if err := writeFile(filepath.Join(dir, markerFile), []byte(markerText)); err != nil {
		return err // first of all: without it the next run would not go on
	}
	for _, sub := range []string{versionsDir, diffsDir} {
		if err := os.MkdirAll(filepath.Join(dir, sub), 0o777); err != nil {
			return err
		}
	}
	for _, pattern := range []string{tempPrefix + "*", versionsDir + "/" + tempPrefix + "*", diffsDir + "/" + tempPrefix + "*"} {
		stale, err := filepath.Glob(filepath.Join(dir, pattern))
		if err != nil {
			return err
		}
		for _, path := range stale {
			if err := os.RemoveAll(path); err != nil {
				return err
			}
		}
	}
	return nil
}

// analyzeAll has every version analysed that is not here yet. A version that fails does not keep the others from it.
func (p Plan) analyzeAll(ctx context.Context, dir string, versions []string, s *Summary) error {
	ctx, cancel := context.WithCancelCause(ctx)
	var fetching sync.WaitGroup
	defer fetching.Wait()
	defer cancel(nil)
	steps := make([]Step, len(versions))
	var missing []string
	for i, v := range versions {
		steps[i] = Step{Version: v, Total: len(versions)}
		if a, _ := readAnalysis(dir, v); a != nil && a.Engine == p.Engine && a.Place == p.place(i) {
			steps[i].Kept, steps[i].Tools = true, a.Counts.Tools
		} else {
			missing = append(missing, v)
		}
	}
	fetched := p.fetchAll(ctx, &fetching, missing)
	var lock sync.Mutex // for done, and so that reports do not overlap
	done := 0
	var running errgroup.Group
	running.SetLimit(max(p.Analyses, 1))
	for i, v := range versions {
		running.Go(func() error {
			step := &steps[i]
			if !step.Kept && ctx.Err() == nil {
				step.Tools, step.Err = p.one(ctx, dir, analysis{Version: v, Engine: p.Engine, Place: p.place(i)}, fetched[v])
			}
			if ctx.Err() != nil {
				return context.Cause(ctx)
			}
			if errors.Is(step.Err, syscall.ENOSPC) {
				cancel(fmt.Errorf("%s: %w", v, step.Err)) // nor would there be space for the others
				return context.Cause(ctx)
			}
			lock.Lock()
			defer lock.Unlock()
			done++
			step.Done = done
			if p.Report != nil {
				p.Report(*step)
			}
			return nil
		})
	}
	if err := running.Wait(); err != nil {
		return err
	}
	for _, step := range steps {
		if step.Kept {
			s.Kept++
		}
		if step.Err != nil {
			s.Failures = append(s.Failures, Failure{step.Version, step.Err.Error()})
		}
	}
	return nil
}

// place orders the i-th version among others that the user named.
func (p Plan) place(i int) int {
	if p.Ordered {
		return i + 1
	}
	return 0
}

// fetchAll fetches versions, a few at once and in order. Each has a channel that gives its result.
func (p Plan) fetchAll(ctx context.Context, running *sync.WaitGroup, versions []string) map[string]chan error {
	results := map[string]chan error{}
	queue := make(chan string, len(versions))
	for _, v := range versions {
		results[v] = make(chan error, 1)
		queue <- v
	}
	close(queue)
	parallel := p.Parallel
	if parallel <= 0 {
		parallel = 2
	}
	for range parallel {
		running.Go(func() {
			for v := range queue {
				err := ctx.Err()
				if err == nil && p.Fetch != nil {
					err = p.Fetch(ctx, v)
				}
				results[v] <- err
			}
		})
	}
	return results
}

// one analyses a version when it is here, and keeps the result.
func (p Plan) one(ctx context.Context, dir string, a analysis, fetched <-chan error) (tools int, err error) {
	select {
	case err = <-fetched:
	case <-ctx.Done():
		err = ctx.Err()
	}
	if err != nil {
		return 0, err
	}
	doc, err := p.Analyze(ctx, a.Version)
	if err != nil {
		return 0, err
	}
	return len(doc.Tools), store(dir, a, doc)
}
