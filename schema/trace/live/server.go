package live

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/bundlens/bundlens/schema/trace"
)

// maxRequest bounds the body of a request.
const maxRequest = 64 << 20

// Server answers in a model's place: each message with a short text and an end, streamed or not as it was asked for.
type Server struct {
	// Record is where requests go.
	Record *trace.Recorder
	// Paths are those of requests to a model; trace.DefaultPaths if empty.
	Paths []string
	// Seen is called after each request to a model was answered; may be nil.
	Seen func(tools int)

	mu         sync.Mutex
	others     map[string]int
	err        error
	unrecorded int
}

// Listen opens a port on loopback; an address anywhere else is refused, as what programs send holds their users' data.
func Listen(addr string) (net.Listener, error) {
	host, _, err := net.SplitHostPort(addr)
	if err != nil {
		return nil, err
	}
	if ip := net.ParseIP(host); host != "localhost" && (ip == nil || !ip.IsLoopback()) {
		return nil, fmt.Errorf("%s is not an address of loopback", addr)
	}
	return net.Listen("tcp", addr)
}

// Others are the requests that were not to a model, counted by method and path.
func (s *Server) Others() map[string]int {
	s.mu.Lock()
	defer s.mu.Unlock()
	out := map[string]int{}
	for k, n := range s.others {
		out[k] = n
	}
	return out
}

// Err is the first failure to record; it says how many requests are not there.
func (s *Server) Err() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.err == nil {
		return nil
	}
	return fmt.Errorf("requests that could not be recorded: %d; the first: %w", s.unrecorded, s.err)
}

// ServeHTTP answers one request.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	start := time.Now()
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxRequest))
	path := strings.TrimSuffix(r.URL.Path, "/")
	switch {
	case err != nil:
		var big *http.MaxBytesError
		if errors.As(err, &big) {
			refuse(w, http.StatusRequestEntityTooLarge, "request_too_large", "the request is too large")
		}
	case r.Method == http.MethodPost && s.isModel(path):
		s.message(w, r, body, start)
	case r.Method == http.MethodPost && s.isModel(strings.TrimSuffix(path, "/count_tokens")):
		s.other(r)
		answerJSON(w, http.StatusOK, map[string]any{"input_tokens": 1 + len(body)/4})
	default:
		s.other(r)
		if r.Method == http.MethodHead {
			return
		}
		refuse(w, http.StatusNotFound, "not_found_error", "there is nothing here but messages")
	}
}

func (s *Server) isModel(path string) bool {
	paths := s.Paths
	if len(paths) == 0 {
		paths = trace.DefaultPaths
	}
	for _, p := range paths {
		if strings.HasSuffix(path, p) {
			return true
		}
	}
	return false
}

func (s *Server) other(r *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.others == nil {
		s.others = map[string]int{}
	}
	if len(s.others) < 1000 {
		s.others[r.Method+" "+r.URL.Path]++
	}
}

// message answers a request to the model, and records it before the program can end.
func (s *Server) message(w http.ResponseWriter, r *http.Request, body []byte, start time.Time) {
	var req struct {
		Model  string            `json:"model"`
		Stream bool              `json:"stream"`
		Tools  []json.RawMessage `json:"tools"`
	}
	end := ""
	answer := &trace.RecordedResponse{Status: http.StatusOK, Headers: map[string]string{}, Complete: true}
	bad := json.Unmarshal(body, &req)
	switch {
	case bad != nil:
		answer.Status, answer.Body = http.StatusBadRequest, errorBody("invalid_request_error", "the body is not JSON")
	default:
		form := formOf(r.URL)
		if form.streams(r.URL, req.Stream) {
			answer.Events = form.streamed(form.modelOf(r.URL, req.Model))
		} else {
			answer.Body = form.whole(form.modelOf(r.URL, req.Model))
		}
		end = form.end
	}
	if err := s.Record.Record(r, body, start, answer); err != nil {
		s.mu.Lock()
		s.err = cmp.Or(s.err, err)
		s.unrecorded++
		s.mu.Unlock()
	}
	send(w, answer, end)
	if s.Seen != nil {
		s.Seen(len(req.Tools))
	}
}

// send writes an answer. End is the line behind a stream that is no event, where the interface has one.
func send(w http.ResponseWriter, answer *trace.RecordedResponse, end string) {
	if answer.Events == nil {
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(answer.Status)
		w.Write(answer.Body)
		return
	}
	w.Header().Set("Content-Type", "text/event-stream; charset=utf-8")
	w.WriteHeader(answer.Status)
	flush := http.NewResponseController(w)
	for _, e := range answer.Events {
		if e.Event != "" {
			fmt.Fprintf(w, "event: %s\n", e.Event)
		}
		fmt.Fprintf(w, "data: %s\n\n", e.Data)
		flush.Flush()
	}
	io.WriteString(w, end)
}

func errorBody(kind, text string) json.RawMessage {
	return mustJSON(map[string]any{"type": "error", "error": map[string]any{"type": kind, "message": text}})
}

func refuse(w http.ResponseWriter, status int, kind, text string) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	w.Write(errorBody(kind, text))
}

func answerJSON(w http.ResponseWriter, status int, v any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	w.Write(mustJSON(v))
}

func mustJSON(v any) json.RawMessage {
	data, err := json.Marshal(v)
	if err != nil {
		panic(err) // maps of texts and numbers
	}
	return data
}
