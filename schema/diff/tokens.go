package diff

import (
	"github.com/bundlens/bundlens/schema"
	"github.com/bundlens/bundlens/schema/internal/tokens"
	"github.com/bundlens/bundlens/schema/render"
)

// modeTitles say to people how the program is run.
var modeTitles = map[string]string{schema.ModeInteractive: "in a terminal", schema.ModePrint: "printing one result"}

// toolDeltas compares what the definitions of all tools cost that the model gets, in each mode of a world.
func toolDeltas(counter *tokens.Counter, a, b *schema.Document, world schema.World) (list []TokenDelta) {
	for _, mode := range modesOf(world) {
		world.Mode = mode
		from, to := ofTools(counter, a, world), ofTools(counter, b, world)
		list = append(list, TokenDelta{"tools " + modeTitles[mode], from, to, to - from})
	}
	return list
}

func ofTools(counter *tokens.Counter, doc *schema.Document, world schema.World) (n int) {
	for _, t := range render.New(doc, world).Tools() {
		n += counter.OfDefinition(t.Name, t.Description, t.InputSchema)
	}
	return n
}

// modesOf are the modes in which a user with a world runs the program.
func modesOf(world schema.World) []string {
	if world.Mode != "" {
		return []string{world.Mode}
	}
	return []string{schema.ModeInteractive, schema.ModePrint}
}
