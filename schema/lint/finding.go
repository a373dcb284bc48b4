package lint

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"slices"

	"github.com/bundlens/bundlens/schema"
)

// Finding is one thing that is wrong, or worth knowing.
type Finding struct {
	Rule     string   `json:"rule"`
	Severity Severity `json:"severity"`
	// Subject is what it is about: a tool, a property of one, a line. With the rule it identifies the finding from
	// version to version.
	Subject string `json:"subject"`
	Message string `json:"message"`
	// Detail says more, in several lines; may be empty.
	Detail string `json:"detail,omitempty"`
	// Count is how often, for a finding that stands for many.
	Count int `json:"count,omitempty"`
	// Origin is where it stands in the program, and Place where in what was sent; null where there is none.
	Origin *schema.Origin `json:"origin"`
	Place  *Place         `json:"place"`
	// Position is where that is in a file of the user's; null where it is in none.
	Position *Position `json:"position"`
	// Known says that the baseline has it.
	Known bool `json:"known"`
	// Fingerprint stays the same from build to build.
	Fingerprint string `json:"fingerprint"`
}

// Fails says whether the finding is a reason to fail, where one of a severity and worse ones are. With Off none is.
func (f Finding) Fails(on Severity) bool {
	return !f.Known && on != Off && rank(f.Severity) >= rank(on)
}

// sentence is the finding's message with its subject, where it does not stand for itself.
func (f Finding) sentence() string {
	if f.Place != nil || f.Subject == "health" || f.Rule == ruleDiagnostic || f.Rule == ruleNothing {
		return f.Message
	}
	return f.Subject + ": " + f.Message
}

// seal gives the finding the fingerprint that the baseline knows it by. Offsets, counts and symbols are not in it,
// for they change with every build.
func (f *Finding) seal() {
	text := f.Subject
	if f.Place != nil {
		text = f.Message // the subject of a line is clipped
	}
	if f.Rule == ruleVariantMissing {
		text += "\x00" + f.Detail // one tool may lack several
	}
	sum := sha256.Sum256([]byte(f.Rule + "\x00" + text))
	f.Fingerprint = hex.EncodeToString(sum[:12])
}

// settle gives findings their severities and their order, and drops those that are off.
func settle(findings []Finding, s severities) []Finding {
	out := []Finding{}
	for _, f := range findings {
		if f.Severity == "" || s[f.Rule] != defaultSeverity(f.Rule) {
			f.Severity = s[f.Rule]
		}
		if f.Severity == Off {
			continue
		}
		f.seal()
		out = append(out, f)
	}
	order := map[string]int{}
	for i, r := range Rules {
		order[r.ID] = i
	}
	slices.SortStableFunc(out, func(a, b Finding) int {
		return cmp.Or(-cmp.Compare(rank(a.Severity), rank(b.Severity)), cmp.Compare(order[a.Rule], order[b.Rule]),
			comparePlaces(a.Place, b.Place), cmp.Compare(a.Subject, b.Subject), cmp.Compare(a.Message, b.Message))
	})
	return out
}

func rank(s Severity) int { return slices.Index([]Severity{Off, Note, Warning, Error}, s) }

func defaultSeverity(rule string) Severity {
	i := slices.IndexFunc(Rules, func(r Rule) bool { return r.ID == rule })
	if i < 0 {
		return Off
	}
	return Rules[i].Severity
}

func comparePlaces(a, b *Place) int {
	if a == nil || b == nil {
		return 0
	}
	return cmp.Or(cmp.Compare(a.Source, b.Source), cmp.Compare(a.Mode, b.Mode), cmp.Compare(a.Request, b.Request),
		cmp.Compare(a.Block, b.Block), cmp.Compare(a.Line, b.Line))
}
