package live

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"regexp"
	"testing"
	"time"

	"github.com/bundlens/bundlens/internal/campaign"
	"github.com/bundlens/bundlens/schema/trace"
)

// TestTruth runs published programs offline and compares the tools that they send with what is known of them. The
// programs are those below the directory BUNDLENS_PROGRAMS, as VERSION/package, or those that the score has fetched.
func TestTruth(t *testing.T) {
	campaign.Need(t, "it runs published programs")
	for _, version := range []string{"2.1.50", "2.1.112", "2.1.330"} {
		command, err := publishedProgram(t, version)
		if err != nil {
			t.Logf("%s: skipped: %v", version, err)
			continue
		}
		for _, mode := range []string{ModePrint, ModeInteractive} {
			t.Run(version+" "+mode, func(t *testing.T) {
				want := wireTools(t, version, mode)
				got := sentTools(t, command, mode)
				if len(want) == 0 || len(got) != len(want) {
					t.Errorf("%d tools, want %d", len(got), len(want))
				}
				equal := 0
				for name := range want {
					if reflect.DeepEqual(got[name], want[name]) {
						equal++
						continue
					}
					t.Errorf("%s differs", name)
				}
				t.Logf("%d of %d tools are equal", equal, len(want))
			})
		}
	}
}

// wireTools are the tools that a version is known to send in a mode.
func wireTools(t *testing.T, version, mode string) map[string]any {
	f, err := os.Open(filepath.Join("..", "..", "..", "..", "shared", "truth", version+".json.gz"))
	if err != nil {
		t.Skipf("what %s sends is not here: %v", version, err)
	}
	defer f.Close()
	zip, err := gzip.NewReader(f)
	if err != nil {
		t.Fatal(err)
	}
	var truth struct {
		Tools []map[string]any
		Modes map[string]struct{ Requests []struct{ Tools []int } }
	}
	if err := json.NewDecoder(zip).Decode(&truth); err != nil {
		t.Fatal(err)
	}
	out := map[string]any{}
	for _, r := range truth.Modes[mode].Requests {
		for _, i := range r.Tools {
			out[truth.Tools[i]["name"].(string)] = undated(truth.Tools[i])
		}
	}
	return out
}

// month is a month as programs write the one of today.
var month = regexp.MustCompile(`(January|February|March|April|May|June|July|August|September|October|November|December) 20[0-9]{2}`)

// undated is a tool without the month in which it was sent.
func undated(tool map[string]any) map[string]any {
	if text, ok := tool["description"].(string); ok {
		tool["description"] = month.ReplaceAllString(text, "MONTH")
	}
	return tool
}

// sentTools runs a program and answers the tools that it sent.
func sentTools(t *testing.T, command []string, mode string) map[string]any {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	var notes bytes.Buffer
	run := &Run{Command: command, Dir: t.TempDir(), Offline: true, Sandbox: true, Mode: mode, Prompt: "hi", Profile: DefaultProfile(),
		Timeout: 90 * time.Second, Self: self, Stdout: &notes, Stderr: &notes}
	report, err := run.Do(context.Background())
	if errors.Is(err, ErrNoSandbox) {
		t.Skip(err)
	}
	if err != nil {
		t.Fatal(err)
	}
	for _, i := range report.Network {
		if i.Name != "lo" && (i.Up || i.SentBytes+i.ReceivedBytes > 0) {
			t.Errorf("not only loopback: %+v", i)
		}
	}
	if !report.Sandboxed || len(report.Network) == 0 {
		t.Errorf("no counters: %+v", report)
	}
	out := map[string]any{}
	_, err = trace.Read(context.Background(), []string{run.Dir}, trace.Options{}, func(c *trace.Capture) error {
		for _, tool := range c.Tools {
			var v map[string]any
			if err := json.Unmarshal(tool.Raw, &v); err != nil {
				return err
			}
			delete(v, "cache_control")
			out[tool.Name] = undated(v)
		}
		return nil
	})
	if err != nil {
		t.Fatalf("%v\n%s\n%s", err, report.Screen, &notes)
	}
	return out
}

// publishedProgram answers the command of a version.
func publishedProgram(t *testing.T, version string) ([]string, error) {
	var dirs []string
	if below := os.Getenv("BUNDLENS_PROGRAMS"); below != "" {
		dirs = append(dirs, filepath.Join(below, version, "package"))
	}
	var floors struct{ Package string }
	data, err := os.ReadFile(filepath.Join("..", "..", "..", "testdata", "score-floors.json"))
	if err != nil || json.Unmarshal(data, &floors) != nil {
		return nil, errors.New("the list of programs is not here")
	}
	if cache, err := os.UserCacheDir(); err == nil {
		for _, name := range []string{floors.Package + "-linux-x64", floors.Package} {
			dirs = append(dirs, filepath.Join(cache, "bundlens", "npm", url.PathEscape(name)+"@"+version, "package"))
		}
	}
	node, nodeErr := exec.LookPath("node")
	for _, dir := range dirs {
		if program := filepath.Join(dir, "claude"); isFile(program) {
			program, err := executable(t, program)
			return []string{program}, err
		}
		if script := filepath.Join(dir, "cli.js"); isFile(script) {
			return []string{node, script}, nodeErr
		}
	}
	return nil, errors.New("the program is not here")
}

// executable answers a program that may be run: one that was fetched to be read only is copied.
func executable(t *testing.T, program string) (string, error) {
	info, err := os.Stat(program)
	if err != nil || info.Mode().Perm()&0o100 != 0 {
		return program, err
	}
	in, err := os.Open(program)
	if err != nil {
		return "", err
	}
	defer in.Close()
	copied := filepath.Join(t.TempDir(), filepath.Base(program))
	out, err := os.OpenFile(copied, os.O_CREATE|os.O_WRONLY, 0o755)
	if err != nil {
		return "", err
	}
	_, err = io.Copy(out, in)
	return copied, errors.Join(err, out.Close())
}

func isFile(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.Mode().IsRegular()
}
