package live

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"syscall"
	"testing"
)

func init() { roles["refused"] = refused }

// TestRefusesWithoutSandbox runs a program where no network of its own can be had: it is not run, unless that is wanted.
func TestRefusesWithoutSandbox(t *testing.T) {
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(self, "refused", self, t.TempDir())
	cmd.SysProcAttr = &syscall.SysProcAttr{Cloneflags: syscall.CLONE_NEWUSER,
		UidMappings: []syscall.SysProcIDMap{{ContainerID: 0, HostID: os.Getuid(), Size: 1}},
		GidMappings: []syscall.SysProcIDMap{{ContainerID: 0, HostID: os.Getgid(), Size: 1}}}
	out, err := cmd.CombinedOutput()
	var exit *exec.ExitError
	if err != nil && (!errors.As(err, &exit) || exit.ExitCode() == 3) {
		t.Skipf("such a place can't be had here: %v %s", err, out)
	}
	if err != nil {
		t.Errorf("%v: %s", err, out)
	}
}

// refused forbids itself more namespaces, and tries to run a program offline.
func refused(args []string) int {
	for _, kind := range []string{"user", "net"} {
		if err := os.WriteFile("/proc/sys/user/max_"+kind+"_namespaces", []byte("0"), 0); err != nil {
			fmt.Println(err)
			return 3
		}
	}
	run := &Run{Command: []string{args[0], "program"}, Dir: args[1], Offline: true, Sandbox: true, Mode: ModePrint,
		Profile: []byte(testProfile), Self: args[0], Stdout: os.Stdout, Stderr: os.Stderr}
	if _, err := run.Do(context.Background()); !errors.Is(err, ErrNoSandbox) {
		fmt.Println("it ran:", err)
		return 1
	}
	if n := len(filesIn(run.Dir)); n > 0 {
		fmt.Println("it left files:", n)
		return 1
	}
	return 0
}
