package live

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"github.com/bundlens/bundlens/schema/trace"
	"github.com/bundlens/bundlens/schema/trace/internal/redact"
)

// The modes in which a program can be run. The empty one runs the command as it is.
const (
	ModePrint       = "print"       // asked once, without a terminal
	ModeInteractive = "interactive" // in a terminal, where the question is typed
)

// Run says how a program is run.
type Run struct {
	Command []string
	// Dir is where captures go.
	Dir string
	// Env are more variables for the program, each NAME=VALUE.
	Env     []string
	Offline bool
	// Sandbox makes an offline run fail where it can't be shut off from the network.
	Sandbox bool
	Mode    string
	Prompt  string
	MCPStub bool
	// Profile is what has to be known of the program.
	Profile []byte
	// Timeout bounds the run; 0 is none.
	Timeout time.Duration
	// Self is this program's executable; it is run again inside the sandbox.
	Self           string
	Stdin          io.Reader
	Stdout, Stderr io.Writer
}

// Report says how a run went. It is kept beside the captures.
type Report struct {
	Version int      `json:"version"`
	Command []string `json:"command"`
	Mode    string   `json:"mode"`
	Offline bool     `json:"offline"`
	// Sandboxed says that the program had nothing but loopback; Network are then its interfaces with what they carried.
	Sandboxed bool        `json:"sandboxed"`
	Network   []Interface `json:"network"`
	ExitCode  int         `json:"exitCode"`
	// TimedOut says that it was ended because it took too long, Ended that it was ended because all was seen or the user
	// wanted it.
	TimedOut bool `json:"timedOut"`
	Ended    bool `json:"ended"`
	// OtherRequests are those to the server that were not to a model.
	OtherRequests map[string]int `json:"otherRequests"`
	// Screen is the last of what a terminal showed.
	Screen string `json:"screen"`
}

// Interface is a network interface of the sandbox with its counters.
type Interface struct {
	Name string `json:"name"`
	Up   bool   `json:"up"`
	// ReceivedBytes and SentBytes are its own counters at the end.
	ReceivedBytes int64 `json:"receivedBytes"`
	SentBytes     int64 `json:"sentBytes"`
}

// plan is what the process inside the sandbox has to know.
type plan struct {
	Command []string      `json:"command"`
	Dir     string        `json:"dir"`
	Env     []string      `json:"env"`
	Mode    string        `json:"mode"`
	Prompt  string        `json:"prompt"`
	MCPStub bool          `json:"mcpStub"`
	Profile []byte        `json:"profile"`
	Tmp     string        `json:"tmp"`
	Self    string        `json:"self"`
	Sandbox bool          `json:"sandbox"`
	Timeout time.Duration `json:"timeout"`
}

// bounded adds a time limit to a context; 0 is none.
func bounded(ctx context.Context, limit time.Duration) (context.Context, context.CancelFunc) {
	if limit <= 0 {
		return context.WithCancel(ctx)
	}
	return context.WithTimeout(ctx, limit)
}

// Do runs the program.
func (r *Run) Do(ctx context.Context) (*Report, error) {
	if len(r.Command) == 0 {
		return nil, errors.New("there is no command to run")
	}
	program, err := exec.LookPath(r.Command[0])
	if err != nil {
		return nil, err
	}
	if program, err = filepath.Abs(program); err != nil {
		return nil, err
	}
	command := append([]string{program}, r.Command[1:]...)
	if r.Offline {
		anchored(command[1:])
	}
	if r.Dir, err = filepath.Abs(r.Dir); err != nil {
		return nil, err
	}
	tmp, err := os.MkdirTemp("", "bundlens-run-")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(tmp)
	var report *Report
	if r.Offline {
		report, err = r.offline(ctx, command, tmp)
	} else {
		report, err = r.hooked(ctx, command, tmp)
	}
	if err != nil {
		return nil, err
	}
	report.Version, report.Mode, report.Offline = 1, r.Mode, r.Offline
	r.describe(report)
	return report, report.write(r.Dir)
}

// describe puts into a report what was run and what it showed, without secrets: both may hold what the user typed.
func (r *Run) describe(report *Report) {
	red := redact.New(append(os.Environ(), r.Env...))
	report.Command = red.Arguments(r.Command)
	report.Screen = red.Text(report.Screen)
	for what, n := range report.OtherRequests {
		if clean := red.Text(what); clean != what {
			delete(report.OtherRequests, what)
			report.OtherRequests[clean] += n
		}
	}
}

// anchored makes arguments that name a file here absolute: the program runs elsewhere. A word without a dot or a slash
// in it is left alone, as it is likelier a word.
func anchored(args []string) {
	for i, arg := range args {
		if strings.HasPrefix(arg, "-") || filepath.IsAbs(arg) || !strings.ContainsAny(arg, "./") {
			continue
		}
		if _, err := os.Stat(arg); err != nil {
			continue
		}
		if abs, err := filepath.Abs(arg); err == nil {
			args[i] = abs
		}
	}
}

// write keeps the report.
func (r *Report) write(dir string) error {
	data, err := json.MarshalIndent(r, "", "  ")
	if err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(dir, trace.RunFile), append(data, '\n'), 0o600)
}

