package lint

import (
	"bytes"
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"github.com/owenrumney/go-sarif/v3/pkg/report/v210/sarif"

	"github.com/bundlens/bundlens/schema"
)

// document is a small one with something of everything to remark on.
func document(version string) *schema.Document {
	yes := true
	hole := schema.Text{Text: "Looks in ${HERE}.", Parts: []schema.Part{{Lit: "Looks in "}, {Hole: &schema.Hole{Name: "HERE"}}, {Lit: "."}}}
	return &schema.Document{
		SchemaVersion: schema.Version, Source: schema.Source{Name: "p", Package: "p", Version: version},
		Health: schema.Health{ParseErrors: 2, Unresolved: 3},
		Tools: []schema.Tool{
			{Name: "Look", Enabled: &yes, Description: &hole, InputSchema: json.RawMessage(`{"type":"object"}`),
				Losses: []schema.Loss{{Path: "/a", Construct: "refine", Why: "code", Kind: "unrepresentable"}, {Path: "/b", Construct: "f", Why: "open", Kind: "unknown"}},
				Origin: schema.Origin{Module: "src/a b.js", Start: 10, End: 30}},
			{Name: "Twice"}, {Name: "Twice"},
		},
		Prompts:     []schema.Prompt{{ID: "p", Text: schema.Literal("You are to look well before you leap into it.")}, {ID: "p"}},
		Diagnostics: []schema.Diagnostic{{Severity: schema.SeverityNote, Code: "odd", Message: "something is odd"}},
	}
}

func traffic(version string) Traffic {
	return Traffic{Name: "t", Version: version, Requests: []Request{{Number: 1,
		Tools: []string{
			`{"name":"Look","description":"Looks in the middle.","input_schema":{"type":"object"}}`,
			`{"name":"Leap","description":"Leaps","input_schema":{"type":"object","properties":{"far":{"type":"boolean","description":"How far"}}}}`,
			`{"name":"mcp__foreign"}`},
		System: []string{"x-some-billing-header: 0123456789abcdef0123\nYou are to look well before you leap into it.\nA line that stands nowhere at all."},
		Texts: []Said{{"user", "before\n<system-reminder>\nA reminder that stands nowhere at all.\n</system-reminder>"},
			{"system", "A context that stands nowhere at all."}},
	}}}
}

// places puts things into a file with a wide character and two lines.
func places(o schema.Origin) (Position, bool) {
	return NewLines(o.Module, []byte("😀bc\ndefghijklmnopqrstuvwxyzabcdefghi")).Position(o.Start, o.End), o.Module != ""
}

