// Package oracletest prepares the oracle of schema conversions, the real library, for the tests that compare with it.
package oracletest

import (
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

// Dir returns a directory with the oracle installed and its expectations written, after the given scripts of it have
// run too. It skips the test in short mode, and where the oracle or what it needs can't be had. The variable
// ZOD_ORACLE names a directory that is ready. The caller's package stands two levels below the checkout's root.
func Dir(t *testing.T, scripts ...string) string {
	t.Helper()
	if testing.Short() {
		t.Skip("short: the oracle runs the real library")
	}
	if dir := os.Getenv("ZOD_ORACLE"); dir != "" {
		return dir
	}
	from := filepath.Join("..", "..", "..", "shared", "zod")
	if _, err := os.Stat(filepath.Join(from, "package.json")); err != nil {
		t.Skip("no oracle at ../shared/zod of the checkout")
	}
	for _, tool := range []string{"node", "npm"} {
		if _, err := exec.LookPath(tool); err != nil {
			t.Skip(tool + " isn't here, which the oracle needs")
		}
	}
	dir := t.TempDir()
	if err := os.CopyFS(dir, os.DirFS(from)); err != nil {
		t.Fatal(err)
	}
	commands := [][]string{
		{"npm", "install", "--no-audit", "--no-fund"},
		{"node", "expected.mjs"},
		{"node", "expected.mjs", "--flavour", "v3", "--v3-refs", "root"},
	}
	for _, script := range scripts {
		commands = append(commands, []string{"node", script})
	}
	for _, cmd := range commands {
		c := exec.Command(cmd[0], cmd[1:]...)
		c.Dir = dir
		if out, err := c.CombinedOutput(); err != nil {
			t.Skipf("%v: %v\n%s", cmd, err, out)
		}
	}
	return dir
}
