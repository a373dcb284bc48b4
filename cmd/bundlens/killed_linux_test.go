package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"math/rand/v2"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/tidwall/gjson"
	"golang.org/x/tools/txtar"

	"github.com/bundlens/bundlens/internal/campaign"
)

// writer is a command that writes files, and may be ended at any point of that.
type writer struct {
	name string
	args []string // "out" is where it writes to
}

var writers = []writer{
	{"fetch", []string{"fetch", "npm:prog@1.2.0", "-o", "out"}},
	{"analyze", []string{"analyze", "cli.js", "-o", "out"}},
	{"analyze of a package", []string{"analyze", "npm:prog@1.2.0", "-o", "out"}},
	{"history", []string{"history", "npm:prog", "--to", "1.2.0", "-o", "out"}},
	{"format", []string{"format", "cli.js", "-o", "out"}},
}

// rounds is how often each command is run: a few times in a campaign, and a hundred where BUNDLENS_TORTURE is set.
func rounds(few int) int {
	if os.Getenv("BUNDLENS_TORTURE") != "" {
		return 100
	}
	return few
}

// place is a directory in which a command runs, with a cache and a registry of its own.
type place struct {
	t    *testing.T
	root string // work/, cache/ and tmp/ stand in it
	bin  string
}

func newPlace(t *testing.T, root string) place {
	t.Helper()
	archive, err := txtar.ParseFile(filepath.Join("testdata", "script", "history.txtar"))
	if err != nil {
		t.Fatal(err)
	}
	p := place{t, root, t.TempDir()}
	for _, f := range archive.Files {
		if f.Name == "bin/npm" {
			// the same bytes whenever it packs, and what the client says of a full disk
			f.Data = bytes.ReplaceAll(f.Data, []byte(`tar -czf "$2/prog.tgz" -C "$2" package`),
				[]byte(`tar --mtime=@0 --sort=name --owner=0 --group=0 -C "$2" -cf "$2/tar" package; gzip -nc "$2/tar" > "$2/prog.tgz"; rm "$2/tar"`))
			f.Data = bytes.Replace(f.Data, []byte("spec=$2"), []byte(`set -e; trap '[ $? = 0 ] || echo "npm error nospc ENOSPC: no space left on device, write" >&2' EXIT; spec=$2`), 1)
			if err := os.WriteFile(filepath.Join(p.bin, "npm"), f.Data, 0o755); err != nil {
				t.Fatal(err)
			}
		}
	}
	p.clear()
	return p
}

const program = `var a={name:"Look",description:"Looks",inputSchema:{type:"object",properties:{}},async call(x){}};
`

// clear makes the place as if nothing had run in it.
func (p place) clear() {
	p.t.Helper()
	for _, dir := range []string{"work", "cache", "tmp"} {
		err := errors.Join(os.RemoveAll(filepath.Join(p.root, dir)), os.MkdirAll(filepath.Join(p.root, dir), 0o777))
		if err != nil {
			p.t.Fatal(err)
		}
	}
	// much of the same, so that there is time to be ended in
	var text strings.Builder
	for i := range 400 {
		text.WriteString(strings.ReplaceAll(strings.ReplaceAll(program, "Look", "Look"+strconv.Itoa(i)), "var a", "var a"+strconv.Itoa(i)))
	}
	if err := os.WriteFile(filepath.Join(p.root, "work", "cli.js"), []byte(text.String()), 0o666); err != nil {
		p.t.Fatal(err)
	}
}

// command is the program in this place.
func (p place) command(args ...string) (*exec.Cmd, *bytes.Buffer) {
	self, err := os.Executable()
	if err != nil {
		p.t.Fatal(err)
	}
	c := exec.Command(self, args...)
	c.Dir = filepath.Join(p.root, "work")
	c.Env = append(os.Environ(), runAsCommand+"=1", "XDG_CACHE_HOME="+filepath.Join(p.root, "cache"), "TMPDIR="+filepath.Join(p.root, "tmp"),
		"PATH="+p.bin+string(filepath.ListSeparator)+os.Getenv("PATH"))
	var said bytes.Buffer
	c.Stderr = &said
	return c, &said
}

// run runs the program to its end.
func (p place) run(args []string) {
	p.t.Helper()
	if c, said := p.command(args...); c.Run() != nil {
		p.t.Fatalf("%v: %v\n%s", args, c.ProcessState, said)
	}
}

// written is what stands in the working directory: names and contents. Times and what is temporary in names are none of it.
func (p place) written() map[string]string {
	p.t.Helper()
	files := map[string]string{}
	work := filepath.Join(p.root, "work")
	err := filepath.WalkDir(work, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		name, _ := filepath.Rel(work, path)
		if d.IsDir() {
			files[name] = ""
			return nil
		}
		text, err := os.ReadFile(path)
		files[name] = string(text)
		return err
	})
	if err != nil {
		p.t.Fatal(err)
	}
	return files
}

