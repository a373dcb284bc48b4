package trace

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"net/url"
	"slices"
	"strings"
)

// record is what recorders write, one request with its answer. They agree on the shape and differ in names:
//
//	this program   {"bundlens":"capture","startedAt", request{method,url,headers,body}, response{status,headers,body|events,complete}}
//	claude-trace   {request{timestamp,method,url,headers,body}, response{status_code,headers,body|body_raw|events}|null, logged_at}
//	claude-tap     {timestamp,request_id,turn,duration_ms, request{method,path,headers,body}, response{status,headers,body,sse_events}}
//	cctrace        {id, request{timestamp,method,url,headers,body}, response{status,headers,body|bodyRaw,truncated}|null, duration, loggedAt}
type record struct {
	ID         string `json:"id"`
	RequestID  string `json:"request_id"`
	StartedAt  string `json:"startedAt"`
	LoggedAt   string `json:"loggedAt"`
	LoggedAt2  string `json:"logged_at"`
	Timestamp  any    `json:"timestamp"`
	Redactions int    `json:"redactions"`

	Request  *requestRecord  `json:"request"`
	Response *responseRecord `json:"response"`

	// A body by itself.
	Model    string          `json:"model"`
	Messages json.RawMessage `json:"messages"`
}

type requestRecord struct {
	Method string `json:"method"`
	URL    string `json:"url"`
	Path   string `json:"path"`
	// Headers are by name; what stands in them besides texts is not looked at.
	Headers map[string]any  `json:"headers"`
	Body    json.RawMessage `json:"body"`
	// Omitted says what the recorder left out for its size.
	Omitted   []string `json:"omitted"`
	Truncated bool     `json:"truncated"`
}

type responseRecord struct {
	Status     int             `json:"status"`
	StatusCode int             `json:"status_code"`
	Body       json.RawMessage `json:"body"`
	BodyRaw    string          `json:"body_raw"`
	BodyRaw2   string          `json:"bodyRaw"`
	Events     []eventRecord   `json:"events"`
	SSEEvents  []eventRecord   `json:"sse_events"`
	Complete   *bool           `json:"complete"`
	Truncated  bool            `json:"truncated"`
	Aborted    bool            `json:"aborted"`
	Error      string          `json:"error"`
}

// eventRecord is one event of a stream. Its data is JSON, or a string with JSON in it.
type eventRecord struct {
	Event string          `json:"event"`
	Data  json.RawMessage `json:"data"`
}

// errNoRequest is a record that is none.
var errNoRequest = errors.New("the record has no request")

// decode reads one record; it answers nil for one that is no request to a model.
func (o Options) decode(raw []byte) (*Capture, error) {
	var r record
	if err := json.Unmarshal(raw, &r); err != nil {
		return nil, err
	}
	if r.Request == nil {
		if r.Model == "" || len(r.Messages) == 0 {
			return nil, errNoRequest
		}
		r.Request = &requestRecord{Body: raw}
	}
	req := r.Request
	if !o.wants(cmp.Or(req.URL, req.Path)) {
		return nil, nil
	}
	c := &Capture{ID: cmp.Or(r.ID, r.RequestID), Method: req.Method, URL: cmp.Or(req.URL, req.Path), Agent: req.agent(), Request: objectOf(req.Body)}
	c.Time = cmp.Or(r.StartedAt, r.LoggedAt, r.LoggedAt2)
	if stamp, ok := r.Timestamp.(string); ok && c.Time == "" {
		c.Time = stamp
	}
	if r.Redactions > 0 {
		c.find(SeverityNote, "redacted", "%s taken out of it", count(r.Redactions, "secret"))
	}
	c.readRequest(req)
	c.readAnswer(r.Response)
	return c, nil
}

// agent is the request's User-Agent.
func (r *requestRecord) agent() string {
	for name, value := range r.Headers {
		if text, ok := value.(string); ok && strings.EqualFold(name, "user-agent") {
			return text
		}
	}
	return ""
}

// wants says whether an address is a model's. A record without one is judged by its body.
func (o Options) wants(address string) bool {
	if address == "" {
		return true
	}
	path := address
	if u, err := url.Parse(address); err == nil {
		path = u.Path
	}
	path = strings.TrimSuffix(path, "/")
	return slices.ContainsFunc(o.Paths, func(p string) bool { return strings.HasSuffix(path, p) })
}

// objectOf is a body as an object: some recorders write it as a string.
func objectOf(body json.RawMessage) json.RawMessage {
	body = bytes.TrimSpace(body)
	if len(body) > 0 && body[0] == '"' {
		var text string
		if json.Unmarshal(body, &text) == nil && json.Valid([]byte(text)) {
			body = bytes.TrimSpace([]byte(text))
		}
	}
	return body
}

