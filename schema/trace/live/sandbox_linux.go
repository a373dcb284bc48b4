package live

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"runtime"
	"strconv"
	"strings"
	"syscall"

	"golang.org/x/sys/unix"
)

// runInSandbox runs the plan in a process of this program's own that has a network of its own, which is only loopback.
func runInSandbox(ctx context.Context, p *plan, r *Run) (*Report, error) {
	var failures []error
	for _, attr := range sandboxes() {
		report, started, err := startInside(ctx, p, r, attr)
		if started {
			return report, err
		}
		failures = append(failures, err)
	}
	return nil, fmt.Errorf("%w: %w", ErrNoSandbox, errors.Join(failures...))
}

// sandboxes are the ways to a network of one's own: as any user in a user namespace, or as root without one.
func sandboxes() []*syscall.SysProcAttr {
	uid, gid := os.Getuid(), os.Getgid()
	ways := []*syscall.SysProcAttr{{
		Cloneflags:  syscall.CLONE_NEWUSER | syscall.CLONE_NEWNET,
		UidMappings: []syscall.SysProcIDMap{{ContainerID: uid, HostID: uid, Size: 1}},
		GidMappings: []syscall.SysProcIDMap{{ContainerID: gid, HostID: gid, Size: 1}},
		// Needed to start loopback; it is a power over this network only.
		AmbientCaps: []uintptr{unix.CAP_NET_ADMIN},
	}}
	if os.Geteuid() == 0 {
		ways = append(ways, &syscall.SysProcAttr{Cloneflags: syscall.CLONE_NEWNET})
	}
	return ways
}

// startInside starts the process and hands it the plan; started is false where the kernel does not allow it.
func startInside(ctx context.Context, p *plan, r *Run, attr *syscall.SysProcAttr) (report *Report, started bool, err error) {
	planR, planW, err := os.Pipe()
	if err != nil {
		return nil, false, err
	}
	defer planW.Close()
	answerR, answerW, err := os.Pipe()
	if err != nil {
		planR.Close()
		return nil, false, err
	}
	defer answerR.Close()
	cmd := exec.CommandContext(ctx, r.Self, InsideArgs...)
	cmd.Args[0] = r.Self
	cmd.Stdin, cmd.Stdout, cmd.Stderr = r.Stdin, r.Stdout, r.Stderr
	cmd.ExtraFiles = []*os.File{planR, answerW}
	attr.Pdeathsig = syscall.SIGTERM // it must not outlive us, and ends its program before itself
	cmd.SysProcAttr = attr
	cmd.Cancel = func() error { return cmd.Process.Signal(syscall.SIGTERM) }
	// The signal at our death is that of the thread that started it.
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	err = cmd.Start()
	planR.Close()
	answerW.Close()
	if err != nil {
		return nil, false, err
	}
	sent := json.NewEncoder(planW).Encode(p)
	planW.Close()
	var answer struct {
		Report *Report `json:"report"`
		Error  string  `json:"error"`
	}
	decoded := json.NewDecoder(answerR).Decode(&answer)
	waited := cmd.Wait()
	switch {
	case answer.Report != nil:
		return answer.Report, true, nil
	case ctx.Err() != nil:
		return nil, true, ctx.Err()
	case answer.Error != "":
		return nil, true, errors.New(answer.Error)
	}
	return nil, true, fmt.Errorf("the sandbox ended without a report: %w", errors.Join(sent, decoded, waited))
}

// closeNetwork starts loopback, and fails where there is anything else to send through.
func closeNetwork() error {
	fd, err := unix.Socket(unix.AF_INET, unix.SOCK_DGRAM|unix.SOCK_CLOEXEC, 0)
	if err != nil {
		return fmt.Errorf("starting loopback: %w", err)
	}
	defer unix.Close(fd)
	req, err := unix.NewIfreq("lo")
	if err != nil {
		return err
	}
	req.SetUint16(unix.IFF_UP | unix.IFF_RUNNING)
	if err := unix.IoctlIfreq(fd, unix.SIOCSIFFLAGS, req); err != nil {
		return fmt.Errorf("starting loopback: %w", err)
	}
	list, err := net.Interfaces()
	if err != nil {
		return err
	}
	for _, i := range list {
		if i.Flags&net.FlagUp != 0 && i.Flags&net.FlagLoopback == 0 {
			return fmt.Errorf("%w: it has the interface %s", ErrNoSandbox, i.Name)
		}
	}
	return nil
}

// interfaces are those of this process's network, with the kernel's own counters.
func interfaces() ([]Interface, error) {
	f, err := os.Open("/proc/thread-self/net/dev")
	if err != nil {
		return nil, err
	}
	defer f.Close()
	var out []Interface
	for lines := bufio.NewScanner(f); lines.Scan(); {
		name, rest, ok := strings.Cut(lines.Text(), ":")
		fields := strings.Fields(rest)
		if !ok || len(fields) < 9 {
			continue
		}
		i := Interface{Name: strings.TrimSpace(name)}
		i.ReceivedBytes, _ = strconv.ParseInt(fields[0], 10, 64)
		i.SentBytes, _ = strconv.ParseInt(fields[8], 10, 64)
		if real, err := net.InterfaceByName(i.Name); err == nil {
			i.Up = real.Flags&net.FlagUp != 0
		}
		out = append(out, i)
	}
	return out, nil
}
