package eval

import (
	"bufio"
	"encoding/json"
	"flag"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

var record = flag.Bool("record", false, "rewrite the results that testdata/conformance records, from Node and from what is evaluated here")

// A program of the corpus is an expression, each line of it after "> ". The line after it is what Node gives: the JSON of
// the value after "= ", or what is thrown after "! ". The marks "=?" and "!?" say that it is unknown here.
type program struct {
	source, result string
	unknown        bool
	comment        string // the lines before it
}

// TestConformance evaluates constant programs here and compares with what Node gives for them: each agrees, or is unknown
// with a reason.
func TestConformance(t *testing.T) {
	compareCorpus(t, "testdata/conformance/*.txt", func(expression string) string { return expression }, evaluate)
}

// compareCorpus compares the programs of files with their recorded results and with what Node gives for each as an expression.
func compareCorpus(t *testing.T, pattern string, expression func(source string) string, evaluate func(testing.TB, string) (result, unknown string)) {
	files, err := filepath.Glob(pattern)
	if err != nil || len(files) == 0 {
		t.Fatalf("no corpus: %v", err)
	}
	node := startNode(t)
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txt"), func(t *testing.T) {
			programs := readPrograms(t, file)
			checkRecordings(t, node, programs, expression)
			for i := range programs {
				checkProgram(t, &programs[i], evaluate)
			}
			if *record {
				if err := os.WriteFile(file, []byte(writePrograms(programs)), 0o644); err != nil {
					t.Fatal(err)
				}
			}
		})
	}
}

// checkProgram compares what a program evaluates to here with what is recorded.
func checkProgram(t *testing.T, p *program, evaluate func(testing.TB, string) (result, unknown string)) {
	t.Helper()
	got, why := evaluate(t, p.source)
	switch {
	case why != "" && strings.TrimSpace(why) == "":
		t.Errorf("%s\nis unknown without a reason", p.source)
	case why == "" && got != p.result:
		t.Errorf("%s\n got %s\nnode %s", p.source, got, p.result)
	case *record:
		p.unknown = why != ""
	case why != "" && !p.unknown:
		t.Errorf("%s\nis unknown: %s\nnode gives %s", p.source, why, p.result)
	case why == "" && p.unknown:
		t.Errorf("%s\nis marked as unknown, and is known now (-record writes that)", p.source)
	}
}

// checkRecordings compares the recorded results with what Node gives, if it is here. expression makes the expression for Node.
func checkRecordings(t *testing.T, node *nodeProcess, programs []program, expression func(source string) string) {
	t.Helper()
	if node == nil {
		t.Log("node is not here: the recorded results are taken as they are")
		return
	}
	sources := make([]string, len(programs))
	for i, p := range programs {
		sources[i] = expression(p.source)
	}
	for i, result := range node.run(t, sources) {
		if p := &programs[i]; *record {
			p.result = result
		} else if p.result != result {
			t.Errorf("%s\nis recorded as %s\n   and node gives %s", p.source, p.result, result)
		}
	}
}

// evaluate returns what a program evaluates to as Node's side writes it, or why that is not known.
func evaluate(t testing.TB, source string) (result, unknown string) {
	t.Helper()
	return evaluateModule(t, "var out=("+source+"\n)")
}

// evaluateModule is evaluate for the name out of a module.
func evaluateModule(t testing.TB, source string) (result, unknown string) {
	t.Helper()
	defer func() {
		if r := recover(); r != nil {
			t.Errorf("%s\npanics: %v", source, r)
			unknown = "a panic"
		}
	}()
	m, module := load(t, source, Config{})
	c := m.global(module, -1, "out")
	if c == nil {
		return "", "the program can't be read"
	}
	switch v := m.force(c).(type) {
	case *Unknown:
		if v.Key == thrownKey {
			return "", v.Why
		}
		return "", v.Why + " "
	case *Choice:
		return "", "depends on " + v.Cond.String()
	default:
		return asJSON(m, v)
	}
}

// asJSON is the JSON of a value.
func asJSON(m *Machine, v Value) (result, unknown string) {
	w := &jsonWriter{m: m, seen: map[*Object]bool{}}
	v = m.Run(func() Value {
		if !w.value(v, "") {
			return String("undefined")
		}
		return makeText(w.parts)
	})
	switch v := v.(type) {
	case String:
		return string(v), ""
	case *Unknown:
		return "", v.Why + " "
	}
	for _, p := range w.parts {
		switch {
		case p.Hole != nil:
			return "", "in " + showParts(w.parts) + ": " + p.Hole.Why
		case p.Choice != nil:
			return "", "depends on " + p.Choice.Cond.String()
		}
	}
	return "", "repeats"
}

func readPrograms(t *testing.T, file string) (programs []program) {
	t.Helper()
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var source, comment []string
	flush := func(result string, unknown bool) {
		if len(source) > 0 {
			programs = append(programs, program{strings.Join(source, "\n"), result, unknown, strings.Join(comment, "")})
			source, comment = nil, nil
		}
	}
	for line := range strings.Lines(string(data)) {
		text := strings.TrimSuffix(line, "\n")
		mark, rest, _ := strings.Cut(text, " ")
		switch mark {
		case ">":
			source = append(source, rest)
		case "=", "=?":
			flush(rest, mark == "=?")
		case "!", "!?":
			flush("! "+rest, mark == "!?")
		default:
			if len(source) > 0 { // not recorded yet
				flush("", false)
			}
			comment = append(comment, line)
		}
	}
	flush("", false)
	return programs
}

func writePrograms(programs []program) string {
	var b strings.Builder
	for _, p := range programs {
		b.WriteString(p.comment)
		for line := range strings.SplitSeq(p.source, "\n") {
			b.WriteString("> " + line + "\n")
		}
		mark, rest := "=", p.result
		if thrown, ok := strings.CutPrefix(p.result, "! "); ok {
			mark, rest = "!", thrown
		}
		if p.unknown {
			mark += "?"
		}
		b.WriteString(mark + " " + rest + "\n")
	}
	return b.String()
}

// nodeProcess is a Node that evaluates programs.
type nodeProcess struct {
	in  io.WriteCloser
	out *bufio.Reader
}

// startNode starts a Node that runs until the test ends; it is nil where there is none.
func startNode(t testing.TB) *nodeProcess {
	t.Helper()
	path, err := exec.LookPath("node")
	if err != nil {
		return nil
	}
	cmd := exec.Command(path, "testdata/node.mjs")
	in, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { in.Close(); cmd.Wait() })
	return &nodeProcess{in, bufio.NewReader(out)}
}

// needNode is startNode for a test that has nothing to do without.
func needNode(t testing.TB) *nodeProcess {
	t.Helper()
	node := startNode(t)
	if node == nil {
		t.Skip("node is not here")
	}
	return node
}

// run returns what each program gives.
func (n *nodeProcess) run(t testing.TB, sources []string) (results []string) {
	t.Helper()
	request, err := json.Marshal(sources)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := n.in.Write(append(request, '\n')); err != nil {
		t.Fatal(err)
	}
	answer, err := n.out.ReadBytes('\n')
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(answer, &results); err != nil || len(results) != len(sources) {
		t.Fatalf("node answers %.200s: %v", answer, err)
	}
	return results
}
