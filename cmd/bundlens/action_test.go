package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"go.yaml.in/yaml/v4"
)

// action is action.yml as far as the test reads it.
type action struct {
	Inputs map[string]struct{ Default string }
	Runs   struct {
		Steps []struct {
			Name, Run string
			Env       map[string]string
		}
	}
}

// TestConsumerAction runs the scripts of the composite action as a runner does, on programs with and without findings.
func TestConsumerAction(t *testing.T) {
	if os.Getenv("BUNDLENS_CONSUMERS") == "" {
		t.Skip("BUNDLENS_CONSUMERS is not set, as .ci/consumers does: it builds the program anew")
	}
	root, err := filepath.Abs(filepath.Join("..", ".."))
	if err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(filepath.Join(root, "action.yml"))
	if err != nil {
		t.Fatal(err)
	}
	var a action
	if err := yaml.Unmarshal(text, &a); err != nil {
		t.Fatal(err)
	}
	temp := t.TempDir()
	for _, c := range []struct {
		failOn, source string
		code           int
		findings       string
	}{
		{"error", `var a={name:"Look",description:"Looks",inputSchema:{type:"object",properties:{}},call(){}};console.log(a)`, 0, "findings=0\n"},
		{"warning", `var a={name:"Look",description:"Looks",inputSchema:{type:"object",properties:{}},call(){}};console.log(a)`, 1, "findings=6\n"},
		{"error", `console.log("inputSchema")`, 0, "findings=0\n"},
	} {
		dir := t.TempDir()
		if err := os.Mkdir(filepath.Join(dir, "dist $(x)"), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, "dist $(x)", "cli.js"), []byte(c.source), 0o644); err != nil {
			t.Fatal(err)
		}
		given := map[string]string{"input": "dist $(x)/cli.js", "fail-on": c.failOn, "junit": "lint.xml", "output": "out"}
		code := 0
		for _, step := range a.Runs.Steps {
			if step.Run == "" {
				continue
			}
			cmd := exec.Command("bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", step.Run)
			cmd.Dir = dir
			cmd.Env = append(os.Environ(), "GITHUB_ACTION_PATH="+root, "RUNNER_TEMP="+temp, "GITHUB_OUTPUT="+filepath.Join(dir, "outputs"),
				"GITHUB_STEP_SUMMARY="+filepath.Join(dir, "summary.md"))
			for name, value := range step.Env {
				key := strings.TrimSuffix(strings.TrimPrefix(value, "${{ inputs."), " }}")
				v, ok := given[key]
				if !ok {
					v = a.Inputs[key].Default
				}
				cmd.Env = append(cmd.Env, name+"="+v)
			}
			out, err := cmd.CombinedOutput()
			t.Logf("%s: %v\n%s", step.Name, err, out)
			code = cmd.ProcessState.ExitCode()
		}
		outputs, _ := os.ReadFile(filepath.Join(dir, "outputs"))
		if code != c.code || string(outputs) != "sarif=bundlens.sarif\n"+c.findings {
			t.Errorf("%s: ended with %d and %q, want %d and %s", c.failOn, code, outputs, c.code, c.findings)
		}
		for _, name := range []string{"bundlens.sarif", "lint.xml", "out/intel.json", "summary.md"} {
			if info, err := os.Stat(filepath.Join(dir, name)); err != nil || info.Size() == 0 {
				t.Errorf("%s is not written: %v", name, err)
			}
		}
	}
}