// requestBody are the members of a request that matter here.
type requestBody struct {
	Model    string            `json:"model"`
	Stream   bool              `json:"stream"`
	System   json.RawMessage   `json:"system"`
	Tools    []json.RawMessage `json:"tools"`
	Messages []requestMessage  `json:"messages"`
}

type requestMessage struct {
	Role    string          `json:"role"`
	Content json.RawMessage `json:"content"`
}

// readRequest takes a request's body apart.
func (c *Capture) readRequest(r *requestRecord) {
	for _, part := range r.Omitted {
		c.find(SeverityError, "body-omitted", "the request was recorded without its %s", part)
	}
	if len(c.Request) == 0 || string(c.Request) == "null" {
		if len(r.Omitted) == 0 {
			c.find(SeverityError, "no-body", "the request was recorded without its body")
		}
		return
	}
	var b requestBody
	body, other := messagesOf(c.Request, c.URL)
	c.other = other
	if err := json.Unmarshal(body, &b); err != nil {
		c.find(SeverityError, "bad-body", "the request's body is no request to a model: %v", err)
		return
	}
	if r.Truncated {
		c.find(SeverityError, "body-truncated", "the request's body is not whole")
	}
	if b.Model == "" && b.Messages == nil {
		// A recorder that folds what a later request repeats leaves a stub.
		c.find(SeverityError, "folded-body", "the request's body was folded away by its recorder")
		return
	}
	c.Model, c.Stream = b.Model, b.Stream
	c.System = c.blocks(b.System, "system")
	for _, m := range b.Messages {
		c.Messages = append(c.Messages, Message{Role: m.Role, Content: c.blocks(m.Content, "a message")})
	}
	names := map[string]bool{}
	for _, raw := range b.Tools {
		t, err := toolOf(raw)
		if err != nil {
			c.find(SeverityError, "bad-tool", "a tool could not be read: %v", err)
			continue
		}
		if names[t.Name] {
			c.find(SeverityWarning, "duplicate-tool", "two tools are named %s", t.Name)
		}
		names[t.Name] = true
		c.Tools = append(c.Tools, t)
	}
}

// blocks reads content, which is a text or a list of blocks.
func (c *Capture) blocks(raw json.RawMessage, of string) []Block {
	if len(raw) == 0 || string(raw) == "null" {
		return nil
	}
	var text string
	if json.Unmarshal(raw, &text) == nil {
		return []Block{{Type: "text", Text: text}}
	}
	var list []json.RawMessage
	if err := json.Unmarshal(raw, &list); err != nil {
		c.find(SeverityError, "bad-content", "the content of %s could not be read: %v", of, err)
		return nil
	}
	var out []Block
	for _, item := range list {
		out = append(out, blockOf(item))
	}
	return out
}

// blockOf reads one block. What a tool answered may be texts of its own, which count as the block's text.
func blockOf(raw json.RawMessage) Block {
	var b struct {
		Type    string          `json:"type"`
		Text    string          `json:"text"`
		Content json.RawMessage `json:"content"`
	}
	if json.Unmarshal(raw, &b) != nil {
		var text string
		json.Unmarshal(raw, &text)
		return Block{Type: "text", Text: text}
	}
	if b.Text == "" && len(b.Content) > 0 {
		b.Text = textOf(b.Content)
	}
	return Block{Type: b.Type, Text: b.Text}
}

func textOf(content json.RawMessage) string {
	var text string
	if json.Unmarshal(content, &text) == nil {
		return text
	}
	var list []struct {
		Text string `json:"text"`
	}
	json.Unmarshal(content, &list)
	for i, b := range list {
		if i > 0 {
			text += "\n"
		}
		text += b.Text
	}
	return text
}

// toolOf reads a tool.
func toolOf(raw json.RawMessage) (Tool, error) {
	t := Tool{Raw: raw}
	if err := json.Unmarshal(raw, &t.Extra); err != nil {
		return t, err
	}
	for name, into := range map[string]*string{"name": &t.Name, "description": &t.Description} {
		if member, ok := t.Extra[name]; ok {
			if err := json.Unmarshal(member, into); err != nil {
				return t, err
			}
			delete(t.Extra, name)
		}
	}
	if t.Name == "" {
		return t, errors.New("it has no name")
	}
	t.InputSchema = t.Extra["input_schema"]
	delete(t.Extra, "input_schema")
	return t, nil
}
