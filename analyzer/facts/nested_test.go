package facts

import (
	"fmt"
	"strings"
	"testing"
)

// TestNestedBundles analyses a program whose library and whose server are bundles in wrappers of their own, each with much
// beside it that would have to run before anything is known of the module.
func TestNestedBundles(t *testing.T) {
	var beside strings.Builder
	for i := 0; beside.Len() < 128<<10; i++ {
		fmt.Fprintf(&beside, "var table%d={};for(let i=0;i<1e5;i++)table%d[i]=i;", i, i)
	}
	text := `import process from "node:process";
var load=(f,m)=>()=>(m||f((m={exports:{}}).exports,m),m.exports);
var library=load((e,m)=>{"use strict";` + beside.String() + `
var define=Object.defineProperty,inner=(f,m)=>function(){return m||(0,f[Object.keys(f)[0]])((m={exports:{}}).exports,m),m.exports};
var shapes=inner({"lib/shapes.js"(e,m){var text=d=>({type:"string",description:d});m.exports={text,object:s=>({type:"object",properties:s})}}});
var all={};var put=(o,s)=>{for(let k in s)define(o,k,{get:s[k],enumerable:true})};
put(all,{shape:()=>shape,Server:()=>Server});m.exports=all;
var shape=shapes();class Server{constructor(n){this.handlers={}}setRequestHandler(k,f){this.handlers[k]=f}}
});
var program=load((e,m)=>{"use strict";` + beside.String() + `
var {Server:S,shape:s}=library();
var tools=[{name:"look_up",description:"Looks a word up.",inputSchema:s.object({word:s.text("the word")})}];
function start(){var server=new S("words");server.setRequestHandler("tools/list",async()=>({tools}))}
e.start=start;
});
program().start();
`
	doc := analyzeSource(t, []byte(text), Tools)
	if len(doc.Tools) != 1 {
		t.Fatalf("%d tools", len(doc.Tools))
	}
	tool := doc.Tools[0]
	if got := string(tool.InputSchema); !tool.Complete || !strings.Contains(got, `"the word"`) || tool.Description.Text != "Looks a word up." {
		t.Errorf("%s: %s, %+v", tool.Name, got, tool.Losses)
	}
	if at := strings.Index(text, `{name:"look_up"`); tool.Origin.Start != at {
		t.Errorf("origin %+v, want byte %d", tool.Origin, at)
	}
	if doc.Health.Modules != 1 {
		t.Errorf("%d modules, want the 1 file", doc.Health.Modules)
	}
}