// hooked runs the program as the user would, with the hook in it.
func (r *Run) hooked(ctx context.Context, command []string, tmp string) (*Report, error) {
	profile, err := ParseProfile(r.Profile)
	if err != nil {
		return nil, err
	}
	hook, err := HookEnvironment(os.Environ(), tmp, r.Dir)
	if err != nil {
		return nil, err
	}
	if len(profile.Paths) > 0 {
		hook = append(hook, "BUNDLENS_TRACE_PATHS="+strings.Join(profile.Paths, ","))
	}
	p := &plan{Command: command, Tmp: tmp, Mode: r.Mode, Prompt: r.Prompt, MCPStub: r.MCPStub, Self: r.Self}
	words := &Profile{Print: profile.Print, Interactive: profile.Interactive, MCP: profile.MCP}
	room, err := newRoom(words, p, "")
	if err != nil {
		return nil, err
	}
	s := &session{dir: "", env: append(append(os.Environ(), hook...), r.Env...), args: room.arguments(profile, p), mode: r.Mode,
		prompt: r.Prompt, stdin: r.Stdin, stdout: r.Stdout, stderr: r.Stderr, captures: r.Dir}
	ctx, stop := bounded(ctx, r.Timeout)
	defer stop()
	return s.run(ctx)
}

// offline runs the program against our own server, in the sandbox if that was asked for.
func (r *Run) offline(ctx context.Context, command []string, tmp string) (*Report, error) {
	p := &plan{Command: command, Dir: r.Dir, Env: r.Env, Mode: r.Mode, Prompt: r.Prompt, MCPStub: r.MCPStub, Profile: r.Profile,
		Tmp: tmp, Self: r.Self, Sandbox: r.Sandbox, Timeout: r.Timeout}
	if !r.Sandbox {
		return p.run(ctx, r.Stdin, r.Stdout, r.Stderr)
	}
	return runInSandbox(ctx, p, r)
}

// Inside is the process in the sandbox: it reads its plan, does it, and answers with the report.
func Inside(ctx context.Context, plans io.Reader, reports io.Writer, stdin io.Reader, stdout, stderr io.Writer) error {
	var p plan
	if err := json.NewDecoder(plans).Decode(&p); err != nil {
		return fmt.Errorf("the plan: %w", err)
	}
	answer := struct {
		Report *Report `json:"report"`
		Error  string  `json:"error"`
	}{}
	report, err := func() (*Report, error) {
		if err := closeNetwork(); err != nil {
			return nil, err
		}
		return p.run(ctx, stdin, stdout, stderr)
	}()
	answer.Report = report
	if err != nil {
		answer.Error = err.Error()
	}
	return json.NewEncoder(reports).Encode(answer)
}

// run starts the server and runs the program against it.
func (p *plan) run(ctx context.Context, stdin io.Reader, stdout, stderr io.Writer) (*Report, error) {
	profile, err := ParseProfile(p.Profile)
	if err != nil {
		return nil, err
	}
	listener, err := Listen("127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	defer listener.Close()
	room, err := newRoom(profile, p, "http://"+listener.Addr().String())
	if err != nil {
		return nil, err
	}
	if err := room.makeRepository(ctx); err != nil {
		return nil, err
	}
	env := room.environment(profile, p.Env)
	seen := make(chan int, 1000)
	server := &Server{Record: &trace.Recorder{Dir: p.Dir, Environ: env, Arguments: p.Command}, Paths: profile.Paths, Seen: tellOf(seen)}
	web := &http.Server{Handler: server, ReadHeaderTimeout: 30 * time.Second}
	go web.Serve(listener)
	defer web.Close()
	s := &session{dir: room.repo, env: env, args: room.arguments(profile, p), mode: p.Mode, prompt: p.Prompt,
		stdin: stdin, stdout: stdout, stderr: stderr, seen: seen}
	ctx, stop := bounded(ctx, p.Timeout)
	defer stop()
	report, err := s.run(ctx)
	if err != nil {
		return nil, err
	}
	if err := server.Err(); err != nil {
		return nil, fmt.Errorf("recording: %w", err)
	}
	report.OtherRequests = server.Others()
	if p.Sandbox {
		report.Sandboxed = true
		report.Network, err = interfaces()
	}
	return report, err
}

// tellOf passes on what is seen where somebody listens; an answer never waits for that.
func tellOf(seen chan<- int) func(int) {
	return func(tools int) {
		select {
		case seen <- tools:
		default:
		}
	}
}

// makeRepository makes a repository with one commit, so that the program sees an ordinary project.
func (r *room) makeRepository(ctx context.Context) error {
	if err := os.WriteFile(filepath.Join(r.repo, "README.md"), []byte("# demo\n"), 0o600); err != nil {
		return err
	}
	for _, args := range [][]string{
		{"init", "-q", "-b", "main"},
		{"add", "README.md"},
		{"-c", "user.name=user", "-c", "user.email=user@example.com", "-c", "commit.gpgsign=false", "commit", "-q", "-m", "first"},
	} {
		cmd := exec.CommandContext(ctx, "git", args...)
		cmd.Dir = r.repo
		cmd.Env = []string{"PATH=" + os.Getenv("PATH"), "HOME=" + r.home, "GIT_CONFIG_NOSYSTEM=1"}
		if out, err := cmd.CombinedOutput(); err != nil {
			return fmt.Errorf("git %s: %w: %s", args[0], err, strings.TrimSpace(string(out)))
		}
	}
	return nil
}
