package main

import (
	"os"
	"os/exec"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/creack/pty"
)

// TestInterrupted has a terminal that waits for standard input, and ends the program with ^C, which the terminal makes a
// signal of.
func TestInterrupted(t *testing.T) {
	for _, args := range []string{"analyze -", "query - cli.js", "extract -", "schemas -", "diff - -"} {
		for _, quit := range []struct {
			name string
			send func(screen *os.File, p *os.Process) error
			code int
		}{
			{"^C", func(screen *os.File, p *os.Process) error { _, err := screen.Write([]byte{3}); return err }, 130},
			{"SIGTERM", func(_ *os.File, p *os.Process) error { return p.Signal(syscall.SIGTERM) }, 143},
		} {
			t.Run(args+" "+quit.name, func(t *testing.T) {
				t.Parallel()
				code, said := -1, ""
				// A signal before the program has a handler ends it the hard way.
				for wait := 200 * time.Millisecond; code < 0 && wait < 10*time.Second; wait *= 2 {
					code, said = interrupted(t, strings.Fields(args), wait, quit.send)
				}
				if code != quit.code {
					t.Errorf("exit code %d, want %d", code, quit.code)
				}
				if !strings.Contains(said, "interrupted") || strings.ContainsAny(strings.ReplaceAll(said, "\r\n", "\n"), "\r\x1b") {
					t.Errorf("a terminal without abilities shows %q", said)
				}
			})
		}
	}
}

// interrupted runs the program on a terminal, interrupts it after a time, and returns its exit code and what it said.
func interrupted(t *testing.T, args []string, after time.Duration, send func(screen *os.File, p *os.Process) error) (code int, said string) {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	c := exec.Command(self, args...)
	c.Env = append(os.Environ(), runAsCommand+"=1", "TERM=dumb")
	screen, err := pty.Start(c)
	if err != nil {
		t.Skip(err)
	}
	defer screen.Close()
	text := make(chan string)
	go func() {
		var all strings.Builder
		buf := make([]byte, 4096)
		for {
			n, err := screen.Read(buf)
			if all.Write(buf[:n]); err != nil {
				text <- all.String()
				return
			}
		}
	}()
	time.Sleep(after)
	if err := send(screen, c.Process); err != nil {
		t.Fatal(err)
	}
	c.Wait()
	return c.ProcessState.ExitCode(), <-text
}
