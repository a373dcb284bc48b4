package trace

import (
	"bytes"
	"compress/gzip"
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/klauspost/compress/zstd"
)

const body = `{"model":"m","stream":true,"system":[{"type":"text","text":"Be kind."}],` +
	`"tools":[{"name":"Look","description":"Looks","input_schema":{"type":"object","properties":{"at":{"type":"string"}}}}],` +
	`"messages":[{"role":"user","content":[{"type":"text","text":"<system-reminder>\nIt rains.\n</system-reminder>"},{"type":"text","text":"hi"}]}]}`

const stream = `event: message_start\ndata: {\"type\":\"message_start\",\"message\":{}}\n\n` +
	`event: content_block_start\ndata: {\"type\":\"content_block_start\",\"index\":0,\"content_block\":{\"type\":\"tool_use\",\"name\":\"Look\"}}\n\n` +
	`event: content_block_stop\ndata: {\"type\":\"content_block_stop\",\"index\":0}\n\n` +
	`event: message_stop\ndata: {\"type\":\"message_stop\"}\n\n`

// events are those of stream, one object each.
const events = `[{"event":"message_start","data":{"type":"message_start"}},` +
	`{"event":"content_block_start","data":{"type":"content_block_start","index":0,"content_block":{"type":"tool_use","name":"Look"}}},` +
	`{"event":"content_block_stop","data":{"type":"content_block_stop","index":0}},{"event":"message_stop","data":{"type":"message_stop"}}]`

// forms are the records of several recorders, all of the same request.
var forms = map[string]string{
	"own":             `{"bundlens":"capture","version":1,"id":"1","request":{"method":"POST","url":"http://h/v1/messages?beta=true","headers":{},"body":` + body + `},"response":{"status":200,"events":` + events + `,"complete":true}}`,
	"claude-trace":    `{"request":{"timestamp":1,"method":"POST","url":"https://h/v1/messages","headers":{},"body":` + body + `},"response":{"timestamp":2,"status_code":200,"headers":{},"body_raw":"` + stream + `"},"logged_at":"2026-01-01T00:00:00Z"}`,
	"claude-tap":      `{"timestamp":"2026-01-01T00:00:00Z","request_id":"r","turn":1,"duration_ms":3,"request":{"method":"POST","path":"/v1/messages?beta=true","headers":{},"body":` + body + `},"response":{"status":200,"headers":{},"body":{"type":"message"},"sse_events":` + events + `}}`,
	"cctrace":         `{"id":"x","request":{"timestamp":1,"method":"POST","url":"https://h/v1/messages","headers":{},"body":` + body + `},"response":{"timestamp":2,"status":200,"headers":{},"bodyRaw":"` + stream + `"},"duration":3,"loggedAt":"2026-01-01T00:00:00Z"}`,
	"a folded bundle": `{"__claude_tap_compact_trace__":{"version":1},"records":[{"__claude_tap_compact_record__":{"version":1},"record":{"request":{"path":"/v1/messages","body":` + folded + `},"response":{"status":200,"sse_events":` + events + `}}}],"blobs":{"sha256:1":{"kind":"json","payload":` + toolList + `}}}`,
}

const toolList = `[{"name":"Look","description":"Looks","input_schema":{"type":"object","properties":{"at":{"type":"string"}}}}]`

var folded = strings.Replace(body, toolList, `{"__claude_tap_blob_ref__":{"version":1,"kind":"json","hash":"sha256:1","bytes":9}}`, 1)

