package eval

import (
	"testing"

	"github.com/bundlens/bundlens/analyzer/internal/scope"
)

// TestFilesBeside evaluates what a program reads by where its own modules lie, in the ways in which programs name that.
func TestFilesBeside(t *testing.T) {
	files := map[string]string{"prompts/a.md": "first", "prompts/b.md": "second", "dist/own.md": "own", "top.txt": "top"}
	folder := func(name string) ([]string, bool) {
		return []string{"b.md", "a.md", "more/"}, name == "prompts"
	}
	const program = `
import fs, {readFileSync as read, readdirSync, existsSync, promises} from "node:fs"; import {readFile} from "fs/promises";
import path, {join, dirname, resolve} from "path"; import {fileURLToPath, URL as Address} from "url"; import {createRequire} from "module";
const file = fileURLToPath(import.meta.url), dir = dirname(file), root = resolve(dir, "..");
var outURL = read(new URL("../prompts/a.md", import.meta.url), "utf8"), outJoin = read(join(dir, "..", "prompts", "a.md")).toString();
var outPathname = read(new Address("../prompts/a.md", import.meta.url).pathname, "utf8"), outResolve = read(resolve(root, "prompts", "a.md"), "utf8");
var outFilename = read(__filename + "/../../prompts/a.md", "utf8"), outTemplate = read(` + "`${__dirname}/../prompts/a.md`" + `, "utf8");
var outMeta = read(path.join(import.meta.dirname, "../prompts/a.md"), "utf8"), outBun = Bun.file(import.meta.dir + "/../prompts/a.md").text();
var folderURL = new URL("../prompts/", import.meta.url), outNested = read(new URL("a.md", folderURL), "utf8"), outHref = read(fileURLToPath(folderURL.href + "a.md"), "utf8");
var outLater = (async () => await promises.readFile(new URL("../prompts/a.md", import.meta.url), {encoding: "utf8"}))(), outThere = existsSync(join(root, "prompts/a.md")) ? "first" : "";
var outResolved = read(fileURLToPath(import.meta.resolve("../prompts/a.md")), "utf8");
var listed = readdirSync(join(root, "prompts")).filter((n) => n.endsWith(".md")).map((n) => read(join(root, "prompts", n), "utf8")).join(" ");
var entries = fs.readdirSync(join(root, "prompts"), {withFileTypes: true}).filter((e) => e.isFile()).map((e) => e.name).join(" ");
var base = path.basename(file), absolute = path.isAbsolute(dir);
var whichMain = file === process.argv[1], outside = join(dir, "..", "..", "other.md"), missing = read(join(dir, "missing.md"), "utf8"), elsewhere = existsSync(join(dir, "missing.md"));
var remote = new URL("https://example.com/x").href;
`
	p := scope.New([]scope.Source{{Name: "dist/main.js", Text: []byte(program)}}, func(int, string, scope.ImportKind) (int, bool) { return 0, false })
	m := New(p, Config{Folder: folder, Asset: func(_, name string) (string, []byte, bool) { s, ok := files[name]; return name, []byte(s), ok }})
	value := func(name string) Value { return m.settled(m.force(m.global(p.Modules[0], -1, name))) }
	want := map[string]Value{"listed": String("first second"), "entries": String("a.md b.md"), "base": String("main.js"), "absolute": Bool(true)}
	for _, name := range []string{"URL", "Join", "Pathname", "Resolve", "Filename", "Template", "Meta", "Bun", "Nested", "Href", "Later", "There", "Resolved"} {
		want["out"+name] = String("first")
	}
	for name, want := range want {
		if got := value(name); got != want {
			t.Errorf("%s is %s, want %s", name, m.Describe(got), m.Describe(want))
		}
	}
	for _, name := range []string{"whichMain", "outside", "missing", "elsewhere", "remote"} {
		if v := value(name); !isUnknown(v) {
			t.Errorf("%s is %s, though nothing says so", name, m.Describe(v))
		}
	}
}
