package export

import (
	"encoding/json"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/bundlens/bundlens/schema"
)

// consumerPackages are what reads the formats.
var consumerPackages = []string{"typescript@5.9.3", "zod@4.6.7", "ajv@8.20.0", "@modelcontextprotocol/sdk@1.32.2", "openai@6.49.0",
	"@anthropic-ai/sdk@1.14.0", "@seriousme/openapi-schema-validator@2.11.0", "@redocly/openapi-core@2.64.0"}

// consumers is a folder with the packages installed, in the user's cache.
func consumers(t *testing.T) string {
	t.Helper()
	if os.Getenv("BUNDLENS_CONSUMERS") == "" {
		t.Skip("BUNDLENS_CONSUMERS is not set, as .ci/consumers does: it installs packages that read the formats, and takes a minute")
	}
	npm, err := exec.LookPath("npm")
	if err != nil {
		t.Skip("npm can't be had:", err)
	}
	cache, err := os.UserCacheDir()
	if err != nil {
		t.Skip("no cache folder:", err)
	}
	dir := filepath.Join(cache, "bundlens-test", "consumers")
	marker := filepath.Join(dir, "installed")
	want := strings.Join(consumerPackages, "\n")
	if have, err := os.ReadFile(marker); err == nil && string(have) == want {
		return dir
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	install := exec.Command(npm, append([]string{"install", "--silent", "--no-audit", "--no-fund", "--prefix", dir}, consumerPackages...)...)
	if out, err := install.CombinedOutput(); err != nil {
		t.Skipf("the consumers can't be had: %v\n%s", err, out)
	}
	if err := os.WriteFile(marker, []byte(want), 0o644); err != nil {
		t.Fatal(err)
	}
	return dir
}

// exported writes a Document in all formats to a folder beside the consumers' packages, so that they are found.
func exported(t *testing.T, consumers string, doc *schema.Document) string {
	t.Helper()
	dir, err := os.MkdirTemp(consumers, "test-")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	p, err := New(doc, Options{})
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range Formats {
		text, err := f.Write(p)
		if err != nil {
			t.Fatal(err)
		}
		write(t, filepath.Join(dir, f.Name+f.Extension), text)
	}
	files, err := jsonSchemaFiles(p)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		write(t, filepath.Join(dir, "schemas", f.Name), f.Text)
	}
	write(t, filepath.Join(dir, "package.json"), []byte(`{"type":"module"}`))
	return dir
}

func write(t *testing.T, path string, text []byte) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, text, 0o644); err != nil {
		t.Fatal(err)
	}
}

// run runs a consumer in a folder.
func run(t *testing.T, dir string, command ...string) {
	t.Helper()
	cmd := exec.Command(command[0], command[1:]...)
	cmd.Dir = dir
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Errorf("%s: %v\n%.6000s", strings.Join(command, " "), err, out)
	} else {
		t.Logf("%s", out)
	}
}

// TestConsumers gives what a hostile Document is exported to to the programs that the formats are for.
func TestConsumers(t *testing.T) {
	packages := consumers(t)
	dir := exported(t, packages, hostileDocument())
	scripts, err := filepath.Abs(filepath.Join("testdata", "consumers"))
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"schemas.mjs", "mcp.mjs", "openapi.mjs", "values.mjs", "vendors.ts"} {
		text, err := os.ReadFile(filepath.Join(scripts, name))
		if err != nil {
			t.Fatal(err)
		}
		write(t, filepath.Join(dir, name), text)
	}
	wrapJSON(t, dir, "anthropic")
	wrapJSON(t, dir, "openai")
	wrapJSON(t, dir, "openai-responses")
	tsc := filepath.Join(packages, "node_modules", ".bin", "tsc")
	t.Run("tsc", func(t *testing.T) {
		run(t, dir, tsc, "--strict", "--noUncheckedIndexedAccess", "--target", "es2022", "--module", "nodenext", "--skipLibCheck", "--outDir", "built",
			"typescript.ts", "zod.ts", "vendors.ts")
	})
	for _, script := range []string{"schemas.mjs", "mcp.mjs", "openapi.mjs"} {
		t.Run(script, func(t *testing.T) { run(t, dir, "node", script) })
	}
	t.Run("values", func(t *testing.T) { run(t, dir, "node", "values.mjs", pydantic(t)) })
}

// wrapJSON writes a list of tools as a module, so that the vendor's types are checked against it.
func wrapJSON(t *testing.T, dir, name string) {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(dir, name+".json"))
	if err != nil {
		t.Fatal(err)
	}
	types := map[string]string{
		"anthropic":        `import type { Tool as T } from "@anthropic-ai/sdk/resources/messages";`,
		"openai":           `import type { ChatCompletionTool as T } from "openai/resources/chat/completions";`,
		"openai-responses": `import type { FunctionTool as T } from "openai/resources/responses/responses";`,
	}
	write(t, filepath.Join(dir, name+".ts"), []byte(types[name]+"\nexport const tools: T[] = "+string(text)+";\n"))
}

// pydantic is a Python that has pydantic 2: that of the variable BUNDLENS_PYTHON, or the one of the path; empty, which
// is said, where there is none.
func pydantic(t *testing.T) string {
	t.Helper()
	for _, python := range []string{os.Getenv("BUNDLENS_PYTHON"), "python3"} {
		if python == "" {
			continue
		}
		out, err := exec.Command(python, "-c", "import pydantic; print(pydantic.VERSION)").CombinedOutput()
		if err == nil && strings.HasPrefix(string(out), "2.") {
			return python
		}
		var missing *exec.Error
		if python != "python3" && errors.As(err, &missing) {
			t.Fatal(err)
		}
	}
	t.Log("pydantic 2 can't be had: the models in Python are not run")
	return ""
}

// TestSameBytes asserts that formats are the same for the same Document.
func TestSameBytes(t *testing.T) {
	a, err := New(hostileDocument(), Options{})
	if err != nil {
		t.Fatal(err)
	}
	b, _ := New(hostileDocument(), Options{})
	for _, f := range Formats {
		x, err := f.Write(a)
		if err != nil {
			t.Fatal(err)
		}
		again, _ := f.Write(a)
		y, _ := f.Write(b)
		if string(x) != string(y) || string(x) != string(again) {
			t.Errorf("%s differs", f.Name)
		}
		if strings.HasPrefix(f.Extension, ".json") {
			for line := range strings.SplitSeq(strings.TrimSpace(string(x)), map[bool]string{true: "\n", false: "\x00"}[f.Name == "jsonl"]) {
				if !json.Valid([]byte(line)) {
					t.Errorf("%s is no JSON: %.200s", f.Name, line)
				}
			}
		}
	}
}