func run(t *testing.T, o Options, docs ...*schema.Document) *Report {
	t.Helper()
	var subjects []Subject
	for _, d := range docs {
		subjects = append(subjects, Subject{Name: "doc " + d.Source.Version, File: "out/a b.json", Document: d, Places: places})
	}
	r, err := Run(subjects, o)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func TestFindings(t *testing.T) {
	r := run(t, Options{Traffic: []Traffic{traffic("1.0.0")}, Floors: map[string]float64{"tools.found": 60}}, document("1.0.0"))
	got := map[string][]string{}
	for _, f := range r.Documents[0].Findings {
		got[f.Rule] = append(got[f.Rule], f.Subject)
	}
	for rule, want := range map[string]string{
		ruleToolMissing: "Leap", ruleToolNotDefault: "Leap", ruleSchemaDiffers: "Leap", ruleVariantMissing: "Leap", ruleProperty: "Leap.far",
		ruleContextLine: "A context that stands nowhere at all.", ruleDescriptionWorld: "Leap",
		ruleDescription: "Leap", ruleDescriptionText: "Look Leap", ruleSystemLine: "A line that stands nowhere at all.",
		ruleReminderLine: "A reminder that stands nowhere at all.", ruleFloor: "tools.found", ruleIncomplete: "health", ruleParseError: "health",
		ruleUnresolved: "health", ruleDuplicateTool: "Twice", ruleDuplicateID: "p", ruleNoSchema: "Twice Twice", ruleNoDescription: "Twice Twice",
		ruleGap: "Look /b f", ruleLoss: "Look /a refine", ruleHole: "Look", ruleDiagnostic: "odd: something is odd",
		ruleNothing: "reminders agents commands environment flags", rulePropertyText: "", ruleToolsFell: "", ruleToolNotSent: "",
	} {
		have := got[rule]
		wanted := strings.Split(want, " ")
		if strings.Contains(want, "nowhere") || strings.Contains(want, ":") || strings.HasPrefix(want, "Look /") {
			wanted = []string{want}
		}
		if want == "" {
			wanted = nil
		}
		slices.Sort(have)
		slices.Sort(wanted)
		if !slices.Equal(have, wanted) {
			t.Errorf("%s: got %q, want %q", rule, have, wanted)
		}
	}
	for _, f := range r.Documents[0].Findings {
		if f.Rule == ruleReminderLine && (f.Place.Line != 3 || f.Place.Block != 1) {
			t.Errorf("the reminder stands at %+v", *f.Place)
		}
	}
}

func TestToolsFell(t *testing.T) {
	old, now := document("1.0.0"), document("1.10.0")
	old.Tools = append(old.Tools, schema.Tool{Name: "Gone"})
	r := run(t, Options{}, now, document("1.9.0"), old)
	if len(r.Documents) != 3 || r.Documents[2].Version != "1.10.0" {
		t.Fatal("not in the order of versions")
	}
	for i, want := range []bool{false, true, false} {
		got := slices.ContainsFunc(r.Documents[i].Findings, func(f Finding) bool { return f.Rule == ruleToolsFell })
		if got != want {
			t.Errorf("%s: got %v", r.Documents[i].Version, got)
		}
	}
	var b bytes.Buffer
	r.WriteText(&b, TextOptions{})
	if !strings.HasPrefix(b.String(), "VERSION  ERRORS") {
		t.Error(b.String())
	}
}

// TestEnvironment compares what a program sends only when a variable is set with its default description.
func TestEnvironment(t *testing.T) {
	doc, sent := document("1.0.0"), traffic("1.0.0")
	parts := []schema.Part{{Choice: []schema.Branch{{When: schema.Cond{Text: "a"}, Parts: []schema.Part{{Lit: "Looks in the middle."}}}, {When: schema.Cond{Text: "!a"}, Parts: []schema.Part{{Lit: "Looks around."}}}}}}
	doc.Tools[0].Description = &schema.Text{Text: "Looks around.", Parts: parts}
	sent.Environment = []string{"TERN_A=1"}
	r := run(t, Options{Traffic: []Traffic{sent}}, doc)
	for _, f := range r.Documents[0].Figures {
		if want, asked := map[string]int{"desc.default": 1, "desc.text": 0}[f.Key]; asked && f.Got != want {
			t.Errorf("%s: got %d, want %d", f.Key, f.Got, want)
		}
	}
	if !slices.ContainsFunc(r.Documents[0].Findings, func(f Finding) bool {
		return f.Rule == ruleDescriptionWorld && f.Subject == "Look" && strings.Contains(f.Message, "TERN_A=1")
	}) {
		t.Error("no finding names the variable")
	}
}

// TestTraceVersion has requests that say which version sent them.
func TestTraceVersion(t *testing.T) {
	sent := traffic("")
	sent.Agent = "program/1.1.0"
	for _, c := range []struct {
		versions string
		traced   int // the document that the requests are compared with
		wrong    bool
	}{
		{"1.1.0", 0, false},
		{"1.0.0", 0, true},
		{"1.0.0 1.1.0 1.2.0", 1, false},
	} {
		var docs []*schema.Document
		for _, v := range strings.Fields(c.versions) {
			docs = append(docs, document(v))
		}
		r := run(t, Options{Traffic: []Traffic{sent}}, docs...)
		for i, d := range r.Documents {
			wrong := slices.ContainsFunc(d.Findings, func(f Finding) bool { return f.Rule == ruleTraceVersion })
			if (len(d.Figures) > 0) != (i == c.traced) || wrong != c.wrong {
				t.Errorf("%s: document %d has %d figures, another version: %v", c.versions, i, len(d.Figures), wrong)
			}
		}
	}
}

func TestBaseline(t *testing.T) {
	first := run(t, Options{}, document("1.0.0"))
	if first.Fails(Warning) == 0 {
		t.Fatal("nothing fails")
	}
	var b bytes.Buffer
	if err := NewBaseline(first).Write(&b); err != nil {
		t.Fatal(err)
	}
	base, err := ReadBaseline(&b)
	if err != nil {
		t.Fatal(err)
	}
	next := document("1.1.0")
	next.Tools[0].Origin.Start++ // what changes with a build is no new finding
	if n := run(t, Options{Baseline: base}, next).Fails(Warning); n != 0 {
		t.Errorf("%d findings are new", n)
	}
	next.Health.ParseErrors++
	if n := run(t, Options{Baseline: base}, next).Fails(Warning); n != 1 {
		t.Errorf("%d findings are new, want the one that stands for more", n)
	}
	for _, bad := range []string{`{`, `{}`, `{"baselineVersion":9}`} {
		if _, err := ReadBaseline(strings.NewReader(bad)); err == nil {
			t.Errorf("%s is a baseline", bad)
		}
	}
}

func TestRefused(t *testing.T) {
	one := []Subject{{Name: "a", Document: document("1.0.0")}}
	older := document("0.9.0")
	older.SchemaVersion = 0
	for name, c := range map[string]struct {
		subjects []Subject
		o        Options
		says     string
	}{
		"rule":      {one, Options{Rules: []string{"bogus=off"}}, `no rule "bogus"`},
		"severity":  {one, Options{Rules: []string{"text-hole=bad"}}, "takes off, note, warning or error"},
		"floor":     {one, Options{Floors: map[string]float64{"bogus": 1}}, `no figure "bogus"`},
		"version":   {one, Options{Traffic: []Traffic{traffic("2.0.0")}}, "is of version 2.0.0, and no document is"},
		"unknown":   {append(one, Subject{Name: "b", Document: document("1.1.0")}), Options{Traffic: []Traffic{traffic("")}}, "does not say which version"},
		"documents": {append(one, Subject{Name: "b", Document: older}), Options{}, "schemaVersion"},
	} {
		if _, err := Run(c.subjects, c.o); err == nil || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s: got %v", name, err)
		}
	}
}

