package history

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/bundlens/bundlens/schema"
	"github.com/bundlens/bundlens/schema/diff"
)

// program is what the versions of an invented program have: Seek is Look under another name, Leap goes and comes back.
func program(version string) *schema.Document {
	text := schema.Literal("Looks at one place after the other until it has found what was asked for, and then says where it was.")
	input := json.RawMessage(`{"type":"object","properties":{"place":{"type":"string"},"deep":{"type":"boolean"}}}`)
	yes := true
	look := schema.Tool{Name: "Look", Enabled: &yes, Description: &text, InputSchema: input}
	leap := schema.Tool{Name: "Leap", InputSchema: json.RawMessage(`{"type":"object","properties":{"far":{"type":"number"}}}`)}
	d := &schema.Document{SchemaVersion: schema.Version, Health: schema.Health{Complete: true}, Source: schema.Source{Version: version}}
	d.Tools = map[string][]schema.Tool{"1.0.0": {leap, look}, "1.1.0": {look}, "1.10.0": {leap, look}}[version]
	if d.Tools == nil {
		look.Name = "Seek"
		d.Tools = []schema.Tool{leap, look}
	}
	return d
}

func plan(analyzed *atomic.Int32) Plan {
	return Plan{Package: "p", Engine: "e1", Versions: []string{"1.10.0", "1.0.0", "2.0.0", "1.1.0"},
		Analyze: func(ctx context.Context, v string) (*schema.Document, error) {
			analyzed.Add(1)
			return program(v), nil
		}}
}

