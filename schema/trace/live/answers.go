package live

import (
	"encoding/json"
	"net/url"
	"path"
	"strings"

	"github.com/bundlens/bundlens/schema/trace"
)

const answerText = "ok"

// form is how an interface to a model answers: at once, or as the shortest stream that is valid.
type form struct {
	suffix   string // of the paths
	whole    func(model string) json.RawMessage
	streamed func(model string) []trace.RecordedEvent
	end      string // what stands behind a stream
	byPath   bool   // the path says whether the answer is a stream, and the model
}

// forms are those that are known; the first one answers on other paths.
var forms = []form{
	{suffix: "/messages", whole: wholeMessage, streamed: streamedMessage},
	{suffix: "/chat/completions", whole: wholeChat, streamed: streamedChat, end: "data: [DONE]\n\n"},
	{suffix: "/responses", whole: wholeResponse, streamed: streamedResponse},
	{suffix: ":generateContent", whole: wholeContent, streamed: streamedContent, byPath: true},
	{suffix: ":streamGenerateContent", whole: listedContent, streamed: streamedContent, byPath: true},
}

func formOf(u *url.URL) form {
	for _, f := range forms {
		if strings.HasSuffix(strings.TrimSuffix(u.Path, "/"), f.suffix) {
			return f
		}
	}
	return forms[0]
}

// streams says whether an answer is a stream of events.
func (f form) streams(u *url.URL, asked bool) bool {
	if f.byPath {
		return u.Query().Get("alt") == "sse"
	}
	return asked
}

// modelOf is the model that a request asks: .../models/NAME:generateContent, or what its body says.
func (f form) modelOf(u *url.URL, named string) string {
	if f.byPath {
		return strings.TrimSuffix(path.Base(u.Path), f.suffix)
	}
	return named
}

type object = map[string]any

func event(kind string, members object) trace.RecordedEvent {
	members["type"] = kind
	return trace.RecordedEvent{Event: kind, Data: mustJSON(members)}
}

func message(model, stop string, content []any) object {
	m := object{
		"id": "msg_bundlens", "type": "message", "role": "assistant", "model": model, "content": content,
		"stop_reason": nil, "stop_sequence": nil,
		"usage": object{"input_tokens": 1, "output_tokens": 1, "cache_creation_input_tokens": 0, "cache_read_input_tokens": 0},
	}
	if stop != "" {
		m["stop_reason"] = stop
	}
	return m
}

// wholeMessage answers as the Messages API does.
func wholeMessage(model string) json.RawMessage {
	return mustJSON(message(model, "end_turn", []any{object{"type": "text", "text": answerText}}))
}

func streamedMessage(model string) []trace.RecordedEvent {
	return []trace.RecordedEvent{
		event("message_start", object{"message": message(model, "", []any{})}),
		event("content_block_start", object{"index": 0, "content_block": object{"type": "text", "text": ""}}),
		event("content_block_delta", object{"index": 0, "delta": object{"type": "text_delta", "text": answerText}}),
		event("content_block_stop", object{"index": 0}),
		event("message_delta", object{"delta": object{"stop_reason": "end_turn", "stop_sequence": nil}, "usage": object{"output_tokens": 1}}),
		event("message_stop", object{}),
	}
}

// wholeChat answers as the Chat Completions API does.
func wholeChat(model string) json.RawMessage {
	return mustJSON(object{"id": "chatcmpl-bundlens", "object": "chat.completion", "created": 0, "model": model,
		"choices": []any{object{"index": 0, "message": object{"role": "assistant", "content": answerText}, "finish_reason": "stop"}},
		"usage":   object{"prompt_tokens": 1, "completion_tokens": 1, "total_tokens": 2}})
}

func streamedChat(model string) (out []trace.RecordedEvent) {
	for _, choice := range []object{
		{"index": 0, "delta": object{"role": "assistant", "content": answerText}, "finish_reason": nil},
		{"index": 0, "delta": object{}, "finish_reason": "stop"},
	} {
		out = append(out, trace.RecordedEvent{Data: mustJSON(object{"id": "chatcmpl-bundlens", "object": "chat.completion.chunk", "created": 0,
			"model": model, "choices": []any{choice}})})
	}
	return out
}

// response is an answer of the Responses API, with the items that it has so far.
func response(model, status string, output ...any) object {
	r := object{"id": "resp_bundlens", "object": "response", "created_at": 0, "status": status, "model": model, "output": append([]any{}, output...)}
	if status == "completed" {
		r["usage"] = object{"input_tokens": 1, "output_tokens": 1, "total_tokens": 2}
	}
	return r
}

func responseItem(status string, content ...any) object {
	return object{"type": "message", "id": "msg_bundlens", "role": "assistant", "status": status, "content": append([]any{}, content...)}
}

func responseText(text string) object {
	return object{"type": "output_text", "text": text, "annotations": []any{}}
}

func wholeResponse(model string) json.RawMessage {
	return mustJSON(response(model, "completed", responseItem("completed", responseText(answerText))))
}

func streamedResponse(model string) []trace.RecordedEvent {
	at := func(members object) object {
		members["item_id"], members["output_index"], members["content_index"] = "msg_bundlens", 0, 0
		return members
	}
	item := responseItem("completed", responseText(answerText))
	kinds := []struct {
		kind    string
		members object
	}{
		{"response.created", object{"response": response(model, "in_progress")}},
		{"response.output_item.added", object{"output_index": 0, "item": responseItem("in_progress")}},
		{"response.content_part.added", at(object{"part": responseText("")})},
		{"response.output_text.delta", at(object{"delta": answerText})},
		{"response.output_text.done", at(object{"text": answerText})},
		{"response.content_part.done", at(object{"part": responseText(answerText)})},
		{"response.output_item.done", object{"output_index": 0, "item": item}},
		{"response.completed", object{"response": response(model, "completed", item)}},
	}
	out := make([]trace.RecordedEvent, len(kinds))
	for i, k := range kinds {
		k.members["sequence_number"] = i
		out[i] = event(k.kind, k.members)
	}
	return out
}

// content answers as Gemini's generateContent does.
func content(model string) object {
	return object{"modelVersion": model, "usageMetadata": object{"promptTokenCount": 1, "candidatesTokenCount": 1, "totalTokenCount": 2},
		"candidates": []any{object{"index": 0, "finishReason": "STOP", "content": object{"role": "model", "parts": []any{object{"text": answerText}}}}}}
}

func wholeContent(model string) json.RawMessage { return mustJSON(content(model)) }

func listedContent(model string) json.RawMessage { return mustJSON([]any{content(model)}) }

func streamedContent(model string) []trace.RecordedEvent {
	return []trace.RecordedEvent{{Data: mustJSON(content(model))}}
}