// differ compares what was written with what should have been.
func differ(got, want map[string]string) string {
	var out []string
	for _, name := range slices.Sorted(maps.Keys(got)) {
		if text, ok := want[name]; !ok {
			out = append(out, name+" is left")
		} else if text != got[name] {
			out = append(out, name+" differs")
		}
	}
	for _, name := range slices.Sorted(maps.Keys(want)) {
		if _, ok := got[name]; !ok {
			out = append(out, name+" is missing")
		}
	}
	return strings.Join(out, "\n")
}

// TestKilled kills each command at some point, and runs it again: it writes what one that was not killed writes, and
// nothing else is left.
func TestKilled(t *testing.T) {
	campaign.Need(t, "it kills commands at random points")
	needRegistry(t)
	for _, w := range writers {
		t.Run(w.name, func(t *testing.T) {
			t.Parallel()
			p := newPlace(t, t.TempDir())
			start := time.Now()
			p.run(w.args)
			took := time.Since(start)
			want := p.written()
			for round := range rounds(2) {
				p.clear()
				if round%2 == 1 { // it stands there already, and is written anew
					p.run(w.args)
				}
				c, _ := p.command(append(slices.Clone(w.args), again(w, round)...)...)
				if err := c.Start(); err != nil {
					t.Fatal(err)
				}
				time.Sleep(rand.N(took))
				c.Process.Kill()
				c.Wait()
				p.run(append(slices.Clone(w.args), again(w, round)...))
				if d := differ(p.written(), want); d != "" {
					t.Fatalf("round %d:\n%s", round, d)
				}
			}
		})
	}
}

// again are the flags with which a command writes what it wrote before.
func again(w writer, round int) []string {
	if round%2 == 0 || w.name == "history" {
		return nil
	}
	return map[string][]string{"fetch": {"--force"}, "analyze": {"--no-cache"}, "analyze of a package": {"--no-cache"}}[w.name]
}

// needRegistry skips a test where the stand-in for npm does not run.
func needRegistry(t *testing.T) {
	t.Helper()
	for _, name := range []string{"sh", "tar", "openssl"} {
		if _, err := exec.LookPath(name); err != nil {
			t.Skip(err)
		}
	}
}

// TestFull has a disk that is full at some point: the command says so, what was there stays, and with more space it
// writes what it should.
func TestFull(t *testing.T) {
	campaign.Need(t, "it fills disks at random points")
	needRegistry(t)
	for _, w := range writers {
		t.Run(w.name, func(t *testing.T) {
			p := newPlace(t, smallDisk(t))
			p.run(w.args)
			want, full := p.written(), used(t, p.root)
			p.clear()
			empty := used(t, p.root)
			for round := range rounds(1) {
				p.clear()
				resize(t, p.root, empty+4096*rand.Int64N(max(1, (full-empty)/4096)))
				before := p.written()
				c, said := p.command(w.args...)
				err := c.Run()
				switch {
				case err == nil:
				case !strings.Contains(said.String(), "space") || c.ProcessState.ExitCode() != 2:
					t.Fatalf("round %d: %v\n%s", round, err, said)
				case w.name != "history":
					if d := differ(p.written(), before); d != "" {
						t.Fatalf("round %d, while the disk is full:\n%s", round, d)
					}
				}
				resize(t, p.root, 1<<26)
				p.run(w.args)
				if d := differ(p.written(), want); d != "" {
					t.Fatalf("round %d:\n%s", round, d)
				}
			}
		})
	}
}

// smallDisk is a file system in memory, whose size can be set.
func smallDisk(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	if out, err := exec.CommandContext(context.Background(), "mount", "-t", "tmpfs", "-o", "size=64m", "none", dir).CombinedOutput(); err != nil {
		t.Skipf("no file system can be mounted: %v %s", err, out)
	}
	t.Cleanup(func() {
		if out, err := exec.Command("umount", "-l", dir).CombinedOutput(); err != nil {
			t.Errorf("umount: %v %s", err, out)
		}
	})
	return dir
}

func resize(t *testing.T, dir string, size int64) {
	t.Helper()
	if out, err := exec.Command("mount", "-o", fmt.Sprintf("remount,size=%d", size), dir).CombinedOutput(); err != nil {
		t.Fatalf("remount: %v %s", err, out)
	}
}

// used is how much of a file system is.
func used(t *testing.T, dir string) int64 {
	t.Helper()
	var s syscall.Statfs_t
	if err := syscall.Statfs(dir, &s); err != nil {
		t.Fatal(err)
	}
	return int64(s.Blocks-s.Bfree) * int64(s.Bsize)
}

