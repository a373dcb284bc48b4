package main

import (
	"context"
	"errors"
	"io"
	"os"
	"os/signal"
	"syscall"
	"time"
)

// interruptedError says that a signal ended the work.
type interruptedError struct{ signal syscall.Signal }

// Error says so.
func (e *interruptedError) Error() string { return "interrupted" }

// lostError says that something was lost before a signal came: the signal is not its cause, and does not hide it.
type lostError struct{ error }

// Unwrap returns what went wrong.
func (e *lostError) Unwrap() error { return e.error }

// interruptible returns a context that ends with an interruptedError at the first signal. The second one ends the
// program the hard way.
func interruptible() (ctx context.Context, stop func()) {
	ctx, cancel := context.WithCancelCause(context.Background())
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, os.Interrupt, syscall.SIGTERM)
	go func() {
		select {
		case s := <-signals:
			signal.Stop(signals)
			number, _ := s.(syscall.Signal)
			cancel(&interruptedError{number})
		case <-ctx.Done():
		}
	}()
	return ctx, func() {
		signal.Stop(signals)
		cancel(nil)
	}
}

// patience is how long work may take to end after a signal: to stop a program that it runs, and to remove what it has
// half written.
const patience = 10 * time.Second

// untilInterrupted does the work. What comes back after a signal is that signal's error, unless the work was done all the
// same; work that does not look at its context is left to itself.
func untilInterrupted(ctx context.Context, work func() error) error {
	done := make(chan error, 1)
	go func() { done <- work() }()
	select {
	case err := <-done:
		return interruption(ctx, err)
	case <-ctx.Done():
	}
	select {
	case err := <-done:
		return interruption(ctx, err)
	case <-time.After(patience):
		return context.Cause(ctx)
	}
}

// interruption is the signal's error after a signal, and any other error as it is; so is what was lost before.
func interruption(ctx context.Context, err error) error {
	var interrupted *interruptedError
	var lost *lostError
	if err != nil && !errors.As(err, &lost) && errors.As(context.Cause(ctx), &interrupted) {
		return interrupted
	}
	return err
}

// untilDone is a reader that ends with its context, also while it waits: a terminal may never say anything.
type untilDone struct {
	ctx  context.Context
	from io.Reader
}

// Read reads into a buffer of its own, since a read that nobody waits for goes on.
func (r untilDone) Read(p []byte) (int, error) {
	type result struct {
		data []byte
		err  error
	}
	read := make(chan result, 1)
	go func() {
		own := make([]byte, len(p))
		n, err := r.from.Read(own)
		read <- result{own[:n], err}
	}()
	select {
	case got := <-read:
		return copy(p, got.data), got.err
	case <-r.ctx.Done():
		return 0, r.ctx.Err()
	}
}

// standardInput is what a command reads where the user names -.
func standardInput(ctx context.Context, stdin io.Reader) io.Reader {
	if stdin == nil {
		stdin = os.Stdin
	}
	return untilDone{ctx, stdin}
}
