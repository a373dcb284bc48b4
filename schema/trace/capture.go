// Package trace reads what a program sent to its model: captured requests and their answers, as this program's own hook
// and server record them and as other recorders do. It reads streams, holds one record at a time, and says what it
// could not see: a cut-off file is a finding and never a smaller figure.
package trace

import (
	"encoding/json"
	"fmt"

	"github.com/bundlens/bundlens/schema"
)

// Severities of a finding, as those of a diagnostic.
const (
	SeverityError   = schema.SeverityError   // something could not be seen
	SeverityWarning = schema.SeverityWarning // something may be wrong
	SeverityNote    = schema.SeverityNote    // worth knowing
)

// Finding is a remark on a capture.
type Finding struct {
	// Severity is one of the constants; Code names the kind of remark in kebab-case and is stable.
	Severity string `json:"severity"`
	Code     string `json:"code"`
	Message  string `json:"message"`
	// File and Offset are the place, in the file's unpacked bytes.
	File   string `json:"file"`
	Offset int64  `json:"offset"`
}

// String is the finding in a line.
func (f Finding) String() string {
	return fmt.Sprintf("%s: at byte %d: %s (%s)", f.File, f.Offset, f.Message, f.Code)
}

// Capture is one request to the model and what came back.
type Capture struct {
	// File and Offset say where it stands.
	File   string
	Offset int64
	ID     string
	// Time is when it was sent, as the recorder wrote it.
	Time   string
	Method string
	URL    string
	// Agent is what the program calls itself, its User-Agent.
	Agent  string
	Status int
	Model  string
	// Stream says that a streamed answer was asked for.
	Stream   bool
	System   []Block
	Tools    []Tool
	Messages []Message
	// Answer is nil where none was recorded.
	Answer   *Answer
	Findings []Finding
	// Request is the body as it was recorded.
	Request json.RawMessage

	other bool // it has the form of another API than Messages, whose answers are not looked into
}

// Block is a text block of the system prompt or of a message, or another kind of block by its type.
type Block struct {
	Type string `json:"type"`
	Text string `json:"text"`
}

// Message is one turn.
type Message struct {
	Role    string  `json:"role"`
	Content []Block `json:"content"`
}

// Tool is a tool as the model was told of it.
type Tool struct {
	Name        string
	Description string
	// InputSchema is verbatim; nil for a tool that the other side defines.
	InputSchema json.RawMessage
	// Extra are its other members by name.
	Extra map[string]json.RawMessage
	// Raw is the whole of it, verbatim.
	Raw json.RawMessage
}

// Answer is what came back.
type Answer struct {
	// Events is how many events of each kind a stream had; empty where the answer was not streamed.
	Events map[string]int `json:"events"`
	// Complete is false where the stream did not end as it should.
	Complete   bool     `json:"complete"`
	StopReason string   `json:"stopReason"`
	Text       int      `json:"text"` // characters of text
	Calls      []string `json:"calls"`
	Error      string   `json:"error"`
}

func (c *Capture) find(severity, code, format string, args ...any) {
	c.Findings = append(c.Findings, Finding{Severity: severity, Code: code, Message: fmt.Sprintf(format, args...), File: c.File, Offset: c.Offset})
}

// sizeText is a number of bytes for people.
func sizeText(n int64) string {
	switch {
	case n >= 10<<20:
		return fmt.Sprintf("%d MiB", n>>20)
	case n >= 10<<10:
		return fmt.Sprintf("%d KiB", n>>10)
	}
	return fmt.Sprintf("%d bytes", n)
}

// count is a number of things, in words.
func count(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}
