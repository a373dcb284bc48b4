package ledger

import (
	"bytes"
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/bundlens/bundlens/analyzer/source"
	"github.com/bundlens/bundlens/schema"
)

// TestRules writes the ledger of a program in which the last word of each text is the rule that leaves it out;
// "recorded" is one that belongs to a record.
func TestRules(t *testing.T) {
	src := `
function say(e){console.warn("[x] "+e)}
function tell(e,t){if(t)say(e)}
function fail(e){throw new TypeError(e)}
function both(e){return e}
function noted(e,{level:t}={level:1}){if(t<limit)return;let o="["+t+"] "+e.trim();sink().write(o)}
function reason(e){return e?"it is the reason for stopping error":"it is the other reason given error"}
function shadow(say){say("what is given here is another's unknown")}
function mixed(e){return e?"one is thrown and one is sent unknown":""}
var text="You write short and kind letters recorded";
var more=` + "`Say ${text} once and then stop, as it is recorded`" + `;
console.log("nothing was found in here log");
process.stderr.write("nothing was written to disk log");
say("this goes through one function log");
tell("this goes through two of them log",true);
fail("this is thrown by a function error");
noted("this is noted by way of a variable log");
var late=()=>{let e="the words come before they are used log";if(now)e="the other words come here too log";say(e)};
var stop=()=>{throw new Error(reason(1))};
var stops=()=>{throw new Error(mixed(1))},sends=()=>deliver(mixed(2));
new Promise((a,b)=>b(new Error("the file is not there error")));
if(text==="is it the same text comparison"||text.includes("some of the text comparison"));
var menu=()=>ui.createElement(row,{hint:"press any key you like interface"},list.map(e=>` + "`Open the file ${e.name} interface`" + `));
program.option("--all","take all of the files command-line");
var field=z.string().describe("where the letter goes to documentation");
var what=both("nobody can tell where this goes unknown");
var wrapped=U((exports,module)=>{module.exports=both("part of a bundled thing library")});
var short="two words",name={"this is a key here":1};
`
	in, err := source.Open(context.Background(), "-", source.Options{Stdin: strings.NewReader(src)})
	if err != nil {
		t.Fatal(err)
	}
	defer in.Close()
	doc := &schema.Document{Prompts: []schema.Prompt{
		{Text: schema.Literal("# Letters\nYou write short and kind letters recorded, and more.")},
		{Text: schema.Literal("Say it once and then stop, as it is recorded")},
	}}
	var out bytes.Buffer
	sum, err := Write(context.Background(), &out, in, doc)
	if err != nil {
		t.Fatal(err)
	}
	entries := 0
	for line := range strings.Lines(out.String()) {
		var e Entry
		if err := json.Unmarshal([]byte(line), &e); err != nil {
			t.Fatal(err)
		}
		entries++
		words := strings.Fields(e.Text)
		if e.Rule != words[len(words)-1] {
			t.Errorf("%q is left out as %s, into %s", e.Text, e.Rule, e.Into)
		}
		if got := src[e.Start:e.End]; !strings.HasSuffix(strings.Trim(got, "\"`"), e.Rule) {
			t.Errorf("at %d to %d stands %s", e.Start, e.End, got)
		}
	}
	if entries != 21 || sum.Recorded != 2 || sum.Literals != 23 || sum.Unread != 0 {
		t.Errorf("%d entries, %+v", entries, sum)
	}
}

// TestAcrossModules follows texts into the functions of other modules.
func TestAcrossModules(t *testing.T) {
	dir := t.TempDir()
	for name, text := range map[string]string{
		"main.js": `import{a as say}from"./log.js";import{b}from"./other.js";
say("this is logged by another module");b("this goes where nobody can tell");export{say as unused}`,
		"log.js":   `function write(e){console.log(e)}function said(e){write(e)}export{said as a}`,
		"other.js": `function b(e){return e}export{b}`,
	} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	in, err := source.Open(context.Background(), filepath.Join(dir, "main.js"), source.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer in.Close()
	for _, module := range []string{"", in.Modules[0].Name} {
		rules := map[string]string{}
		_, err := Each(context.Background(), in, &schema.Document{}, module, func(e Entry) error {
			rules[e.Text] = e.Rule
			return nil
		})
		if err != nil || len(rules) != 2 || rules["this is logged by another module"] != RuleLog || rules["this goes where nobody can tell"] != RuleUnknown {
			t.Errorf("of module %q: %v, %v", module, rules, err)
		}
	}
}

// TestHostile asserts that input made to break it is read, or left out with its count.
func TestHostile(t *testing.T) {
	for _, src := range []string{
		"", "`", "`${", `"\ud800 is half of a letter"`, `var a="unclosed and never ends`,
		strings.Repeat("`a b c ${", 400) + "x" + strings.Repeat("} d e f`", 400),
		"f(" + strings.Repeat("function a(b){", 300) + strings.Repeat("}", 300) + ")",
		"var a=" + strings.Repeat("(", 3000) + `"three words here"` + strings.Repeat(")", 3000),
	} {
		in, err := source.Open(context.Background(), "-", source.Options{Stdin: strings.NewReader(src)})
		if err != nil {
			continue
		}
		var out bytes.Buffer
		if _, err := Write(context.Background(), &out, in, &schema.Document{}); err != nil {
			t.Errorf("%.40q: %v", src, err)
		}
		in.Close()
	}
}