// TestTwoAtOnce runs each command twice at once for the same place: what is there in the end is what one writes, and
// one that could not write says so.
func TestTwoAtOnce(t *testing.T) {
	needRegistry(t)
	for _, w := range writers {
		t.Run(w.name, func(t *testing.T) {
			t.Parallel()
			p := newPlace(t, t.TempDir())
			p.run(w.args)
			want := p.written()
			for round := range rounds(1) {
				p.clear()
				a, saidA := p.command(w.args...)
				b, saidB := p.command(w.args...)
				if err := errors.Join(a.Start(), b.Start()); err != nil {
					t.Fatal(err)
				}
				errA, errB := a.Wait(), b.Wait()
				if errA != nil && errB != nil {
					t.Fatalf("round %d: neither wrote: %s%s", round, saidA, saidB)
				}
				if d := differ(p.written(), want); d != "" {
					t.Fatalf("round %d:\n%s\n%s%s", round, d, saidA, saidB)
				}
			}
		})
	}
}

// TestServeKilled kills a server in the middle of requests, and starts it again in the same directory: each request that
// was answered is there, whole, and what the two together hold is what one server would.
func TestServeKilled(t *testing.T) {
	campaign.Need(t, "it kills servers at random points")
	for round := range rounds(2) {
		p := newPlace(t, t.TempDir())
		const requests = 12
		answered := map[int]bool{}
		for len(answered) < requests {
			server, address := p.serve()
			end := rand.IntN(3 * requests) // after how many requests, if at all
			for i := range requests {
				if answered[i] {
					continue
				}
				if end--; end == 0 {
					time.AfterFunc(rand.N(2*time.Millisecond), func() { server.Process.Kill() })
				}
				if p.send(address, i) == nil {
					answered[i] = true
				}
			}
			server.Process.Kill()
			server.Wait()
		}
		// Half of a file that was being written does no harm.
		if err := os.WriteFile(filepath.Join(p.root, "work", "captures", ".20260102T030405.000Z-000001.tmp"), []byte(`{"bundlens":"capt`), 0o600); err != nil {
			t.Fatal(err)
		}
		p.run([]string{"trace", "show", "captures"})
		seen := p.captured()
		for i := range requests {
			if n := seen[fmt.Sprint("request ", i)]; n < 1 { // one more where it ended after the file and before the answer
				t.Errorf("round %d: request %d was answered, and is not there", round, i)
			}
		}
	}
}

// captured counts how often each request stands in the captures. All of them have to be whole.
func (p place) captured() map[string]int {
	p.t.Helper()
	seen := map[string]int{}
	files, err := filepath.Glob(filepath.Join(p.root, "work", "captures", "[^.]*"))
	if err != nil {
		p.t.Fatal(err)
	}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil || !json.Valid(text) {
			p.t.Fatalf("%s is not whole: %v\n%s", file, err, text)
		}
		seen[gjson.GetBytes(text, "request.body.messages.0.content").String()]++
	}
	return seen
}

// TestServeFull has a disk that becomes full while a server records: it says so, and ends with 2 where a request is not
// there; each that is there is whole, and with more space the others are recorded, too.
func TestServeFull(t *testing.T) {
	campaign.Need(t, "it fills disks at random points")
	const requests = 12
	p := newPlace(t, smallDisk(t))
	for round := range rounds(1) {
		p.clear()
		empty := used(t, p.root)
		server, address := p.serve()
		said := server.Stderr.(*bytes.Buffer)
		resize(t, p.root, empty+4096*rand.Int64N(2*requests))
		for i := range requests {
			if err := p.send(address, i); err != nil {
				t.Fatalf("round %d: request %d: %v", round, i, err)
			}
		}
		server.Process.Signal(os.Interrupt)
		server.Wait()
		seen := p.captured()
		if full := len(seen) < requests; full && (!strings.Contains(said.String(), "space") || server.ProcessState.ExitCode() != exitFailed) {
			t.Fatalf("round %d: %d of %d requests are there, and it ended with %d\n%s", round, len(seen), requests, server.ProcessState.ExitCode(), said)
		}
		resize(t, p.root, 1<<26)
		server, address = p.serve()
		for i := range requests {
			if seen[fmt.Sprint("request ", i)] == 0 {
				p.send(address, i)
			}
		}
		server.Process.Kill()
		server.Wait()
		if seen := p.captured(); len(seen) != requests {
			t.Fatalf("round %d: %d of %d requests are there in the end", round, len(seen), requests)
		}
	}
}

// serve starts a server, and answers its address.
func (p place) serve() (*exec.Cmd, string) {
	p.t.Helper()
	c, said := p.command("trace", "serve", "--dir", "captures")
	out, err := c.StdoutPipe()
	if err == nil {
		err = c.Start()
	}
	if err != nil {
		p.t.Fatal(err)
	}
	line, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		p.t.Fatalf("%v\n%s", err, said)
	}
	return c, strings.TrimSpace(line)
}

// send sends a request, and reads the answer to its end.
func (p place) send(address string, i int) error {
	body := fmt.Sprintf(`{"model":"m","max_tokens":1,"messages":[{"role":"user","content":"request %d"}]}`, i)
	answer, err := http.Post(address+"/v1/messages", "application/json", strings.NewReader(body))
	if err != nil {
		return err
	}
	defer answer.Body.Close()
	_, err = io.Copy(io.Discard, answer.Body)
	return err
}
