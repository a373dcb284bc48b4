package live

import (
	"bytes"
	"crypto/rand"
	_ "embed"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// Profile is what has to be known of a program to run it offline: everything in it is data that a user can write
// differently. In its texts ${URL} is the server's address, ${KEY} the invented key and ${KEY_TAIL} its last 20
// characters, ${HOME}, ${REPO} and ${TMP} are directories, ${PROMPT} is what is asked and ${SELF} this program.
type Profile struct {
	// Paths are what the path of a request to the model ends with; those of the APIs that are known if empty.
	Paths []string `json:"paths"`
	// KeyPrefix is how a key starts, for programs that look.
	KeyPrefix   string            `json:"keyPrefix"`
	Environment map[string]string `json:"environment"`
	// Files are put below HOME before the program runs.
	Files map[string]json.RawMessage `json:"files"`
	// Print and Interactive are the arguments that a mode adds to the command.
	Print       []string `json:"print"`
	Interactive []string `json:"interactive"`
	// MCP is how the program gets to know of the stub server.
	MCP struct {
		Arguments []string        `json:"arguments"`
		File      string          `json:"file"`
		Content   json.RawMessage `json:"content"`
	} `json:"mcp"`
}

//go:embed profile.json
var defaultProfile []byte

// DefaultProfile is the one that comes with this program.
func DefaultProfile() []byte { return bytes.Clone(defaultProfile) }

// ParseProfile reads a profile; a member that it does not know is an error, since it would do nothing.
func ParseProfile(data []byte) (*Profile, error) {
	p := &Profile{}
	dec := json.NewDecoder(bytes.NewReader(data))
	dec.DisallowUnknownFields()
	if err := dec.Decode(p); err != nil {
		return nil, fmt.Errorf("the profile: %w", err)
	}
	return p, nil
}

// room is where a program runs offline: directories of its own, and what its profile's texts stand for.
type room struct {
	tmp, home, repo string
	key             string
	words           *strings.Replacer
}

// newRoom makes the directories. The server's address comes later: it is known only where the server runs.
func newRoom(p *Profile, plan *plan, url string) (*room, error) {
	var secret [24]byte
	rand.Read(secret[:])
	r := &room{tmp: plan.Tmp, home: filepath.Join(plan.Tmp, "home"), repo: filepath.Join(plan.Tmp, "demo"),
		key: p.KeyPrefix + "invented-" + hex.EncodeToString(secret[:])}
	for _, dir := range []string{r.home, r.repo, filepath.Join(r.tmp, "tmp")} {
		if err := os.MkdirAll(dir, 0o700); err != nil {
			return nil, err
		}
	}
	r.words = strings.NewReplacer("${URL}", url, "${KEY}", r.key, "${KEY_TAIL}", r.key[len(r.key)-20:], "${HOME}", r.home,
		"${REPO}", r.repo, "${TMP}", r.tmp, "${PROMPT}", plan.Prompt, "${SELF}", plan.Self)
	for name, content := range p.Files {
		if err := r.writeJSON(filepath.Join(r.home, filepath.FromSlash(name)), content); err != nil {
			return nil, err
		}
	}
	if plan.MCPStub {
		if p.MCP.File == "" {
			return nil, fmt.Errorf("the profile does not say how the program gets to know of a server")
		}
		if err := r.writeJSON(filepath.Join(r.tmp, p.MCP.File), p.MCP.Content); err != nil {
			return nil, err
		}
	}
	return r, nil
}

// writeJSON writes a file of the profile with its words replaced, in keys as in values.
func (r *room) writeJSON(path string, content json.RawMessage) error {
	if !filepath.IsLocal(strings.TrimPrefix(path, r.tmp+string(filepath.Separator))) {
		return fmt.Errorf("the profile names a file outside of its directory: %s", path)
	}
	var v any
	if err := json.Unmarshal(content, &v); err != nil {
		return err
	}
	data, err := json.MarshalIndent(r.filled(v), "", "  ")
	if err != nil {
		return err
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return err
	}
	return os.WriteFile(path, data, 0o600)
}

// filled replaces the words in every text of a JSON value.
func (r *room) filled(v any) any {
	switch v := v.(type) {
	case string:
		return r.words.Replace(v)
	case []any:
		for i := range v {
			v[i] = r.filled(v[i])
		}
	case map[string]any:
		for _, k := range slices.Collect(maps.Keys(v)) {
			item := r.filled(v[k])
			delete(v, k)
			v[r.words.Replace(k)] = item
		}
	}
	return v
}

// environment is all that the program gets: nothing of the user's own, which may hold keys.
func (r *room) environment(p *Profile, extra []string) []string {
	env := []string{
		"PATH=" + os.Getenv("PATH"), "HOME=" + r.home, "TMPDIR=" + filepath.Join(r.tmp, "tmp"), "PWD=" + r.repo,
		"LANG=C.UTF-8", "TERM=xterm-256color", "SHELL=/bin/bash", "USER=user", "LOGNAME=user",
	}
	for _, name := range slices.Sorted(maps.Keys(p.Environment)) {
		env = append(env, name+"="+r.words.Replace(p.Environment[name]))
	}
	for _, line := range extra {
		env = append(env, r.words.Replace(line))
	}
	return env
}

// arguments is the command with what the mode adds.
func (r *room) arguments(p *Profile, plan *plan) []string {
	args := slices.Clone(plan.Command)
	switch plan.Mode {
	case ModePrint:
		args = append(args, p.Print...)
	case ModeInteractive:
		args = append(args, p.Interactive...)
	}
	if plan.MCPStub {
		args = append(args, p.MCP.Arguments...)
	}
	for i := len(plan.Command); i < len(args); i++ {
		args[i] = r.words.Replace(args[i])
	}
	return args
}
