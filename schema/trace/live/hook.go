// Package live runs a program to see what it sends to its model: a script that records from inside the program, a
// server that answers in the model's place, and a room without a way out to run it in.
package live

import (
	"bytes"
	_ "embed"
	"os"
	"path/filepath"
	"strings"

	"github.com/bundlens/bundlens/schema/trace/internal/redact"
)

//go:embed hook.cjs
var hookSource []byte

// Hook is the script that records from inside a program, for Node and Bun. Its settings stand in its head.
func Hook() []byte {
	return bytes.Replace(hookSource, []byte("/* RULES */ null"), redact.Table(), 1)
}

// HookEnvironment writes the script to a directory and answers the environment variables that load it, on top of what
// environ has.
func HookEnvironment(environ []string, scriptDir, traceDir string) ([]string, error) {
	script := filepath.Join(scriptDir, "hook.cjs")
	if err := os.WriteFile(script, Hook(), 0o600); err != nil {
		return nil, err
	}
	add := func(name, option string) string {
		if strings.ContainsAny(option, " \t\"\\") {
			option = `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(option) + `"`
		}
		return name + "=" + strings.TrimSpace(lookup(environ, name)+" "+option)
	}
	return []string{
		add("NODE_OPTIONS", "--require="+script),
		add("BUN_OPTIONS", "--preload="+script), // Bun 1.2 reads no other form
		"BUNDLENS_TRACE_DIR=" + traceDir,
	}, nil
}

// lookup finds a variable in a list of them.
func lookup(environ []string, name string) string {
	value := ""
	for _, line := range environ {
		if v, ok := strings.CutPrefix(line, name+"="); ok {
			value = v
		}
	}
	return value
}
