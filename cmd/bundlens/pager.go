package main

import (
	"bytes"
	"os"
	"os/exec"
	"strings"

	"golang.org/x/term"
)

// page prints a text; one that is longer than the terminal goes through the user's pager, where that is wanted.
func (t *terminal) page(text []byte, wanted bool) error {
	command := pager()
	if f := fileOf(t.stdout); wanted && len(command) > 0 && isTerminal(f) {
		if _, height, err := term.GetSize(int(f.Fd())); err == nil && bytes.Count(text, []byte("\n")) >= height {
			cmd := exec.Command(command[0], command[1:]...)
			cmd.Stdin, cmd.Stdout, cmd.Stderr = strings.NewReader(t.shown(string(text))), f, os.Stderr
			cmd.Env = append(os.Environ(), "LESS=FRX") // colours, and nothing of it for what fits the screen
			if cmd.Start() == nil {
				return cmd.Wait()
			}
		}
	}
	_, err := t.stdout.Write(text)
	return err
}

// pager is the command of the user's pager; none where that is cat, or nothing can be had.
func pager() []string {
	words, set := os.LookupEnv("PAGER")
	if !set {
		words = "less"
	}
	command := strings.Fields(words)
	if len(command) == 0 || command[0] == "cat" {
		return nil
	}
	if _, err := exec.LookPath(command[0]); err != nil {
		return nil
	}
	return command
}
