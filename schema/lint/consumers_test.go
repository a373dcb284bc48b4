package lint

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// consumerPackages are what reads the reports.
var consumerPackages = []string{"@microsoft/sarif-multitool@5.7.0", "@actions/core@3.0.1", "junit2json@4.0.0"}

// TestConsumers gives reports to a validator of SARIF, with the rules of GitHub's code scanning too, and to a reader of
// JUnit XML, and compares annotations with those that GitHub's own toolkit writes.
func TestConsumers(t *testing.T) {
	if os.Getenv("BUNDLENS_CONSUMERS") == "" {
		t.Skip("BUNDLENS_CONSUMERS is not set, as .ci/consumers does: it installs packages that read the reports")
	}
	cache, err := os.UserCacheDir()
	if err != nil {
		t.Skip("no cache folder:", err)
	}
	packages := filepath.Join(cache, "bundlens-test", "report-consumers")
	if err := os.MkdirAll(packages, 0o755); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(filepath.Join(packages, "node_modules", "junit2json")); err != nil {
		install := exec.Command("npm", append([]string{"install", "--silent", "--no-audit", "--no-fund", "--prefix", packages}, consumerPackages...)...)
		if out, err := install.CombinedOutput(); err != nil {
			t.Skipf("the consumers can't be had: %v\n%s", err, out)
		}
	}
	dir, err := os.MkdirTemp(packages, "test-")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	r := hostileReport(t)
	for name, write := range map[string]func(*bytes.Buffer) error{
		"lint.sarif":  func(b *bytes.Buffer) error { return r.WriteSARIF(b, "1.2.3") },
		"lint.xml":    func(b *bytes.Buffer) error { return r.WriteJUnit(b, Warning) },
		"report.json": func(b *bytes.Buffer) error { return r.WriteJSON(b) },
		"github.txt":  func(b *bytes.Buffer) error { return r.WriteGitHub(b) },
	} {
		var b bytes.Buffer
		if err := write(&b); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, name), b.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	for _, kind := range []string{"Sarif", "Ghas"} {
		out := command(t, dir, filepath.Join(packages, "node_modules", ".bin", "sarif-multitool"), "validate", "lint.sarif", "--rule-kind", kind)
		if strings.Contains(out, ": error ") || strings.Contains(out, ": warning ") || !strings.Contains(out, "Analysis completed successfully") {
			t.Errorf("the rules %s:\n%s", kind, out)
		}
	}
	script := filepath.Join("testdata", "consumers.mjs")
	text, err := os.ReadFile(script)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "consumers.mjs"), text, 0o644); err != nil {
		t.Fatal(err)
	}
	t.Log(command(t, dir, "node", "consumers.mjs"))
}

func command(t *testing.T, dir, name string, args ...string) string {
	t.Helper()
	cmd := exec.Command(name, args...)
	cmd.Dir = dir
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Errorf("%s: %v\n%s", name, err, out)
	}
	return string(out)
}
