package trace

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"strings"
)

// archive is a HAR file, an archive of requests as browsers and proxies write it (version 1.2 of the format).
type archive struct {
	Log *struct {
		Entries []struct {
			StartedDateTime string `json:"startedDateTime"`
			Request         struct {
				Method   string     `json:"method"`
				URL      string     `json:"url"`
				Headers  []harField `json:"headers"`
				PostData struct {
					Text string `json:"text"`
				} `json:"postData"`
			} `json:"request"`
			Response struct {
				Status  int `json:"status"`
				Content struct {
					Text     string `json:"text"`
					Encoding string `json:"encoding"`
				} `json:"content"`
			} `json:"response"`
		} `json:"entries"`
	} `json:"log"`
}

type harField struct {
	Name  string `json:"name"`
	Value string `json:"value"`
}

// unarchive answers the entries of a HAR file as records; false where it is none.
func unarchive(raw []byte) ([]json.RawMessage, bool) {
	var a archive
	if !bytes.Contains(raw, []byte(`"entries"`)) || json.Unmarshal(raw, &a) != nil || a.Log == nil {
		return nil, false
	}
	out := []json.RawMessage{}
	for _, e := range a.Log.Entries {
		headers := map[string]any{}
		for _, h := range e.Request.Headers {
			headers[strings.ToLower(h.Name)] = h.Value
		}
		text := e.Response.Content.Text
		if e.Response.Content.Encoding == "base64" {
			if plain, err := base64.StdEncoding.DecodeString(text); err == nil {
				text = string(plain)
			}
		}
		request := map[string]any{"method": e.Request.Method, "url": e.Request.URL, "headers": headers}
		if e.Request.PostData.Text != "" {
			request["body"] = e.Request.PostData.Text
		}
		out = append(out, mustJSON(map[string]any{"startedAt": e.StartedDateTime, "request": request,
			"response": map[string]any{"status": e.Response.Status, "body_raw": text}}))
	}
	return out, true
}
