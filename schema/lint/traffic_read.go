package lint

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/bundlens/bundlens/internal/lazyregexp"
	"github.com/bundlens/bundlens/internal/regular"
	"github.com/bundlens/bundlens/schema/trace"
)

// maxTraffic bounds what is read of one file; a capture over it is refused and not cut.
const maxTraffic = 256 << 20

// ReadTraffic reads what a program was seen to send: a file that holds the requests of several modes, gzipped or not,
// or captured requests in any form that the package trace reads, in a file or a directory.
func ReadTraffic(ctx context.Context, path string) (Traffic, error) {
	info, err := os.Stat(path)
	if err != nil {
		return Traffic{}, err
	}
	if info.IsDir() || info.Size() > maxTraffic {
		return readCaptures(ctx, path)
	}
	data, err := readBounded(path)
	if err != nil {
		return Traffic{}, err
	}
	var whole struct {
		Modes json.RawMessage `json:"modes"`
	}
	if json.Unmarshal(data, &whole) != nil || whole.Modes == nil {
		return readCaptures(ctx, path)
	}
	t, err := readModes(data)
	t.Name = filepath.Base(path)
	if err != nil {
		return t, fmt.Errorf("%s: %w", path, err)
	}
	return t, nil
}

// readBounded reads a file, gzipped or not.
func readBounded(path string) ([]byte, error) {
	file, _, err := regular.Open(path)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	buffered := bufio.NewReader(file)
	var r io.Reader = buffered
	if magic, _ := buffered.Peek(2); bytes.Equal(magic, []byte{0x1f, 0x8b}) {
		if r, err = gzip.NewReader(buffered); err != nil {
			return nil, fmt.Errorf("%s: %w", path, err)
		}
	}
	data, err := io.ReadAll(io.LimitReader(r, maxTraffic+1))
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	if len(data) > maxTraffic {
		return nil, fmt.Errorf("%s: is longer than %d MiB", path, maxTraffic>>20)
	}
	return data, nil
}

// readModes reads the form in which requests stand by mode and share their tools.
func readModes(data []byte) (Traffic, error) {
	var whole struct {
		Version     string            `json:"version"`
		Environment map[string]string `json:"environment"`
		Tools       []json.RawMessage `json:"tools"`
		Modes       map[string]struct {
			Requests []struct {
				Tools    []int    `json:"tools"`
				System   []string `json:"system"`
				Messages []struct {
					Role string   `json:"role"`
					Text []string `json:"text"`
				} `json:"messages"`
			} `json:"requests"`
		} `json:"modes"`
	}
	if err := json.Unmarshal(data, &whole); err != nil {
		return Traffic{}, err
	}
	t := Traffic{Version: whole.Version}
	for _, name := range slices.Sorted(maps.Keys(whole.Environment)) {
		t.Environment = append(t.Environment, name+"="+whole.Environment[name])
	}
	for _, mode := range slices.Sorted(maps.Keys(whole.Modes)) {
		for n, q := range whole.Modes[mode].Requests {
			r := Request{Mode: mode, Number: n + 1, System: q.System}
			for _, i := range q.Tools {
				if i < 0 || i >= len(whole.Tools) {
					return t, fmt.Errorf("mode %s, request %d: there is no tool %d", mode, n+1, i)
				}
				r.Tools = append(r.Tools, string(whole.Tools[i]))
			}
			for _, m := range q.Messages {
				for _, text := range m.Text {
					r.Texts = append(r.Texts, Said{m.Role, text})
				}
			}
			t.Requests = append(t.Requests, r)
		}
	}
	return t, nil
}

// readCaptures reads a directory or a file of captured requests. What could not be read is an error: figures of a part
// of what was sent would be wrong.
func readCaptures(ctx context.Context, path string) (Traffic, error) {
	t := Traffic{Name: filepath.Base(path)}
	numbers, seen := map[string]int{}, texts{}
	result, err := trace.Read(ctx, []string{path}, trace.Options{}, func(c *trace.Capture) error {
		for _, f := range c.Findings {
			if f.Severity == trace.SeverityError {
				return errors.New(f.String())
			}
		}
		mode := modeOf(path, c.File)
		numbers[mode]++
		switch agent := agentProduct.Get().FindString(c.Agent); {
		case len(t.Requests) == 0:
			t.Agent = agent
		case t.Agent != agent:
			t.Agent = ""
		}
		t.Requests = append(t.Requests, requestOf(c, mode, numbers[mode], seen))
		return nil
	})
	if err != nil {
		return t, err
	}
	for _, f := range result.Findings {
		if f.Severity == trace.SeverityError {
			return t, errors.New(f.String())
		}
	}
	if len(t.Requests) == 0 {
		return t, fmt.Errorf("%s: holds no captured request to a model", path)
	}
	return t, nil
}

// agentProduct is the first product of a User-Agent that has a version of three numbers.
var agentProduct = lazyregexp.New(`^[^\s/()]+/[0-9]+\.[0-9]+\.[0-9]+[^\s()]*`)

// agentVersion is the version in what the requests say of who sent them.
func (t Traffic) agentVersion() string {
	_, version, _ := strings.Cut(t.Agent, "/")
	return version
}

// modeOf is how the program was run for a capture: as its run says, or the name of the directory below the one that
// was named.
func modeOf(root, file string) string {
	if data, err := regular.Read(context.Background(), filepath.Join(filepath.Dir(file), trace.RunFile), maxTraffic); err == nil {
		var run struct {
			Mode string `json:"mode"`
		}
		if json.Unmarshal(data, &run) == nil && run.Mode != "" {
			return run.Mode
		}
	}
	rel, err := filepath.Rel(root, file)
	if err != nil {
		return ""
	}
	if mode, _, below := strings.Cut(filepath.ToSlash(rel), "/"); below {
		return mode
	}
	return ""
}

// texts keeps every text once: each request of a conversation repeats the ones before it.
type texts map[string]string

func (t texts) once(s string) string {
	if known, ok := t[s]; ok {
		return known
	}
	own := strings.Clone(s)
	t[own] = own
	return own
}

// requestOf takes from a capture what is compared; of the messages that is what the program itself says
// and what holds a reminder.
func requestOf(c *trace.Capture, mode string, number int, seen texts) Request {
	r := Request{Mode: mode, Number: number}
	for _, t := range c.Tools {
		r.Tools = append(r.Tools, seen.once(string(t.Raw)))
	}
	for _, b := range c.System {
		r.System = append(r.System, seen.once(b.Text))
	}
	for _, m := range c.Messages {
		for _, b := range m.Content {
			text := ""
			if instructs(m.Role) || strings.Contains(b.Text, reminderTag) {
				text = seen.once(b.Text)
			}
			if b.Text != "" {
				r.Texts = append(r.Texts, Said{m.Role, text}) // an empty one keeps the place of the next
			}
		}
	}
	return r
}
