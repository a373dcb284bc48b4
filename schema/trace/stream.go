package trace

import (
	"bytes"
	"cmp"
	"encoding/json"
	"strings"
	"unicode/utf8"
)

// readAnswer reads what came back.
func (c *Capture) readAnswer(r *responseRecord) {
	if r == nil {
		c.find(SeverityWarning, "no-answer", "no answer was recorded")
		return
	}
	c.Status = cmp.Or(r.Status, r.StatusCode)
	c.Answer = &Answer{Events: map[string]int{}, Calls: []string{}, Error: r.Error, Complete: true}
	events := r.Events
	if len(events) == 0 {
		events = r.SSEEvents
	}
	body := objectOf(r.Body)
	text := cmp.Or(r.BodyRaw, r.BodyRaw2)
	if json.Unmarshal(body, new(string)) == nil { // a string that is not JSON inside
		json.Unmarshal(body, &text)
		body = nil
	}
	cut := false
	if len(events) == 0 && text != "" {
		if events, cut = parseEvents(text); len(events) == 0 && len(body) == 0 {
			body = []byte(text)
		}
	}
	switch {
	case c.other:
		c.Answer.Complete = !cut && (r.Complete == nil || *r.Complete)
	case len(events) > 0:
		c.readStream(events, cut)
	case len(body) > 0 && body[0] == '{':
		c.readMessage(body)
	case r.Error == "" && !r.Aborted && c.Stream:
		c.Answer.Complete = false
		c.find(SeverityWarning, "stream-empty", "a stream was asked for and none was recorded")
	}
	c.remark(r)
}

// remark carries over what the recorder says of the answer.
func (c *Capture) remark(r *responseRecord) {
	if r.Aborted {
		c.find(SeverityWarning, "aborted", "the program gave up on the answer before its end")
	}
	if r.Truncated {
		c.find(SeverityWarning, "answer-truncated", "not all of the answer was recorded")
	}
	if r.Error != "" {
		c.find(SeverityWarning, "answer-failed", "the answer failed: %s", r.Error)
	}
	if r.Aborted || r.Truncated || r.Error != "" || r.Complete != nil && !*r.Complete {
		c.Answer.Complete = false
	}
}

// readMessage reads an answer that was not streamed, or one that the recorder put together.
func (c *Capture) readMessage(body []byte) {
	var m struct {
		Type       string `json:"type"`
		StopReason string `json:"stop_reason"`
		Content    []struct {
			Type, Name, Text string
		} `json:"content"`
		Error *struct {
			Type, Message string
		} `json:"error"`
	}
	if err := json.Unmarshal(body, &m); err != nil {
		c.find(SeverityWarning, "bad-answer", "the answer could not be read: %v", err)
		c.Answer.Complete = false
		return
	}
	c.Answer.StopReason = m.StopReason
	if m.Error != nil {
		c.Answer.Error = m.Error.Type + ": " + m.Error.Message
	}
	for _, b := range m.Content {
		c.Answer.Text += utf8.RuneCountInString(b.Text)
		if strings.HasSuffix(b.Type, "tool_use") {
			c.Answer.Calls = append(c.Answer.Calls, b.Name)
		}
	}
}

// streamEvent are the members of an event that matter here.
type streamEvent struct {
	Type         string `json:"type"`
	Index        int    `json:"index"`
	ContentBlock struct {
		Type string `json:"type"`
		Name string `json:"name"`
	} `json:"content_block"`
	Delta struct {
		Text       string `json:"text"`
		StopReason string `json:"stop_reason"`
	} `json:"delta"`
	Error struct {
		Type    string `json:"type"`
		Message string `json:"message"`
	} `json:"error"`
}

// cutEvent is what the hook writes in the place of an event that has no end.
const cutEvent = "cut"

// readStream counts the events of a stream and checks that it went from its start to its end.
func (c *Capture) readStream(events []eventRecord, cut bool) {
	a := c.Answer
	open := map[int]bool{}
	started, stopped := false, false
	for _, e := range events {
		if e.Event == cutEvent {
			cut = true
			continue
		}
		var s streamEvent
		if err := json.Unmarshal(objectOf(e.Data), &s); err != nil {
			c.find(SeverityWarning, "bad-event", "an event of the stream could not be read: %v", err)
		}
		kind := cmp.Or(s.Type, e.Event, "message")
		a.Events[kind]++
		switch kind {
		case "message_start":
			started = true
		case "content_block_start":
			open[s.Index] = true
			if strings.HasSuffix(s.ContentBlock.Type, "tool_use") {
				a.Calls = append(a.Calls, s.ContentBlock.Name)
			}
		case "content_block_delta":
			a.Text += utf8.RuneCountInString(s.Delta.Text)
		case "content_block_stop":
			delete(open, s.Index)
		case "message_delta":
			a.StopReason = cmp.Or(s.Delta.StopReason, a.StopReason)
		case "message_stop":
			stopped = true
		case "error":
			a.Error = s.Error.Type + ": " + s.Error.Message
			c.find(SeverityWarning, "stream-error", "the stream reports an error: %s", a.Error)
		}
	}
	if started && stopped && len(open) == 0 && !cut {
		return
	}
	a.Complete = false
	if a.Error == "" {
		c.find(SeverityWarning, "stream-cut", "%s", cutText(started, stopped, len(open), cut))
	}
}

// cutText says what a stream lacks.
func cutText(started, stopped bool, open int, cut bool) string {
	switch {
	case cut:
		return "the stream ends in the middle of an event"
	case !started:
		return "the stream has no start"
	case open > 0:
		return "the stream ends in the middle of a block"
	case !stopped:
		return "the stream has no end"
	}
	return "the stream is not whole"
}

// parseEvents reads the text of an event stream; cut says that its last event has no end.
func parseEvents(text string) (events []eventRecord, cut bool) {
	var name string
	var data []string
	flush := func() {
		if len(data) > 0 && data[0] != "[DONE]" {
			events = append(events, eventRecord{Event: name, Data: json.RawMessage(strings.Join(data, "\n"))})
		}
		name, data = "", nil
	}
	text = strings.ReplaceAll(text, "\r\n", "\n")
	for len(text) > 0 {
		line, rest, _ := strings.Cut(text, "\n")
		text = rest
		field, value, _ := strings.Cut(line, ":")
		value = strings.TrimPrefix(value, " ")
		switch {
		case line == "":
			flush()
		case field == "event":
			name = value
		case field == "data":
			data = append(data, value)
		}
	}
	if len(data) > 0 {
		// Some recorders drop the last line break: an event whose data is whole counts.
		if cut = !json.Valid(bytes.TrimSpace([]byte(strings.Join(data, "\n")))); !cut {
			flush()
		}
	}
	return events, cut || name != ""
}
