package facts

import (
	"strings"
	"testing"

	"github.com/bundlens/bundlens/schema"
)

// TestCrossCheck has a library that is known here, and a converter of the program's own over what is not known of it: one
// that agrees, and one that says more.
func TestCrossCheck(t *testing.T) {
	const program = `class ZodType{constructor(d){this._def=d;this.kind=d.kind}}
class ZodString extends ZodType{}
class ZodObject extends ZodType{}
var z={string:()=>new ZodString({typeName:"ZodString",checks:[],kind:"s"}),object:s=>new ZodObject({typeName:"ZodObject",shape:()=>s,unknownKeys:"strip",kind:"o"})};
function conv(s){if(s.kind==="s")return STRING;let shape=s._def.shape(),properties={};for(let k in shape)properties[k]=conv(shape[k]);
return{type:"object",properties,required:Object.keys(shape),additionalProperties:false,$schema:"http://json-schema.org/draft-07/schema#"}}
var tools=[{name:"look",description:"Looks around",inputSchema:z.object({place:z.string()}),call(e){return e}}];
function send(t){return{name:t.name,description:t.description,input_schema:conv(t.inputSchema)}}
client.messages.create({model:"m",messages:[],tools:tools.map(send)});`
	for text, want := range map[string]string{
		`{type:"string"}`:             "",
		`{type:"string",maxLength:9}`: "look: the program's own conversion of the schema differs at \"/properties/place/maxLength\"",
	} {
		doc := analyzeSource(t, []byte(strings.Replace(program, "STRING", text, 1)), Tools)
		if n := doc.Health.CrossChecked; n != 1 {
			t.Errorf("%s: %d schemas are compared; %s; losses %v", text, n, doc.Tools[0].InputSchema, doc.Tools[0].Losses)
		}
		if got := disagreement(doc); got != want {
			t.Errorf("%s: got %q, want %q; %s", text, got, want, doc.Tools[0].InputSchema)
		}
	}
}

func disagreement(doc *schema.Document) string {
	for _, d := range doc.Diagnostics {
		if d.Code == "converter-disagrees" {
			return d.Message
		}
	}
	return ""
}