// read reads a text and answers what it shows.
func read(t *testing.T, name, text string, opts Options) (*Set, *Result) {
	t.Helper()
	col, res := &Collector{}, &Result{}
	err := ReadFrom(context.Background(), name, strings.NewReader(text), opts, res, func(c *Capture) error {
		col.Add(c)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return col.done(res), res
}

func codes(s *Set) (out []string) {
	for _, f := range s.Findings {
		out = append(out, f.Code)
	}
	return out
}

func TestAgent(t *testing.T) {
	for headers, want := range map[string]string{
		`{"User-Agent":"program/1.2.3 (x)"}`: "program/1.2.3 (x)", `{"user-agent":["a"],"x":1}`: "", `{}`: "", `null`: "",
	} {
		text := strings.Replace(forms["own"], `"headers":{}`, `"headers":`+headers, 1)
		err := ReadFrom(t.Context(), "x", strings.NewReader(text), Options{}, &Result{}, func(c *Capture) error {
			if c.Agent != want {
				t.Errorf("%s: %q", headers, c.Agent)
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
}

func TestForms(t *testing.T) {
	for name, text := range forms {
		set, _ := read(t, name, text, Options{})
		if len(set.Findings) > 0 || len(set.Requests) != 1 || len(set.Tools) != 1 || len(set.System) != 1 || len(set.Reminders) != 1 {
			t.Errorf("%s: %+v", name, set)
			continue
		}
		r := set.Requests[0]
		if r.Model != "m" || r.Status != 200 || !r.Answer.Complete || fmt.Sprint(r.Answer.Calls) != "[Look]" || r.Answer.Events["message_stop"] != 1 {
			t.Errorf("%s: %+v %+v", name, r, r.Answer)
		}
		if set.Reminders[0].Text != "It rains." || set.Tools[0].Description != "Looks" {
			t.Errorf("%s: %+v", name, set)
		}
	}
}

func TestFiles(t *testing.T) {
	own := forms["own"]
	for name, text := range map[string]string{
		"a line each":    own + "\n" + own + "\n",
		"concatenated":   own + own,
		"a list":         "[\n" + own + ",\n" + own + "]",
		"indented":       strings.ReplaceAll(own, `"request":`, "\n  \"request\":\n  ") + "\n\n" + own,
		"Windows' lines": own + "\r\n" + own + "\r\n",
	} {
		if set, _ := read(t, "x", text, Options{}); len(set.Requests) != 2 || len(set.Findings) > 0 || len(set.Tools) != 1 || set.Tools[0].Requests != 2 {
			t.Errorf("%s: %d requests, %v", name, len(set.Requests), set.Findings)
		}
	}
}

func TestDamage(t *testing.T) {
	own := forms["own"]
	for _, c := range []struct {
		name, text string
		requests   int
		want       string
	}{
		{"cut in a string", own[:strings.Index(own, "kind")], 0, "truncated-json"},
		{"cut between", own[:strings.Index(own, `"tools"`)], 0, "truncated-json"},
		{"cut, and whole ones after it", own[:strings.Index(own, "kind")] + "\n" + own + "\n" + own, 2, "truncated-json"},
		{"cut between, and a whole one after it", own[:strings.Index(own, `"tools"`)] + "\n" + own, 1, "truncated-json"},
		{"cut, and the next in the same line", own[:strings.Index(own, `"tools"`)] + own, 0, "truncated-json"},
		{"no JSON", "Not found", 0, "not-json"},
		{"JSON of something else", `{"name":"package","version":"1.0.0"}`, 0, "unknown-record"},
		{"another shape", `{"request":[1,2]}`, 0, "bad-record"},
		{"too big", own + strings.Replace(own, "kind", strings.Repeat("k", 5000), 1) + own, 2, "record-too-big"},
		{"too big and cut", strings.Replace(own, "kind", strings.Repeat("k", 9<<20), 1)[:8<<20], 0, "truncated-json"},
		{"a tool without a name", strings.Replace(own, `"name":"Look","d`, `"d`, 1), 1, "bad-tool"},
		{"no body", `{"request":{"url":"/v1/messages"},"response":null}`, 1, "no-body no-answer"},
		{"messages left out", strings.Replace(own, `"headers":{},"body"`, `"omitted":["messages"],"body"`, 1), 1, "body-omitted"},
		{"a folded request", `{"request":{"url":"/v1/messages","body":{"folded":true}},"response":null}`, 1, "folded-body no-answer"},
	} {
		set, _ := read(t, "x", c.text, Options{MaxRecord: 4000})
		if got := strings.Join(codes(set), " "); len(set.Requests) != c.requests || got != c.want {
			t.Errorf("%s: %d requests, %s", c.name, len(set.Requests), got)
		}
		if blind := !slices.Contains([]string{"not-json", "unknown-record"}, c.want); set.Blind() != blind {
			t.Errorf("%s: blind is %v", c.name, set.Blind())
		}
	}
	set, _ := read(t, "x", strings.Repeat(own[:200]+"\n", 500), Options{})
	if len(set.Findings) > maxRestarts+2 || !slices.Contains(codes(set), "unreadable") {
		t.Errorf("nothing but damage: %d findings", len(set.Findings))
	}
}

func TestStreams(t *testing.T) {
	raw := func(text string) string { return strings.Replace(forms["claude-trace"], stream, text, 1) }
	end := strings.Index(stream, `event: content_block_stop`)
	for _, c := range []struct{ name, text, want, says string }{
		{"whole", stream, "", ""},
		{"whole, with the last line break lost", strings.TrimSuffix(stream, `\n\n`), "", ""},
		{"Windows' lines", strings.ReplaceAll(stream, `\n`, `\r\n`), "", ""},
		{"cut in a block", stream[:end], "stream-cut", "the middle of a block"},
		{"cut in an event", stream[:end+len(`event: content_block_stop\ndata: {\"type\"`)], "stream-cut", "the middle of an event"},
		{"no end", stream[:strings.Index(stream, `event: message_stop`)], "stream-cut", "no end"},
		{"no start", stream[strings.Index(stream, `event: content_block_start`):], "stream-cut", "no start"},
		{"an error", stream[:end] + `event: error\ndata: {\"type\":\"error\",\"error\":{\"type\":\"overloaded\",\"message\":\"x\"}}\n\n`, "stream-error", "overloaded: x"},
		{"nothing", "", "stream-empty", "none was recorded"},
	} {
		set, _ := read(t, "x", raw(c.text), Options{})
		if got := strings.Join(codes(set), " "); got != c.want || c.says != "" && !strings.Contains(set.Findings[0].Message, c.says) {
			t.Errorf("%s: %v", c.name, set.Findings)
		}
		if whole := set.Requests[0].Answer.Complete; whole != (c.want == "") {
			t.Errorf("%s: complete is %v", c.name, whole)
		}
	}
}

// TestCutByHook is a stream whose last event the hook saw no end of.
func TestCutByHook(t *testing.T) {
	cut := strings.Replace(forms["own"], events, strings.Replace(events, `{"event":"message_stop","data":{"type":"message_stop"}}`, `{"event":"cut","data":""}`, 1), 1)
	set, _ := read(t, "x", cut, Options{})
	if len(set.Findings) != 1 || set.Findings[0].Code != "stream-cut" || !strings.Contains(set.Findings[0].Message, "the middle of an event") || set.Requests[0].Answer.Complete {
		t.Errorf("%v", set.Findings)
	}
}

func TestOthers(t *testing.T) {
	other := strings.ReplaceAll(forms["claude-trace"], "/v1/messages", "/v1/messages/count_tokens")
	set, res := read(t, "x", other+"\n"+forms["claude-trace"], Options{})
	if res.Others != 1 || len(set.Requests) != 1 {
		t.Errorf("%+v", res)
	}
	set, _ = read(t, "x", body, Options{}) // a body by itself
	if len(set.Requests) != 1 || len(set.Tools) != 1 {
		t.Errorf("%+v", set)
	}
}

func TestDirectories(t *testing.T) {
	dir := t.TempDir()
	var gz, zst bytes.Buffer
	g := gzip.NewWriter(&gz)
	io.WriteString(g, forms["own"])
	g.Close()
	z, _ := zstd.NewWriter(&zst)
	io.WriteString(z, forms["cctrace"])
	z.Close()
	os.Mkdir(filepath.Join(dir, "more"), 0o777)
	for name, text := range map[string]string{
		"a.json": forms["own"], ".b.json": "{", RunFile: "{}", "notes.txt": "x", "more/c.jsonl.gz": gz.String(), "more/d.jsonl.zst": zst.String(),
		"more/cut.jsonl.gz": gz.String()[:gz.Len()-12],
	} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	set, err := Collect(context.Background(), []string{dir}, Options{})
	if err != nil || len(set.Requests) < 3 || !slices.Contains(codes(set), "unreadable") {
		t.Errorf("%v, %d requests, %v", err, len(set.Requests), set.Findings)
	}
	if _, err := Collect(context.Background(), []string{t.TempDir()}, Options{}); err == nil {
		t.Error("an empty directory: no error")
	}
}

// endless is a capture without an end, made as it is read.
type endless struct {
	parts []string
	at    int
	left  int
}

func (e *endless) Read(p []byte) (int, error) {
	if e.left <= 0 {
		return 0, io.EOF
	}
	n := copy(p, e.parts[0][e.at:])
	e.at = (e.at + n) % len(e.parts[0])
	e.left -= n
	return n, nil
}

// TestBig reads 500 MB as one record, and 100 MB as many. The memory in use stays bounded.
func TestBig(t *testing.T) {
	if testing.Short() {
		t.Skip("reads 130 MB")
	}
	var peak uint64
	watch := func() {
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		peak = max(peak, m.HeapInuse)
	}
	const size = 100 << 20
	opts := Options{MaxRecord: 8 << 20} // far less than there is
	giant := io.MultiReader(strings.NewReader(forms["own"]+`{"request":{"url":"/v1/messages","body":{"x":"`),
		&endless{parts: []string{strings.Repeat("x", 1<<20)}, left: size}, strings.NewReader(`"}}}`+forms["own"]))
	col, res := &Collector{}, &Result{}
	add := func(c *Capture) error {
		col.Add(c)
		set := &col.Set
		if len(set.Requests)%20 == 0 {
			watch()
		}
		return nil
	}
	if err := ReadFrom(context.Background(), "giant", giant, opts, res, add); err != nil {
		t.Fatal(err)
	}
	watch()
	set := &col.Set
	if len(set.Requests) != 2 || len(res.Findings) != 1 || res.Findings[0].Code != "record-too-big" {
		t.Errorf("one record: %d requests, %v", len(set.Requests), res.Findings)
	}
	const rest = size / 3
	one := strings.Replace(forms["own"], `"hi"`, `"`+strings.Repeat("hello ", 200_000)+`"`, 1) + "\n"
	col, res = &Collector{}, &Result{}
	if err := ReadFrom(context.Background(), "many", &endless{parts: []string{one}, left: rest / len(one) * len(one)}, opts, res, add); err != nil {
		t.Fatal(err)
	}
	watch()
	set = &col.Set
	if len(set.Requests) < rest/len(one) || len(set.Tools) != 1 || len(res.Findings) > 1 {
		t.Errorf("many records: %d requests, %d tools, %v", len(set.Requests), len(set.Tools), res.Findings)
	}
	if peak > 40<<20 {
		t.Errorf("%d MiB in use", peak>>20)
	}
}

// FuzzRead reads anything. A whole record at the end is found, or it is said that something could not be read.
func FuzzRead(f *testing.F) {
	for _, text := range forms {
		f.Add(text)
		f.Add(text[:len(text)/2])
	}
	f.Add(`{"a":"b` + "\n" + `{"request":{}}`)
	f.Fuzz(func(t *testing.T, text string) {
		col, res := &Collector{}, &Result{}
		whole := "\n" + `{"model":"last","messages":[]}` + "\n"
		err := ReadFrom(context.Background(), "x", strings.NewReader(text+whole), Options{MaxRecord: 1 << 16}, res, func(c *Capture) error {
			col.Add(c)
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		set := col.done(res)
		var b bytes.Buffer
		if err := set.WriteText(&b); err != nil {
			t.Fatal(err)
		}
		last := len(set.Requests) > 0 && set.Requests[len(set.Requests)-1].Model == "last"
		if !last && len(set.Findings) == 0 && res.Others == 0 {
			t.Error("the last record is lost, and nothing is said")
		}
		if _, err := NewReference(set, nil); err != nil {
			t.Fatal(err)
		}
	})
}
