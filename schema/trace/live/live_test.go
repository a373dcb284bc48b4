package live

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/bundlens/bundlens/schema/trace"
)

// TestMain makes the test's own executable the process in the sandbox, and the program that is run.
func TestMain(m *testing.M) {
	if slices.Equal(os.Args[1:], InsideArgs) {
		plans, reports := InsideFiles()
		if err := Inside(context.Background(), plans, reports, os.Stdin, os.Stdout, os.Stderr); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(2)
		}
		os.Exit(0)
	}
	if len(os.Args) > 1 && roles[os.Args[1]] != nil {
		os.Exit(roles[os.Args[1]](os.Args[2:]))
	}
	os.Exit(m.Run())
}

// roles are what the test's own executable can be run as.
var roles = map[string]func(args []string) int{"program": program}

// program sends one request with what it knows, as its arguments say.
func program(args []string) int {
	if slices.Contains(args, "hang") {
		time.Sleep(time.Minute)
	}
	said := "nothing"
	if slices.Contains(args, "ask") { // in a terminal
		fmt.Print("> ")
		line := make([]byte, 100)
		n, _ := os.Stdin.Read(line)
		said = strings.TrimSpace(string(line[:n]))
	}
	reached := "not reached"
	if c, err := net.DialTimeout("tcp", "192.0.2.1:80", 2*time.Second); err == nil {
		c.Close()
		reached = "reached"
	}
	branch, _ := exec.Command("git", "branch", "--show-current").Output()
	home, _ := os.ReadFile(filepath.Join(os.Getenv("HOME"), ".settings.json"))
	body, _ := json.Marshal(map[string]any{"model": "m", "stream": slices.Contains(args, "stream"), "tools": []any{map[string]any{"name": "Look", "input_schema": map[string]any{}}},
		"messages": []any{map[string]any{"role": "user", "content": fmt.Sprintf("%s; %s; on %s; %s; %s; %s", said, reached, branch, home, os.Getenv("EXTRA"), os.Getenv("OWN_SECRET"))}}})
	req, _ := http.NewRequest(http.MethodPost, os.Getenv("TEST_URL")+"/v1/messages", bytes.NewReader(body))
	req.Header.Set("X-Api-Key", os.Getenv("TEST_KEY"))
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 3
	}
	text, _ := io.ReadAll(res.Body)
	fmt.Printf("%d %s\n", res.StatusCode, text)
	if slices.Contains(args, "ask") {
		time.Sleep(time.Minute) // waits for more, as such programs do
	}
	return 0
}

const testProfile = `{"paths":["/v1/messages"],"keyPrefix":"k-","environment":{"TEST_URL":"${URL}","TEST_KEY":"${KEY}"},
 "files":{".settings.json":{"repo ${PROMPT}":"at ${REPO}"}},"print":["stream"],"interactive":["ask"],
 "mcp":{"arguments":["--servers","${TMP}/m.json"],"file":"m.json","content":{"command":"${SELF}"}}}`

// offline runs the test's program and answers what it sent.
func offline(t *testing.T, change func(*Run), args ...string) (*Report, *trace.Set, string, error) {
	t.Helper()
	if _, err := exec.LookPath("git"); err != nil {
		t.Skip("git is not here")
	}
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	run := &Run{Command: append([]string{self, "program"}, args...), Dir: t.TempDir(), Offline: true, Sandbox: true, Prompt: "how are you",
		Profile: []byte(testProfile), Timeout: 30 * time.Second, Self: self, Stdout: &out, Stderr: &out}
	change(run)
	report, err := run.Do(context.Background())
	if errors.Is(err, ErrNoSandbox) {
		t.Skipf("network namespaces can't be had here: %v", err)
	}
	if err != nil {
		return nil, nil, out.String(), err
	}
	set, err := trace.Collect(context.Background(), []string{run.Dir}, trace.Options{})
	if err != nil && !errors.Is(err, trace.ErrNoCaptures) {
		t.Fatal(err)
	}
	return report, set, out.String(), nil
}

// said is what the program wrote in its message.
func said(t *testing.T, set *trace.Set) string {
	t.Helper()
	var text string
	trace.Read(context.Background(), []string{filepath.Dir(set.Requests[0].File)}, trace.Options{}, func(c *trace.Capture) error {
		text = c.Messages[0].Content[0].Text
		return nil
	})
	return text
}

func TestSandbox(t *testing.T) {
	t.Setenv("OWN_SECRET", "of the user")
	report, set, out, err := offline(t, func(r *Run) { r.Mode, r.Env = ModePrint, []string{"EXTRA=more in ${REPO}"} })
	if err != nil {
		t.Fatal(err)
	}
	if !report.Sandboxed || report.ExitCode != 0 || len(set.Requests) != 1 || !set.Requests[0].Stream || !strings.Contains(out, "message_stop") {
		t.Fatalf("%+v, %+v, %s", report, set, out)
	}
	// The namespace's own counters: nothing but loopback carried anything.
	carried := int64(0)
	for _, i := range report.Network {
		if i.Name == "lo" {
			carried = i.SentBytes
		} else if i.Up || i.SentBytes+i.ReceivedBytes > 0 {
			t.Errorf("%+v", i)
		}
	}
	if carried == 0 {
		t.Errorf("loopback carried nothing: %+v", report.Network)
	}
	text := said(t, set)
	for _, want := range []string{"not reached", "on main", "repo how are you", "/demo", "more in /"} {
		if !strings.Contains(text, want) {
			t.Errorf("%q is not in %q", want, text)
		}
	}
	if strings.Contains(text, "of the user") {
		t.Errorf("the user's environment was there: %s", text)
	}
}

