package eval

import (
	"testing"

	"github.com/klauspost/compress/zstd"

	"github.com/bundlens/bundlens/analyzer/internal/scope"
)

// TestAssets evaluates what a program reads of the files that it carries with it.
func TestAssets(t *testing.T) {
	encoder, err := zstd.NewWriter(nil)
	if err != nil {
		t.Fatal(err)
	}
	files := map[string][]byte{
		"/root/plain.md":      []byte("# Plain\n"),
		"/root/packed.md.zst": encoder.EncodeAll([]byte("# Packed\n"), nil),
		"/root/broken.zst":    []byte("\x28\xb5\x2f\xfdnothing"),
		"/root/facts.json":    []byte(`{"limit": 3}`),
		"/root/picture.png":   {0x89, 'P', 'N', 'G', 0xff},
	}
	const program = `
import {readFileSync as read} from "fs"; import {readFile} from "fs/promises"; import {isAbsolute, join} from "path"; import text from "/root/plain.md";
var load = import.meta.require, magic = [40, 181, 47, 253];
function packed(b) { return b.length >= 4 && magic.every((x, i) => b[i] === x); }
function content(name, dir) { let b = read(isAbsolute(name) ? name : join(dir, name)); return (packed(b) ? Bun.zstdDecompressSync(b) : b).toString("utf8"); }
async function later(name) { let b = await readFile(name); return (packed(b) ? await Bun.zstdDecompress(b) : b).toString(); }
var outImported = text, outRequired = load("/root/plain.md"), outRead = read("/root/plain.md", "utf8"), outEncoded = read("/root/plain.md", {encoding: "utf-8"});
var outPacked = content("/root/packed.md.zst", "/x"), outPlain = content("plain.md", "/root"), outLater = later("/root/packed.md.zst");
var outMember = load("/root/facts.json").limit, outBroken = content("/root/broken.zst"), outPicture = load("/root/picture.png");
var outFile = (async () => await Bun.file("/root/plain.md").text())(), outSize = Bun.file("/root/plain.md").size, outJSON = Bun.file("/root/facts.json").json().limit;
var outMissing = read("/etc/hosts", "utf8"), outUnknown = content(process.argv[2], "/");
`
	p := scope.New([]scope.Source{{Name: "/root/main.js", Text: []byte(program)}}, func(int, string, scope.ImportKind) (int, bool) { return 0, false })
	m := New(p, Config{Asset: func(_, name string) (string, []byte, bool) { b, ok := files[name]; return name, b, ok }})
	plain, packed := String("# Plain\n"), String("# Packed\n")
	for name, want := range map[string]Value{
		"outImported": plain, "outRequired": plain, "outRead": plain, "outEncoded": plain, "outPlain": plain,
		"outFile": plain, "outSize": Number(8), "outJSON": Number(3),
		"outPacked": packed, "outLater": packed, "outMember": Number(3),
	} {
		if got := m.settled(m.force(m.global(p.Modules[0], -1, name))); got != want {
			t.Errorf("%s is %s, want %s", name, m.Describe(got), m.Describe(want))
		}
	}
	for _, name := range []string{"outBroken", "outPicture", "outMissing", "outUnknown"} {
		if v := m.force(m.global(p.Modules[0], -1, name)); isString(v) {
			t.Errorf("%s is %s, though nothing says so", name, m.Describe(v))
		}
	}
}
