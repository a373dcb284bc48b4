//go:build unix

package live

import (
	"os/exec"
	"syscall"
	"time"
)

// ownGroup gives a program a process group of its own, so that what it starts can be ended with it.
func ownGroup(cmd *exec.Cmd) {
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
}

// killGroup ends a program that leads a group, with all that is in the group; politely first, so that it can put its
// files in order.
func killGroup(cmd *exec.Cmd) {
	attr := cmd.SysProcAttr
	if attr == nil || !attr.Setpgid && !attr.Setsid {
		cmd.Process.Signal(syscall.SIGTERM)
		return
	}
	group := -cmd.Process.Pid
	if syscall.Kill(group, syscall.SIGTERM) != nil {
		return // nobody is left
	}
	for range 20 {
		time.Sleep(50 * time.Millisecond)
		if syscall.Kill(group, 0) != nil {
			return
		}
	}
	syscall.Kill(group, syscall.SIGKILL)
}