func TestInteractive(t *testing.T) {
	report, set, _, err := offline(t, func(r *Run) { r.Mode = ModeInteractive })
	if err != nil {
		t.Fatal(err)
	}
	if !report.Ended || report.TimedOut || len(set.Requests) != 1 || !strings.HasPrefix(said(t, set), "how are you") || !strings.Contains(report.Screen, ">") {
		t.Errorf("%+v, %+v", report, set)
	}
}

func TestTimeout(t *testing.T) {
	report, set, _, err := offline(t, func(r *Run) { r.Mode, r.Timeout = ModePrint, 300*time.Millisecond }, "hang")
	if err != nil || !report.TimedOut || set != nil {
		t.Errorf("%+v, %+v, %v", report, set, err)
	}
}

func TestWithoutSandbox(t *testing.T) {
	var dir string
	report, set, _, err := offline(t, func(r *Run) { r.Sandbox, r.MCPStub, dir = false, true, r.Dir }, "--password=typed-by-the-user")
	if err != nil || report.Sandboxed || len(set.Requests) != 1 || set.Requests[0].Stream {
		t.Errorf("%+v, %+v, %v", report, set, err)
	}
	written, err := os.ReadFile(filepath.Join(dir, trace.RunFile))
	if err != nil || bytes.Contains(written, []byte("typed-by-the-user")) {
		t.Errorf("a secret of the command line is on disk: %s, %v", written, err)
	}
}

func TestRunErrors(t *testing.T) {
	for want, change := range map[string]func(*Run){
		"not found":     func(r *Run) { r.Command = []string{"./missing-program"} },
		"no command":    func(r *Run) { r.Command = nil },
		"unknown field": func(r *Run) { r.Profile = []byte(`{"enviroment":{}}`) },
		"outside":       func(r *Run) { r.Profile = []byte(`{"files":{"../../x":{}}}`) },
		"does not say":  func(r *Run) { r.Profile, r.MCPStub = []byte(`{}`), true },
	} {
		_, _, _, err := offline(t, change)
		if err == nil || !strings.Contains(err.Error(), want) && !errors.Is(err, os.ErrNotExist) {
			t.Errorf("%s: got %v", want, err)
		}
	}
	for _, addr := range []string{"0.0.0.0:0", "192.0.2.1:80", "example.com:80", ":80"} {
		if l, err := Listen(addr); err == nil {
			l.Close()
			t.Errorf("%s: listens", addr)
		}
	}
}

func TestMCP(t *testing.T) {
	in := `{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"x"}}
{"jsonrpc":"2.0","method":"notifications/initialized"}
{"jsonrpc":"2.0","id":"a","method":"tools/list"}
nothing
{"jsonrpc":"2.0","id":3,"method":"bogus"}
`
	var out bytes.Buffer
	if err := ServeMCP(strings.NewReader(in), &out); err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(strings.TrimSpace(out.String()), "\n")
	if len(lines) != 3 || !strings.Contains(lines[0], `"protocolVersion":"x"`) || !strings.Contains(lines[1], `"name":"echo"`) || !strings.Contains(lines[2], "-32601") {
		t.Errorf("got %s", &out)
	}
}

func TestServer(t *testing.T) {
	dir := t.TempDir()
	s := &Server{Record: &trace.Recorder{Dir: dir}}
	listener, err := Listen("localhost:0")
	if err != nil {
		t.Fatal(err)
	}
	web := &http.Server{Handler: s}
	go web.Serve(listener)
	defer web.Close()
	base := "http://" + listener.Addr().String()
	for _, c := range []struct {
		method, path, body string
		status             int
		says               string
	}{
		{"POST", "/v1/messages", `{"model":"m","messages":[]}`, 200, `"stop_reason":"end_turn"`},
		{"POST", "/v1/messages?beta=true", `{"model":"m","stream":true,"messages":[]}`, 200, "event: message_stop"},
		{"POST", "/v1/chat/completions", `{"model":"m","messages":[]}`, 200, `"finish_reason":"stop"`},
		{"POST", "/v1/chat/completions", `{"model":"m","stream":true,"messages":[]}`, 200, "data: [DONE]"},
		{"POST", "/v1/responses", `{"model":"m","input":"hi"}`, 200, `"status":"completed"`},
		{"POST", "/v1/responses", `{"model":"m","stream":true,"input":"hi"}`, 200, "event: response.completed"},
		{"POST", "/v1beta/models/gem:generateContent", `{"contents":[]}`, 200, `"modelVersion":"gem"`},
		{"POST", "/v1beta/models/gem:streamGenerateContent", `{"contents":[]}`, 200, `[{"candidates"`},
		{"POST", "/v1beta/models/gem:streamGenerateContent?alt=sse", `{"contents":[]}`, 200, `data: {"candidates"`},
		{"POST", "/v1/messages", `{`, 400, "invalid_request_error"},
		{"POST", "/v1/messages/count_tokens", `{}`, 200, "input_tokens"},
		{"GET", "/v1/messages", ``, 404, "not_found_error"},
		{"HEAD", "/", ``, 200, ""},
	} {
		req, _ := http.NewRequest(c.method, base+c.path, strings.NewReader(c.body))
		res, err := http.DefaultClient.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		text, _ := io.ReadAll(res.Body)
		res.Body.Close()
		if res.StatusCode != c.status || !strings.Contains(string(text), c.says) {
			t.Errorf("%s %s: %d %s", c.method, c.path, res.StatusCode, text)
		}
	}
	set, err := trace.Collect(context.Background(), []string{dir}, trace.Options{})
	if err != nil || len(set.Requests) != 10 || len(s.Others()) != 3 {
		t.Errorf("%v, %+v, %v", err, set, s.Others())
	}
	if events := set.Requests[1].Answer; !events.Complete || len(events.Events) != 6 {
		t.Errorf("the stream: %+v", events)
	}
}
