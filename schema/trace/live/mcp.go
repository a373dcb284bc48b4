package live

import (
	"bufio"
	"encoding/json"
	"io"
)

// ServeMCP is a server of the Model Context Protocol with one tool, which shows how a program passes on the tools of
// others. It speaks one JSON message a line.
func ServeMCP(in io.Reader, out io.Writer) error {
	enc := json.NewEncoder(out)
	lines := bufio.NewScanner(in)
	lines.Buffer(nil, 16<<20)
	for lines.Scan() {
		var req struct {
			ID     json.RawMessage `json:"id"`
			Method string          `json:"method"`
			Params struct {
				ProtocolVersion string `json:"protocolVersion"`
			} `json:"params"`
		}
		if json.Unmarshal(lines.Bytes(), &req) != nil || req.ID == nil {
			continue // a notification has no answer
		}
		answer := map[string]any{"jsonrpc": "2.0", "id": req.ID}
		switch req.Method {
		case "initialize":
			version := req.Params.ProtocolVersion
			if version == "" {
				version = "2024-11-05"
			}
			answer["result"] = map[string]any{"protocolVersion": version, "capabilities": map[string]any{"tools": map[string]any{}, "resources": map[string]any{}},
				"serverInfo": map[string]any{"name": "stub", "version": "1.0.0"}}
		case "tools/list":
			answer["result"] = map[string]any{"tools": []any{stubTool()}}
		case "resources/list":
			answer["result"] = map[string]any{"resources": []any{}}
		case "tools/call":
			answer["result"] = map[string]any{"content": []any{map[string]any{"type": "text", "text": answerText}}}
		case "ping":
			answer["result"] = map[string]any{}
		default:
			answer["error"] = map[string]any{"code": -32601, "message": "method not found"}
		}
		if err := enc.Encode(answer); err != nil {
			return err
		}
	}
	return lines.Err()
}

func stubTool() map[string]any {
	return map[string]any{"name": "echo", "description": "Answers what it is given", "inputSchema": map[string]any{
		"type": "object", "properties": map[string]any{"text": map[string]any{"type": "string", "description": "What to answer"}}, "required": []string{"text"}}}
}
