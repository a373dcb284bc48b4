package main

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// completed are the words that the program offers for the last of some words.
func completed(t *testing.T, words ...string) string {
	t.Helper()
	var stdout, stderr bytes.Buffer
	if code := Run(append(words, completionFlag()), strings.NewReader(""), &stdout, &stderr); code != exitClean || stderr.Len() > 0 {
		t.Fatalf("%q: exit %d, %s", words, code, &stderr)
	}
	var list []string
	for line := range strings.Lines(stdout.String()) {
		word, _, ok := strings.Cut(line, "\t")
		if !ok {
			t.Errorf("%q: no tab in %q", words, line)
		}
		list = append(list, word)
	}
	return strings.Join(list, " ")
}

// TestCompletion completes commands, flags, values of flags, and what the caches know.
func TestCompletion(t *testing.T) {
	cache := t.TempDir()
	t.Setenv("XDG_CACHE_HOME", cache)
	for _, dir := range []string{"@tern%2Fmcp@1.0.0", "@tern%2Fmcp@1.2.0", "@tern%2Fmcp@1.2.0+dependencies", "tern@2.0.0"} {
		if err := os.MkdirAll(filepath.Join(cache, "bundlens", "npm", dir), 0o777); err != nil {
			t.Fatal(err)
		}
	}
	report := t.TempDir()
	if err := os.WriteFile(filepath.Join(report, "tool-schemas.json"), []byte(`[{"name":"Look"},{"name":"Leap"},{"name":"見る"}]`), 0o666); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ line, want string }{
		{"an|", "analyze"},
		{"re|", "render"},
		{"trace r|", "run"},
		{"completion |", "bash zsh fish powershell"},
		{"export --to json|", "json-schema jsonl"},
		{"analyze --facts e|", "environment"},
		{"analyze --mod|", "--mode"},
		{"analyze --mode |", "interactive print"},
		{"--color a|", "auto always"},
		{"analyze --mode=print n|", "npm:@tern/mcp@1.0.0 npm:@tern/mcp@1.2.0 npm:tern@2.0.0"},
		{"schemas npm:@tern/mcp@1.2|", "npm:@tern/mcp@1.2.0"},
		{"schemas " + report + " L|", "Look Leap"},
		{"explain " + report + " |", "Look Leap 見る"},
		{"render " + report + " --without Le|", "Leap"},
		{"analyze cli|", ""},
		{"analyze -- --mo|", ""},
	} {
		line := strings.TrimSuffix(c.line, "|")
		if got := completed(t, strings.Split(line, " ")...); got != c.want {
			t.Errorf("%s: got %q, want %q", c.line, got, c.want)
		}
	}
	if got := completed(t); !strings.Contains(got, "analyze") {
		t.Errorf("nothing typed: %s", got)
	}
}

// TestCompletionInBash has bash complete with the script, also words with colons, at which it ends words.
func TestCompletionInBash(t *testing.T) {
	bash, err := exec.LookPath("bash")
	if err != nil {
		t.Skip("bash is not here")
	}
	var script, stderr bytes.Buffer
	if code := Run([]string{"completion", "bash"}, strings.NewReader(""), &script, &stderr); code != exitClean {
		t.Fatal(&stderr)
	}
	for line, want := range map[string]string{
		"bundlens an":          "analyze",
		"bundlens get npm:ter": "tern@1.0.0",
		"bundlens get x ":      "extra",
	} {
		test := script.String() + `
bundlens() { [[ ${!#} == ` + completionFlag() + ` ]] || return; printf 'analyze\tit says\nnpm:tern@1.0.0\t\n'; [[ $# == 4 ]] && printf 'extra\t\n'; }
COMP_LINE='` + line + `' COMP_POINT=${#COMP_LINE}
_bundlens; printf '%s\n' "${COMPREPLY[@]}"`
		out, err := exec.Command(bash, "-c", test).CombinedOutput()
		if got := strings.TrimSpace(string(out)); err != nil || line != "bundlens get x " && got != want || !strings.Contains(got, want) {
			t.Errorf("%q: got %q, %v, want %q", line, got, err, want)
		}
	}
}

// shellScript is a shell that is here, and the script for it; the test is skipped where the shell is not.
func shellScript(t *testing.T, name string) (shell, script string) {
	t.Helper()
	shell, err := exec.LookPath(name)
	if err != nil {
		t.Skipf("%s is not here", name)
	}
	var out, stderr bytes.Buffer
	if code := Run([]string{"completion", name}, strings.NewReader(""), &out, &stderr); code != exitClean {
		t.Fatal(&stderr)
	}
	return shell, out.String()
}

// TestCompletionInFish has fish complete: files only where the program offers nothing.
func TestCompletionInFish(t *testing.T) {
	fish, script := shellScript(t, "fish")
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "cli.js"), nil, 0o666); err != nil {
		t.Fatal(err)
	}
	for line, want := range map[string]string{
		"bundlens analyze --mode ": "interactive\nprint\tasked",
		"bundlens analyze ":        "cli.js",
	} {
		stub := "function bundlens; string match -q -- --mode $argv[2]; and printf 'interactive\\t\\nprint\\tasked\\n'; true; end\n"
		cmd := exec.Command(fish, "--no-config", "-c", stub+script+"complete -C '"+line+"'")
		cmd.Dir = dir
		cmd.Env = append(cmd.Environ(), "HOME="+dir)
		out, err := cmd.CombinedOutput()
		if got := strings.TrimSpace(string(out)); err != nil || got != want {
			t.Errorf("%q: got %q, %v, want %q", line, got, err, want)
		}
	}
}

// TestCompletionInZsh loads the script as zsh does when somebody completes for the first time, with zsh's own parts in short.
func TestCompletionInZsh(t *testing.T) {
	zsh, script := shellScript(t, "zsh")
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "_bundlens"), []byte(script), 0o666); err != nil {
		t.Fatal(err)
	}
	const parts = `_describe() { print -rl -- "${(@P)3}" }
_files() { print files }
compdef() { print compdef }
bundlens() { [[ $2 == --mode ]] && printf 'interactive\t\nprint\tasked\n'; true }
fpath=(. $fpath); autoload -U _bundlens
`
	for words, want := range map[string]string{
		"bundlens analyze --mode ''": "interactive:\nprint:asked",
		"bundlens analyze ''":        "files",
	} {
		cmd := exec.Command(zsh, "-f", "-c", parts+"words=("+words+"); CURRENT=${#words}; _bundlens")
		cmd.Dir = dir
		out, err := cmd.CombinedOutput()
		if got := strings.TrimSpace(string(out)); err != nil || got != want {
			t.Errorf("%s: got %q, %v, want %q", words, got, err, want)
		}
	}
}
