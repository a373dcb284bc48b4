package trace

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
)

// The members that mark a bundle in which claude-tap keeps what repeats only once.
const (
	bundleMark = "__claude_tap_compact_trace__"
	recordMark = "__claude_tap_compact_record__"
	blobMark   = "__claude_tap_blob_ref__"
)

// maxUnfolded bounds a record with its repeated parts put back.
const maxUnfolded = 256 << 20

// unfold answers the records of a bundle or of an archive, or the object itself where it is none.
func unfold(raw []byte) ([]json.RawMessage, error) {
	if entries, ok := unarchive(raw); ok {
		return entries, nil
	}
	if !bytes.Contains(raw, []byte(bundleMark)) {
		return []json.RawMessage{raw}, nil
	}
	var bundle struct {
		Mark    json.RawMessage   `json:"__claude_tap_compact_trace__"`
		Records []json.RawMessage `json:"records"`
		Blobs   map[string]struct {
			Payload json.RawMessage `json:"payload"`
		} `json:"blobs"`
	}
	if err := json.Unmarshal(raw, &bundle); err != nil {
		return nil, err
	}
	if bundle.Mark == nil {
		return []json.RawMessage{raw}, nil // the word stands in some text
	}
	out := make([]json.RawMessage, len(bundle.Records))
	for i, r := range bundle.Records {
		var folded map[string]json.RawMessage
		if json.Unmarshal(r, &folded) == nil && folded[recordMark] != nil {
			r = folded["record"]
		}
		blob := func(hash string) (json.RawMessage, bool) {
			b, ok := bundle.Blobs[hash]
			return b.Payload, ok
		}
		whole, err := putBack(r, blob)
		if err != nil {
			return nil, fmt.Errorf("record %d: %w", i+1, err)
		}
		out[i] = whole
	}
	return out, nil
}

// putBack replaces references in the request's body, where alone they stand, by what they refer to.
func putBack(raw json.RawMessage, blob func(string) (json.RawMessage, bool)) (json.RawMessage, error) {
	var out bytes.Buffer
	for {
		at := bytes.Index(raw, []byte(`{"`+blobMark+`"`))
		if at < 0 {
			out.Write(raw)
			return out.Bytes(), nil
		}
		dec := json.NewDecoder(bytes.NewReader(raw[at:]))
		var ref map[string]struct {
			Hash string `json:"hash"`
		}
		if err := dec.Decode(&ref); err != nil {
			return nil, err
		}
		payload, ok := blob(ref[blobMark].Hash)
		if !ok {
			return nil, errors.New("it refers to a part that is not in the bundle")
		}
		out.Write(raw[:at])
		out.Write(payload)
		raw = raw[at+int(dec.InputOffset()):]
		if out.Len()+len(raw) > maxUnfolded {
			return nil, errors.New("put back together it is over the bound of " + sizeText(maxUnfolded))
		}
	}
}