func mustRun(t *testing.T, dir string, p Plan) *Summary {
	t.Helper()
	s, err := Run(t.Context(), dir, p, false)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// tree is all files below a directory with what they hold.
func tree(t *testing.T, dir string) map[string]string {
	t.Helper()
	out := map[string]string{}
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		data, err := os.ReadFile(path)
		out[strings.TrimPrefix(path, dir)] = string(data)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func sameTree(t *testing.T, got, want map[string]string) {
	t.Helper()
	for name, text := range want {
		if got[name] != text {
			t.Errorf("%s differs", name)
		}
	}
	for name := range got {
		if _, ok := want[name]; !ok {
			t.Errorf("%s is too many", name)
		}
	}
}

func TestHistory(t *testing.T) {
	dir := t.TempDir()
	var n atomic.Int32
	s := mustRun(t, dir, plan(&n))
	if want := []string{"1.0.0", "1.1.0", "1.10.0", "2.0.0"}; !slices.Equal(s.Versions, want) || n.Load() != 4 {
		t.Fatalf("%v, %d analyses", s.Versions, n.Load())
	}
	var index Index
	data, err := os.ReadFile(filepath.Join(dir, "index.json"))
	if err != nil || json.Unmarshal(data, &index) != nil {
		t.Fatal(err)
	}
	var got []string
	for _, r := range index.Records {
		got = append(got, fmt.Sprintf("%s %s-%s %v %v %s %v", r.Name, r.FirstSeen, r.LastSeen, r.Alive, r.Lifetimes, r.RenamedFrom, r.Names))
	}
	want := []string{"Leap 1.0.0-2.0.0 true [{1.0.0 1.0.0} {1.10.0 2.0.0}]  []", "Seek 1.0.0-2.0.0 true [{1.0.0 2.0.0}] Look [{Look 1.10.0}]"}
	if !slices.Equal(got, want) {
		t.Errorf("got %q", got)
	}
	if v := index.Versions[1]; v.Tools != 1 || v.EnabledTools != 1 || v.Tokens == 0 {
		t.Errorf("%+v", v)
	}
	log, _ := os.ReadFile(filepath.Join(dir, "CHANGELOG.md"))
	for _, want := range []string{"## 2.0.0\n\n- Renamed tool: `Look` to `Seek`\n", "- Removed tool: `Leap`", "The first version here: 2 tools", "(diffs/1.10.0_to_2.0.0.md)"} {
		if !bytes.Contains(log, []byte(want)) {
			t.Errorf("no %q in\n%s", want, log)
		}
	}
	page, _ := os.ReadFile(filepath.Join(dir, "versions", "2.0.0", "records", "tools", "Seek.md"))
	if !bytes.Contains(page, []byte("firstSeen: \"1.0.0\"\n")) {
		t.Errorf("the page of a tool that was renamed says\n%s", page)
	}
	if _, err := os.Stat(filepath.Join(dir, "versions", "1.1.0", "records")); err == nil {
		t.Error("a version that is not the newest has pages")
	}
	files := tree(t, dir)
	again := mustRun(t, dir, plan(&n))
	if n.Load() != 4 || again.Kept != 4 {
		t.Errorf("%d analyses, %d kept", n.Load(), again.Kept)
	}
	sameTree(t, tree(t, dir), files)
	newer := plan(&n)
	newer.Engine = "e2"
	if s := mustRun(t, dir, newer); s.Kept != 0 || n.Load() != 8 {
		t.Errorf("what another engine made was kept: %d", s.Kept)
	}
}

// TestInterrupted ends runs at each version, as a signal does, and leaves behind what a kill leaves behind.
func TestInterrupted(t *testing.T) {
	var n atomic.Int32
	whole := t.TempDir()
	mustRun(t, whole, plan(&n))
	dir := t.TempDir()
	for stop := range 4 {
		ctx, cancel := context.WithCancel(t.Context())
		p, calls := plan(&n), 0
		p.Analyze = func(ctx context.Context, v string) (*schema.Document, error) {
			if calls++; calls > 1 || stop == 0 {
				cancel()
				return nil, ctx.Err()
			}
			return program(v), nil
		}
		if _, err := Run(ctx, dir, p, false); stop < 3 && !errors.Is(err, context.Canceled) {
			t.Fatalf("%d: %v", stop, err)
		}
		cancel()
		os.MkdirAll(filepath.Join(dir, "versions", ".tmp-123"), 0o777)
		os.WriteFile(filepath.Join(dir, "versions", ".tmp-123", "intel.json"), []byte("{"), 0o666)
		os.WriteFile(filepath.Join(dir, ".tmp-9"), []byte("{"), 0o666)
		os.WriteFile(filepath.Join(dir, "diffs", "0.1.0_to_0.2.0.md"), nil, 0o666)
	}
	if s := mustRun(t, dir, plan(&n)); s.Kept == 0 {
		t.Error("nothing was kept")
	}
	sameTree(t, tree(t, dir), tree(t, whole))
}

func TestFailures(t *testing.T) {
	dir := t.TempDir()
	var n atomic.Int32
	p := plan(&n)
	p.Fetch = func(_ context.Context, v string) error {
		if v == "1.1.0" {
			return errors.New("not there")
		}
		return nil
	}
	var steps []string
	p.Report = func(s Step) { steps = append(steps, fmt.Sprint(s.Version, " ", s.Err)) }
	s := mustRun(t, dir, p)
	if len(s.Failures) != 1 || s.Failures[0] != (Failure{"1.1.0", "not there"}) || len(s.Versions) != 3 {
		t.Errorf("%+v", s)
	}
	if !slices.Equal(steps, []string{"1.0.0 <nil>", "1.1.0 not there", "1.10.0 <nil>", "2.0.0 <nil>"}) {
		t.Error(steps)
	}
	if _, err := os.Stat(filepath.Join(dir, "diffs", "1.0.0_to_1.10.0.md")); err != nil {
		t.Error(err)
	}
	p.Fetch = nil
	mustRun(t, dir, p)
	whole := t.TempDir()
	mustRun(t, whole, plan(&n))
	sameTree(t, tree(t, dir), tree(t, whole))
}

func TestDamaged(t *testing.T) {
	dir := t.TempDir()
	var n atomic.Int32
	mustRun(t, dir, plan(&n))
	path := filepath.Join(dir, "versions", "1.1.0", "analysis.json")
	if err := os.WriteFile(path, []byte("{"), 0o666); err != nil {
		t.Fatal(err)
	}
	if s := mustRun(t, dir, plan(&n)); s.Kept != 3 {
		t.Errorf("%d kept", s.Kept)
	}
	foreign := t.TempDir()
	os.WriteFile(filepath.Join(foreign, "mine"), nil, 0o666)
	if _, err := Run(t.Context(), foreign, plan(&n), false); !errors.Is(err, ErrForeign) {
		t.Error(err)
	}
	if _, err := Run(t.Context(), foreign, plan(&n), true); err != nil {
		t.Error(err)
	}
}

func TestRange(t *testing.T) {
	all := []string{"1.0.0", "1.10.0", "1.2.0", "2.0.0-beta.1", "2.0.0", "odd"}
	for _, c := range []struct {
		from, to string
		limit    int
		want     string
	}{
		{"", "", 0, "1.0.0 1.2.0 1.10.0 2.0.0"},
		{"1.2.0", "1.10.0", 0, "1.2.0 1.10.0"},
		{"1.1.0", "", 2, "1.10.0 2.0.0"},
		{"2.0.0-beta.1", "", 0, "2.0.0-beta.1 2.0.0"},
		{"3.0.0", "", 0, ""},
	} {
		if got := strings.Join(Range(all, c.from, c.to, c.limit), " "); got != c.want {
			t.Errorf("%s to %s: got %s, want %s", c.from, c.to, got, c.want)
		}
	}
}

// TestChangeLogWords has a word for every kind of record, and says a name that stands several times once.
func TestChangeLogWords(t *testing.T) {
	r, err := diff.Compare(program("1.0.0"), program("1.0.0"), diff.Options{})
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range r.Sections {
		if nouns[s.Kind][0] == "" || nouns[s.Kind][1] == "" {
			t.Errorf("there is no word for %s", s.Kind)
		}
	}
	var b strings.Builder
	writeSection(&b, diff.Section{Kind: "capabilities", Records: []diff.Record{
		{Name: "a", Change: diff.Added}, {Name: "b", Change: diff.Added}, {Name: "b", Change: diff.Added}, {Name: "c", Change: diff.Removed}}})
	if want := "- Added capabilities: `a`, `b` (2)\n- Removed capability: `c`\n"; b.String() != want {
		t.Errorf("got %q, want %q", &b, want)
	}
}

// TestFullDisk has a disk that is full from one version on: the run ends, and what was there is as it was.
func TestFullDisk(t *testing.T) {
	dir := t.TempDir()
	var n atomic.Int32
	mustRun(t, dir, plan(&n))
	before := tree(t, dir)
	p := plan(&n)
	p.Versions = append(p.Versions, "3.0.0", "3.1.0")
	n.Store(0)
	p.Analyze = func(ctx context.Context, v string) (*schema.Document, error) {
		n.Add(1)
		return nil, &fs.PathError{Op: "write", Path: "somewhere", Err: syscall.ENOSPC}
	}
	if _, err := Run(t.Context(), dir, p, false); !errors.Is(err, syscall.ENOSPC) || n.Load() != 1 {
		t.Errorf("%d analysed, %v", n.Load(), err)
	}
	sameTree(t, tree(t, dir), before)
}

// TestBegun has directories in which a run ended before it had written anything of a version: the next one goes on.
func TestBegun(t *testing.T) {
	for _, left := range [][]string{{tempPrefix + "1"}, {markerFile}, {markerFile, versionsDir + "/" + tempPrefix + "2/intel.json"}} {
		dir := t.TempDir()
		for _, name := range left {
			path := filepath.Join(dir, name)
			if err := errors.Join(os.MkdirAll(filepath.Dir(path), 0o777), os.WriteFile(path, []byte(markerText), 0o666)); err != nil {
				t.Fatal(err)
			}
		}
		var n atomic.Int32
		mustRun(t, dir, plan(&n))
		for name := range tree(t, dir) {
			if strings.Contains(name, tempPrefix) {
				t.Errorf("%v: %s is left", left, name)
			}
		}
	}
}

func TestSelection(t *testing.T) {
	day := func(n int) time.Time { return time.Date(2026, 1, n, 0, 0, 0, 0, time.UTC) }
	var all []Release
	for i, v := range []string{"1.0.0", "1.0.1", "1.1.0", "1.1.1", "1.2.0-beta", "2.0.0", "2.0.1"} {
		all = append(all, Release{v, day(i + 1)})
	}
	for _, c := range []struct {
		s    Selection
		want string
	}{
		{Selection{}, "1.0.0 1.0.1 1.1.0 1.1.1 2.0.0 2.0.1"},
		{Selection{Every: "minor"}, "1.0.1 1.1.1 2.0.1"},
		{Selection{Every: "major"}, "1.1.1 2.0.1"},
		{Selection{Every: "patch", Limit: 2}, "2.0.0 2.0.1"},
		{Selection{Since: day(4)}, "1.1.1 2.0.0 2.0.1"},
		{Selection{From: "1.0.1", To: "2.0.0", Every: "minor"}, "1.0.1 1.1.1 2.0.0"},
	} {
		got, err := c.s.Of(all)
		if s := strings.Join(got, " "); err != nil || s != c.want {
			t.Errorf("%+v: %s, %v", c.s, s, err)
		}
	}
	if _, err := (Selection{Every: "day"}).Of(all); err == nil {
		t.Error("every day: no error")
	}
}

// TestShards makes a history in parts, and gets what one run makes.
func TestShards(t *testing.T) {
	var n atomic.Int32
	whole := t.TempDir()
	mustRun(t, whole, plan(&n))
	var dirs []string
	for i := range 2 {
		p := plan(&n)
		p.Analyses = 2
		slices.SortFunc(p.Versions, Compare)
		p.Versions = Shard(p.Versions, i+1, 2)
		dirs = append(dirs, t.TempDir())
		mustRun(t, dirs[i], p)
	}
	merged := t.TempDir()
	for range 2 {
		if s, err := Merge(t.Context(), merged, dirs, false); err != nil || len(s.Versions) != 4 {
			t.Fatalf("%+v, %v", s, err)
		}
		sameTree(t, tree(t, merged), tree(t, whole))
	}
	other := plan(&n)
	other.Engine = "e2"
	dirs[1] = t.TempDir()
	mustRun(t, dirs[1], other)
	if _, err := Merge(t.Context(), merged, dirs, false); err == nil || !strings.Contains(err.Error(), "other options") {
		t.Errorf("shards of two engines: %v", err)
	}
}

// TestOrdered keeps the order in which the user named versions.
func TestOrdered(t *testing.T) {
	var n atomic.Int32
	p := plan(&n)
	p.Versions, p.Ordered = []string{"2.0.0", "1.0.0"}, true
	dir := t.TempDir()
	for range 2 {
		if s := mustRun(t, dir, p); !slices.Equal(s.Versions, []string{"2.0.0", "1.0.0"}) {
			t.Errorf("%v", s.Versions)
		}
	}
	if n.Load() != 2 {
		t.Errorf("%d analyses", n.Load())
	}
}

func TestBlame(t *testing.T) {
	texts := map[string]string{"1.0.0": "one\ntwo\nthree", "1.1.0": "one\nand a half\ntwo\nthree", "1.2.0": "one\nand a half\n2\nthree\none"}
	dir := t.TempDir()
	mustRun(t, dir, Plan{Package: "p", Engine: "e", Versions: []string{"1.0.0", "1.1.0", "1.2.0"}, Analyze: func(_ context.Context, v string) (*schema.Document, error) {
		d := program(v)
		name := map[bool]string{true: "Look", false: "Seek"}[v == "1.0.0"]
		text := schema.Literal(texts[v])
		d.Tools = []schema.Tool{{Name: name, Aliases: []string{"Look"}, Description: &text}}
		return d, nil
	}})
	for _, name := range []string{"Look", "Seek"} {
		lines, err := Blame(t.Context(), dir, "tools", name)
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, l := range lines {
			got = append(got, l.Since+" "+l.Text)
		}
		if want := []string{"1.0.0 one", "1.1.0 and a half", "1.2.0 2", "1.0.0 three", "1.2.0 one"}; !slices.Equal(got, want) {
			t.Errorf("%s: %q", name, got)
		}
	}
	if _, err := Blame(t.Context(), dir, "tools", "Leap"); !errors.Is(err, ErrNoRecord) {
		t.Errorf("a tool that there never was: %v", err)
	}
}
