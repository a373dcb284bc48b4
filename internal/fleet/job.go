package fleet

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"time"
)

// Job is one input to be analysed in one way.
type Job struct {
	// Input is what the user named, with an exact version where it is of a registry.
	Input string `json:"input"`
	// Content identifies the input before it is opened: the SHA-256 of a file, or Input itself where that always means the
	// same.
	Content string `json:"content"`
	// File says that Input is a file of the sweep's machine, whose bytes other machines get from the store.
	File bool `json:"file"`
	// Size is about how large the input is, in bytes; 0 where that is not known.
	Size int64 `json:"size"`
	// Engine is what analyses it: two engines of one name find the same.
	Engine string `json:"engine"`
	// Options are those of the analysis, as the engine reads them.
	Options json.RawMessage `json:"options"`
}

// Key names the job: whoever submits the same has the same key.
func (j *Job) Key() string { return hashed("job", j.Input, j.Content, j.Engine, j.options()) }

// result names the Document of some content, as this job has it made.
func (j *Job) result(content string) string {
	return hashed("result", content, j.Engine, j.options())
}

// options are those of the job as text; none are null, as in JSON.
func (j *Job) options() string { return cmp.Or(string(j.Options), "null") }

// hashed names what is made of parts.
func hashed(parts ...string) string {
	h := sha256.New()
	for _, p := range parts {
		fmt.Fprintf(h, "%d %s\n", len(p), p)
	}
	return hex.EncodeToString(h.Sum(nil)[:16])
}

// State is what became of a job.
type State string

// The states of a job. Done and Dead are final.
const (
	Waiting State = "waiting"
	Running State = "running"
	Done    State = "done"
	Dead    State = "dead"
)

// Final says that nothing more happens to a job of this state.
func (s State) Final() bool { return s == Done || s == Dead }

// Entry is what the index says of a job.
type Entry struct {
	Input  string `json:"input"`
	Engine string `json:"engine"`
	State  State  `json:"state"`
	// Tries is how often it was begun.
	Tries int `json:"tries"`
	// Worker is who has it, or had it last, and Message the message by which that worker got it.
	Worker  string `json:"worker,omitempty"`
	Message string `json:"message,omitempty"`
	// Reason says why it is dead, or why its last try failed.
	Reason string `json:"reason,omitempty"`
	// Result names the Document in the store, Digest is its SHA-256, and Size how many bytes it has.
	Result string `json:"result,omitempty"`
	Digest string `json:"digest,omitempty"`
	Size   int64  `json:"size,omitempty"`
	// Tools, Complete and Shared are of a job that is done: how many tools there are, whether all was seen, and that
	// another job had the Document made.
	Tools    int  `json:"tools"`
	Complete bool `json:"complete"`
	Shared   bool `json:"shared,omitempty"`
	// Class is the size class, Queued, Began and Ended are when that was, and Took how long the last try was.
	Class  Class         `json:"class"`
	Queued time.Time     `json:"queued"`
	Began  time.Time     `json:"began,omitzero"`
	Ended  time.Time     `json:"ended,omitzero"`
	Took   time.Duration `json:"took,omitempty"`
}

// Class says how much memory a job takes.
type Class string

// The classes of jobs, by the size of the input.
const (
	Small  Class = "small"
	Medium Class = "medium"
	Large  Class = "large"
)

// classes are all, the largest first: what takes long begins early.
var classes = []Class{Large, Medium, Small}

// ClassOf is the class of an input of so many bytes. One of unknown size is small until it was opened.
func ClassOf(size int64) Class {
	switch {
	case size <= 2<<20:
		return Small
	case size <= 24<<20:
		return Medium
	}
	return Large
}

// Memory is how much memory a job of this class is given, in bytes: what such programs were seen to need, and some more.
func (c Class) Memory() int64 {
	switch c {
	case Small:
		return 384 << 20
	case Medium:
		return 1200 << 20
	}
	return 4000 << 20
}