func TestRules(t *testing.T) {
	r := run(t, Options{Rules: []string{"parse-error=off", "text-hole=error", "diagnostic=off"}}, document("1.0.0"))
	for _, f := range r.Documents[0].Findings {
		if f.Rule == ruleParseError || f.Rule == ruleDiagnostic || f.Rule == ruleHole && f.Severity != Error {
			t.Errorf("%+v", f)
		}
	}
}

// TestSARIF reads what was written as SARIF again and holds it against the schema that the library brings.
func TestSARIF(t *testing.T) {
	o := Options{Traffic: []Traffic{traffic("1.0.0")}}
	o.Baseline = NewBaseline(run(t, Options{}, document("1.0.0")))
	var b bytes.Buffer
	if err := run(t, o, document("1.0.0")).WriteSARIF(&b, "v1"); err != nil {
		t.Fatal(err)
	}
	log, err := sarif.FromBytes(b.Bytes())
	if err != nil {
		t.Fatal(err)
	}
	if err := log.Validate(); err != nil {
		t.Error(err)
	}
	run := log.Runs[0]
	if len(run.Results) < 10 {
		t.Errorf("%d results", len(run.Results))
	}
	for _, r := range run.Results {
		if id := *run.Tool.Driver.Rules[r.RuleIndex].ID; id != *r.RuleID {
			t.Errorf("the rule of %s is %s", *r.RuleID, id)
		}
	}
	if !bytes.Contains(b.Bytes(), []byte(`"suppressions"`)) || !bytes.Contains(b.Bytes(), []byte("src/a%20b.js")) || !bytes.Contains(b.Bytes(), []byte("out/a%20b.json")) {
		t.Error(b.String())
	}
}

func TestJSON(t *testing.T) {
	var b bytes.Buffer
	if err := run(t, Options{}, document("1.0.0")).WriteJSON(&b); err != nil || !json.Valid(b.Bytes()) {
		t.Error(err)
	}
	if !bytes.Contains(b.Bytes(), []byte(`"traces": []`)) {
		t.Error("an empty list is not []")
	}
}

func TestCompareVersions(t *testing.T) {
	want := []string{"", "1.0.0-beta.2", "1.0.0-beta.10", "1.0.0", "1.2.0", "1.10.0"}
	got := slices.Clone(want)
	slices.Reverse(got)
	slices.SortFunc(got, CompareVersions)
	if !slices.Equal(got, want) {
		t.Error(got)
	}
}
