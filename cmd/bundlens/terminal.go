package main

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"sync"
	"time"

	"github.com/schollz/progressbar/v3"
	"github.com/urfave/cli/v2"
	"golang.org/x/term"

	"github.com/bundlens/bundlens/analyzer/source"
	"github.com/bundlens/bundlens/internal/hidden"
)

// terminal is where the program speaks: results on stdout, everything else on stderr. It knows whether those are
// terminals and what the user wants to see.
type terminal struct {
	stdout, stderr io.Writer
	color          string
	quiet, verbose bool
	cacheDir       string
	offline        bool
	followLinks    bool

	mu  sync.Mutex
	bar *progressbar.ProgressBar
	job string // what the bar shows
}

func newTerminal(stdout, stderr io.Writer) *terminal {
	return &terminal{stdout: onScreen(stdout), stderr: stderr, color: "auto"}
}

// screen is a terminal. What is shown on it comes from programs that nobody trusts: their texts must not move the cursor,
// or hide what stands in them. A pipe and a file get every byte as it is.
type screen struct {
	*hidden.Writer
	file *os.File
}

func onScreen(w io.Writer) io.Writer {
	if f, ok := w.(*os.File); ok && isTerminal(f) {
		return screen{hidden.NewWriter(f, painted...), f}
	}
	return w
}

// fileOf is the file that a stream writes to; nil where it is none.
func fileOf(w io.Writer) *os.File {
	switch w := w.(type) {
	case *os.File:
		return w
	case screen:
		return w.file
	}
	return nil
}

// configure takes over the global flags.
func (t *terminal) configure(c *cli.Context) error {
	t.quiet, t.verbose = c.Bool("quiet"), c.Bool("verbose")
	t.cacheDir, t.offline, t.followLinks = c.String("cache-dir"), c.Bool("offline"), c.Bool("follow-links")
	switch color := c.String("color"); color {
	case "auto", "always", "never":
		t.color = color
	default:
		return usageError(fmt.Sprintf("--color takes auto, always or never, not %q", color), "")
	}
	return nil
}

// sourceOptions are those with which every input is opened.
func (t *terminal) sourceOptions(platform string) source.Options {
	return source.Options{Platform: platform, CacheDir: t.cacheDir, Offline: t.offline, FollowLinks: t.followLinks}
}

// mayFetch is an error where nothing may be fetched.
func (t *terminal) mayFetch(what string) error {
	if t.offline {
		return fmt.Errorf("%s %w", what, source.ErrOffline)
	}
	return nil
}

// isTerminal says whether a stream is one.
func isTerminal(w io.Writer) bool {
	f := fileOf(w)
	return f != nil && term.IsTerminal(int(f.Fd()))
}

// width is how many columns a stream shows; 0 where it is no terminal.
func width(w io.Writer) int {
	if f := fileOf(w); f != nil {
		if n, _, err := term.GetSize(int(f.Fd())); err == nil {
			return n
		}
	}
	return 0
}

// paint wraps a text in a colour where the stream shows colours.
func (t *terminal) paint(w io.Writer, code, text string) string {
	on := t.color == "always" || t.color == "auto" && isTerminal(w) && os.Getenv("NO_COLOR") == "" && os.Getenv("TERM") != "dumb"
	if !on {
		return text
	}
	return sequence(code) + text + sequence(plain)
}

// The colours in use.
const (
	plain  = "0"
	bold   = "1"
	red    = "1;31"
	yellow = "1;33"
)

func sequence(code string) string { return "\x1b[" + code + "m" }

// painted are the sequences that paint writes.
var painted = []string{sequence(plain), sequence(bold), sequence(red), sequence(yellow)}

// notes is a stream for remarks: stderr, without the progress bar in between, and silent with --quiet.
func (t *terminal) notes() io.Writer { return noteWriter{t} }

type noteWriter struct{ t *terminal }

// Write passes a remark on.
func (n noteWriter) Write(p []byte) (int, error) {
	if n.t.quiet {
		return len(p), nil
	}
	n.t.endProgress()
	return n.t.stderr.Write(p)
}

// note says something that is not a result.
func (t *terminal) note(format string, args ...any) {
	fmt.Fprintln(t.notes(), t.shown(fmt.Sprintf(format, args...)))
}

// shown is a text of the program itself, in which others may stand, as it is shown.
func (t *terminal) shown(text string) string {
	var b strings.Builder
	w := hidden.NewWriter(&b, painted...)
	if _, err := io.WriteString(w, text); err != nil || w.Flush() != nil {
		return ""
	}
	return b.String()
}

// detail says something that only --verbose shows.
func (t *terminal) detail(format string, args ...any) {
	if t.verbose {
		t.note(format, args...)
	}
}

// progress shows how many bytes of a long job are done, on a terminal only. A total of 0 is one that is not known.
func (t *terminal) progress(job string, done, total int64) {
	t.show(job, done, total, progressbar.OptionShowBytes(total > 0))
}

// steps shows how many of a job's steps are done, on a terminal only.
func (t *terminal) steps(job string, done, total int) {
	t.show(job, int64(done), int64(total), progressbar.OptionShowCount(), progressbar.OptionSetPredictTime(false))
}

// show draws a job's bar. A bar that is new is drawn at once, at the place where it is.
func (t *terminal) show(job string, done, total int64, looks ...progressbar.Option) {
	if t.quiet || !isTerminal(t.stderr) || os.Getenv("TERM") == "dumb" {
		return
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.job != job {
		t.clear()
		if total == 0 {
			total = -1
		}
		t.job = job
		t.bar = progressbar.NewOptions64(total, append(looks, progressbar.OptionSetWriter(t.stderr), progressbar.OptionSetDescription(job),
			progressbar.OptionThrottle(100*time.Millisecond), progressbar.OptionClearOnFinish(), progressbar.OptionSetWidth(24),
			progressbar.OptionSpinnerType(14), progressbar.OptionSetRenderBlankState(done == 0))...)
	}
	t.bar.Set64(done)
}

// endProgress takes the bar away.
func (t *terminal) endProgress() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.clear()
}

func (t *terminal) clear() {
	if t.bar != nil {
		t.bar.Finish() // which ends a spinner; Exit alone lets it turn on
		t.bar.Exit()
	}
	t.bar, t.job = nil, ""
}

// conclude says how it ended and answers the exit code.
func (t *terminal) conclude(err error) int {
	t.endProgress()
	if s, ok := t.stdout.(screen); ok {
		err = cmp.Or(err, s.Flush())
	}
	code := exitCode(err)
	switch code {
	case exitClean:
		return code
	case exitFindings:
		fmt.Fprintln(t.stderr, t.paint(t.stderr, yellow, "note:"), t.shown(describe(err)))
	default:
		fmt.Fprintln(t.stderr, t.paint(t.stderr, red, "error:"), t.shown(describe(err)))
	}
	var hinted *hintedError
	if errors.As(err, &hinted) && hinted.hint != "" {
		fmt.Fprintln(t.stderr, t.shown(strings.ToUpper(hinted.hint[:1])+hinted.hint[1:]))
	}
	return code
}
