package main

import (
	"strings"
	"testing"
	"time"

	"github.com/creack/pty"
)

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
	var shown strings.Builder
	buf := make([]byte, 4096)
	screen.SetReadDeadline(time.Now().Add(10 * time.Second))
	for !strings.Contains(shown.String(), "the end") {
		n, err := screen.Read(buf)
		if err != nil {
			t.Fatalf("%v: %q", err, &shown)
		}
		shown.Write(buf[:n])
	}
	tty.Close()
	for _, want := range []string{"(1/4)", "(2/4)", "75%"} {
		if !strings.Contains(shown.String(), want) {
			t.Errorf("no %s in %q", want, &shown)
		}
	}
}
