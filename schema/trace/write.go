package trace

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"net/http"
	"os"
	"path/filepath"
	"sync/atomic"
	"time"

	"github.com/bundlens/bundlens/schema/trace/internal/redact"
)

// Recorder writes captures to a directory, one file each, without secrets.
type Recorder struct {
	Dir     string
	Environ []string // the values of its secrets are taken out too
	// Arguments are those of the program; what they hold of secrets is taken out too.
	Arguments []string
	n         atomic.Int64
}

// Recorded is what one file holds; the hook writes the same form.
type Recorded struct {
	Kind      string `json:"bundlens"` // "capture"
	Version   int    `json:"version"`
	ID        string `json:"id"`
	StartedAt string `json:"startedAt"`
	// DurationMs is how long it took until the answer was whole.
	DurationMs int64 `json:"durationMs"`
	// Redactions is how many secrets were taken out.
	Redactions int               `json:"redactions"`
	Request    RecordedRequest   `json:"request"`
	Response   *RecordedResponse `json:"response"`
}

// RecordedRequest is a request as it is recorded.
type RecordedRequest struct {
	Method  string            `json:"method"`
	URL     string            `json:"url"`
	Headers map[string]string `json:"headers"`
	Bytes   int64             `json:"bytes"`
	// Omitted names parts that were left out for their size.
	Omitted []string        `json:"omitted,omitempty"`
	Body    json.RawMessage `json:"body"`
}

// RecordedResponse is an answer as it is recorded.
type RecordedResponse struct {
	Status  int               `json:"status"`
	Headers map[string]string `json:"headers"`
	Bytes   int64             `json:"bytes"`
	// Events are those of a streamed answer, Body any other answer.
	Events   []RecordedEvent `json:"events,omitempty"`
	Body     json.RawMessage `json:"body,omitempty"`
	Complete bool            `json:"complete"`
}

// RecordedEvent is one event of a stream.
type RecordedEvent struct {
	Event string          `json:"event"`
	Data  json.RawMessage `json:"data"`
}

// Record writes a request and the answer it got. A body that is not JSON is kept as a string.
func (r *Recorder) Record(req *http.Request, body []byte, start time.Time, answer *RecordedResponse) error {
	red := redact.New(r.Environ, r.Arguments...)
	address := red.URL(req.URL.String())
	headers := red.Headers(req.Header)
	text := json.RawMessage(red.Text(string(body)))
	if !json.Valid(text) {
		quoted, err := json.Marshal(string(text))
		if err != nil {
			return err
		}
		text = quoted
	}
	rec := Recorded{
		Kind: "capture", Version: 1, StartedAt: start.UTC().Format(time.RFC3339Nano), DurationMs: time.Since(start).Milliseconds(),
		Request:  RecordedRequest{Method: req.Method, URL: address, Headers: headers, Bytes: int64(len(body)), Body: text},
		Response: answer,
	}
	rec.Redactions = red.Count()
	for {
		rec.ID = fmt.Sprintf("%s-%06d", start.UTC().Format("20060102T150405.000Z"), r.n.Add(1))
		if err := r.write(rec); !errors.Is(err, fs.ErrExist) {
			return err
		}
	}
}

// write puts a file in place at once, readable by its owner only: what a program sends is nobody else's business. It is an
// error (fs.ErrExist) where one of that name is there, or is being written by another recorder.
func (r *Recorder) write(rec Recorded) (err error) {
	var data bytes.Buffer
	enc := json.NewEncoder(&data)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(rec); err != nil {
		return err
	}
	name, tmp := filepath.Join(r.Dir, rec.ID+".json"), filepath.Join(r.Dir, "."+rec.ID+".tmp")
	out, err := os.OpenFile(tmp, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			os.Remove(tmp)
		}
	}()
	_, err = out.Write(data.Bytes())
	if err = errors.Join(err, out.Close()); err != nil {
		return err
	}
	if _, err := os.Lstat(name); err == nil { // looked for while the other name is held
		return fs.ErrExist
	}
	return os.Rename(tmp, name)
}
