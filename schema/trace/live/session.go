package live

import (
	"bytes"
	"context"
	"errors"
	"io"
	"os"
	"os/exec"
	"sync"
	"time"

	"github.com/creack/pty"

	"github.com/bundlens/bundlens/internal/lazyregexp"
)

// How long to wait for what, in a terminal.
const (
	quiet    = 1200 * time.Millisecond // nothing new on the screen: the program waits for the user
	patience = 8 * time.Second         // nothing sent since the question: a dialogue may stand in the way
	settle   = 3 * time.Second         // nothing sent since the last request: that was all
)

// maxTries bounds how often the question is confirmed.
const maxTries = 4

// session is one run of one program.
type session struct {
	dir            string
	env, args      []string
	mode, prompt   string
	stdin          io.Reader
	stdout, stderr io.Writer
	// seen tells of requests to the server, with the number of their tools; nil where the hook records.
	seen <-chan int
	// captures is where the hook writes.
	captures string
}

// run runs the program to its end, or until all was seen.
func (s *session) run(ctx context.Context) (*Report, error) {
	cmd := exec.Command(s.args[0], s.args[1:]...)
	cmd.Dir, cmd.Env = s.dir, s.env
	if s.mode == ModeInteractive {
		return s.inTerminal(ctx, cmd)
	}
	cmd.Stdin, cmd.Stdout, cmd.Stderr = s.stdin, s.stdout, s.stderr
	cmd.WaitDelay = 5 * time.Second // something in the background may hold the pipes
	if s.mode == ModePrint {
		cmd.Stdin = nil
		ownGroup(cmd)
	}
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	done := make(chan error, 1)
	go func() { done <- cmd.Wait() }()
	report := &Report{}
	select {
	case <-done:
	case <-ctx.Done():
		killGroup(cmd)
		select {
		case <-done:
		case <-time.After(5 * time.Second):
			cmd.Process.Kill()
			<-done
		}
		report.TimedOut = errors.Is(ctx.Err(), context.DeadlineExceeded)
		// One who interrupts a program that runs as it is wants to see what it sent.
		if report.Ended = !report.TimedOut; report.Ended && s.mode != "" {
			return nil, ctx.Err()
		}
	}
	killGroup(cmd) // what it left behind
	report.ExitCode = cmd.ProcessState.ExitCode()
	return report, nil
}

// inTerminal runs the program in a terminal, types the question once it waits for one, and ends it when it has sent
// what it has to send.
func (s *session) inTerminal(ctx context.Context, cmd *exec.Cmd) (*Report, error) {
	tty, err := pty.StartWithSize(cmd, &pty.Winsize{Rows: 50, Cols: 160})
	if err != nil {
		return nil, err
	}
	defer tty.Close()
	screen := &screen{tty: tty}
	go screen.follow()
	done := make(chan struct{})
	go func() {
		cmd.Wait()
		close(done)
	}()
	report := &Report{}
	report.Ended, err = s.converse(ctx, tty, screen, done)
	killGroup(cmd)
	<-done
	report.ExitCode, report.Screen = cmd.ProcessState.ExitCode(), screen.text()
	if errors.Is(err, context.DeadlineExceeded) {
		report.TimedOut = true
		return report, nil
	}
	return report, err
}

// converse types and watches until all was seen; ended is false where the program ended by itself.
func (s *session) converse(ctx context.Context, tty *os.File, screen *screen, done <-chan struct{}) (ended bool, err error) {
	tick := time.NewTicker(100 * time.Millisecond)
	defer tick.Stop()
	var asked, last time.Time
	tries, tools := 0, false
	requests := s.requests(ctx)
	for {
		select {
		case <-done:
			return false, nil
		case <-ctx.Done():
			return false, ctx.Err()
		case n := <-requests:
			last = time.Now()
			tools = tools || n > 0
			continue
		case <-tick.C:
		}
		switch {
		case tools && time.Since(last) > settle:
			return true, nil
		case asked.IsZero() && screen.quietFor(quiet):
			if _, err := io.WriteString(tty, s.prompt); err != nil {
				return false, nil
			}
			time.Sleep(300 * time.Millisecond) // a paste with a line break in it is no answer
			io.WriteString(tty, "\r")
			asked = time.Now()
		case !asked.IsZero() && !tools && tries < maxTries && time.Since(asked) > patience:
			tries++
			io.WriteString(tty, "\r")
			asked = time.Now()
		}
	}
}

// requests tells of requests: those of the server, or the files that the hook writes.
func (s *session) requests(ctx context.Context) <-chan int {
	if s.seen != nil {
		return s.seen
	}
	out := make(chan int)
	go func() {
		before := len(filesIn(s.captures))
		for ctx.Err() == nil {
			time.Sleep(200 * time.Millisecond)
			if n := len(filesIn(s.captures)); n > before {
				before = n
				select {
				case out <- 1:
				case <-ctx.Done():
				}
			}
		}
	}()
	return out
}

func filesIn(dir string) []os.DirEntry {
	entries, _ := os.ReadDir(dir)
	return entries
}

// screen follows what a program writes to its terminal.
type screen struct {
	tty *os.File

	mu   sync.Mutex
	last time.Time
	tail []byte
}

// questions are what programs ask a terminal, and what a plain one answers. A program that waits for an answer shows
// nothing until it has one.
var questions = []struct{ ask, answer string }{
	{"\x1b[c", "\x1b[?62;22c"},
	{"\x1b[0c", "\x1b[?62;22c"},
	{"\x1b[6n", "\x1b[1;1R"},
	{"\x1b[5n", "\x1b[0n"},
	{"\x1b[>q", "\x1bP>|xterm(390)\x1b\\"},
	{"\x1b[>0q", "\x1bP>|xterm(390)\x1b\\"},
	{"\x1b[?u", "\x1b[?0u"},
	{"\x1b]11;?", "\x1b]11;rgb:0000/0000/0000\x1b\\"},
}

// maxTail bounds what is kept of the screen.
const maxTail = 64 << 10

// follow reads until the terminal is closed.
func (s *screen) follow() {
	buf := make([]byte, 32<<10)
	for {
		n, err := s.tty.Read(buf)
		if n > 0 {
			s.mu.Lock()
			s.last = time.Now()
			s.tail = append(s.tail, buf[:n]...)
			s.tail = s.tail[max(0, len(s.tail)-maxTail):]
			s.mu.Unlock()
			for _, q := range questions {
				if bytes.Contains(buf[:n], []byte(q.ask)) {
					io.WriteString(s.tty, q.answer)
				}
			}
		}
		if err != nil {
			return
		}
	}
}

// quietFor says whether something was shown, and nothing since.
func (s *screen) quietFor(d time.Duration) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return !s.last.IsZero() && time.Since(s.last) > d
}

var controls = lazyregexp.New(`\x1b(?:\[[0-9;?<>=]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)|P[^\x1b]*\x1b\\|[@-Z\\-_=>()][0-9A-B]?)|[\x00-\x08\x0b-\x1f\x7f]`)

// text is the last of what was shown, without what moves the cursor.
func (s *screen) text() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	plain := controls.Get().ReplaceAll(s.tail, nil)
	return string(bytes.ToValidUTF8(plain[max(0, len(plain)-4000):], nil))
}
