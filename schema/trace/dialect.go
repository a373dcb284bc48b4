package trace

import (
	"encoding/json"
	"strings"

	"github.com/tidwall/gjson"

	"github.com/bundlens/bundlens/internal/lazyregexp"
)

// The other forms that requests to a model have, by what stands in their bodies: Chat Completions and Responses as OpenAI's
// reference of the API describes them, and Gemini's generateContent.

// messagesOf writes a request of another form as one of the Messages API, and says whether it was one.
func messagesOf(raw json.RawMessage, address string) (json.RawMessage, bool) {
	body := gjson.ParseBytes(raw)
	if !body.IsObject() {
		return raw, false
	}
	out := requestBody{Model: body.Get("model").String(), Stream: body.Get("stream").Bool()}
	var system []Block
	add := func(role string, content gjson.Result) {
		if role == "system" || role == "developer" {
			system = append(system, texts(content)...)
			return
		}
		if role == "" || role == "model" {
			role = "assistant"
		}
		out.Messages = append(out.Messages, requestMessage{role, mustJSON(texts(content))})
	}
	functions := body.Get("tools.#.function").Array()
	switch {
	case body.Get("contents").Exists():
		for _, key := range []string{"systemInstruction", "system_instruction", "config.systemInstruction"} {
			add("system", body.Get(key))
		}
		for _, c := range body.Get("contents").Array() {
			add(c.Get("role").String(), c)
		}
		functions = nil
		for _, key := range []string{"tools.#.functionDeclarations|@flatten", "tools.#.function_declarations|@flatten"} {
			functions = append(functions, body.Get(key).Array()...)
		}
		if m := modelInPath.Get().FindStringSubmatch(address); m != nil && out.Model == "" {
			out.Model, out.Stream = m[1], m[2] == "streamGenerateContent"
		}
	case body.Get("input").Exists() || body.Get("instructions").Exists():
		add("system", body.Get("instructions"))
		if input := body.Get("input"); input.IsArray() {
			for _, m := range input.Array() {
				if m.Get("role").Exists() {
					add(m.Get("role").String(), m.Get("content"))
				}
			}
		} else {
			add("user", input)
		}
		functions = body.Get("tools").Array()
	// the Messages API has messages of the system, too, but its own members beside them
	case body.Get("system").Exists() || body.Get("tools.#(input_schema)").Exists():
		return raw, false
	case len(functions) > 0 || strings.Contains(address, "/chat/completions") || body.Get(`messages.#(role=="system")`).Exists() || body.Get(`messages.#(role=="developer")`).Exists():
		for _, m := range body.Get("messages").Array() {
			add(m.Get("role").String(), m.Get("content"))
		}
	default:
		return raw, false
	}
	for _, f := range functions {
		out.Tools = append(out.Tools, toolIn(f))
	}
	if len(system) > 0 {
		out.System = mustJSON(system)
	}
	return mustJSON(out), true
}

// modelInPath is where Gemini's requests name their model.
var modelInPath = lazyregexp.New(`models/([^/:?]+):(\w+)`)

// texts are the texts of a content: a text, parts of one, or a list of them.
func texts(content gjson.Result) []Block {
	switch {
	case content.Type == gjson.String:
		return []Block{{Type: "text", Text: content.String()}}
	case content.IsArray():
		var out []Block
		for _, part := range content.Array() {
			out = append(out, texts(part)...)
		}
		return out
	case content.Get("parts").Exists():
		return texts(content.Get("parts"))
	case content.Get("text").Exists():
		return texts(content.Get("text"))
	}
	return nil
}

// toolIn is a function that the model may call, as a tool of the Messages API. One that the other side defines has its
// kind as its name.
func toolIn(f gjson.Result) json.RawMessage {
	tool := map[string]json.RawMessage{}
	for to, names := range map[string][]string{"name": {"name", "type"}, "description": {"description"},
		"input_schema": {"parameters", "parametersJsonSchema"}} {
		for _, name := range names {
			if v := f.Get(name); v.Exists() {
				tool[to] = json.RawMessage(v.Raw)
				break
			}
		}
	}
	return mustJSON(tool)
}

func mustJSON(v any) json.RawMessage {
	data, err := json.Marshal(v)
	if err != nil {
		panic(err) // texts, and JSON that was parsed
	}
	return data
}
