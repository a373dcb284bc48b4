package main

import (
	"errors"
	"io"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/creack/pty"
)

// TestScreen asserts that texts of programs can't move the cursor of a terminal, and that a pipe gets them as they are.
func TestScreen(t *testing.T) {
	const hostile = "a\x1b[2J\u202eb\r\x1b[8m"
	var pipe strings.Builder
	for _, to := range []struct {
		stdout io.Writer
		want   string
	}{{nil, "\x1b[1mTOOLS\x1b[0m a<U+001B>[2J<U+202E>b<U+000D><U+001B>[8m"}, {&pipe, "\x1b[1mTOOLS\x1b[0m " + hostile}} {
		shown := func() string { return pipe.String() }
		if to.stdout == nil {
			screen, tty, err := pty.Open()
			if err != nil {
				t.Skip(err)
			}
			defer screen.Close()
			defer tty.Close()
			to.stdout = tty
			shown = func() string { return readUntil(t, screen, "[8m") }
		}
		ui := newTerminal(to.stdout, io.Discard)
		ui.color = "always"
		if err := ui.page([]byte(ui.paint(ui.stdout, bold, "TOOLS")+" "+hostile), false); err != nil {
			t.Fatal(err)
		}
		ui.conclude(nil)
		if got := shown(); got != to.want {
			t.Errorf("got %q, want %q", got, to.want)
		}
	}
	var notes strings.Builder
	ui := newTerminal(io.Discard, &notes)
	ui.note("%s", "name\x1b]0;title\x07")
	ui.conclude(errors.New("bad\u200b"))
	if got := notes.String(); got != "name<U+001B>]0;title<U+0007>\nerror: bad<U+200B>\n" {
		t.Errorf("got %q", got)
	}
}

// readUntil reads what a terminal shows, to some words.
func readUntil(t *testing.T, screen *os.File, last string) string {
	t.Helper()
	var shown strings.Builder
	buf := make([]byte, 4096)
	screen.SetReadDeadline(time.Now().Add(10 * time.Second))
	for !strings.Contains(shown.String(), last) {
		n, err := screen.Read(buf)
		if err != nil {
			t.Fatalf("%v: %q", err, &shown)
		}
		shown.Write(buf[:n])
	}
	return shown.String()
}

// TestSteps draws a bar between notes: each one that is new stands where the job is.
func TestSteps(t *testing.T) {
	screen, tty, err := pty.Open()
	if err != nil {
		t.Skip(err)
	}
	defer screen.Close()
	ui := &terminal{stderr: tty, color: "never"}
	for done := range 4 {
		ui.note("so far %d", done)
		ui.steps("versions", done, 4)
	}
	ui.note("the end")
	shown := readUntil(t, screen, "the end")
	tty.Close()
	for _, want := range []string{"(1/4)", "(2/4)", "75%"} {
		if !strings.Contains(shown, want) {
			t.Errorf("no %s in %q", want, shown)
		}
	}
}
