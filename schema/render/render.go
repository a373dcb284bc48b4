// Package render says what a program tells its model in a world: it answers the conditions of a Document and puts its
// texts, whole prompts and lists of tools together. It needs the Document alone, and takes milliseconds.
//
//	r := render.New(doc, schema.World{Mode: schema.ModePrint, Set: map[string]string{"env.QUIET": "1"}})
//	for _, p := range r.Prompts() {
//		fmt.Println(p.Text)
//	}
//
// A Renderer remembers its answers and is for one goroutine; a Document may have several.
package render

import "github.com/bundlens/bundlens/schema"

// Renderer renders the texts of one Document in one World.
type Renderer struct {
	doc     *schema.Document
	answers *schema.Answers
}

// New makes a Renderer. The Document must not change while it is used.
func New(doc *schema.Document, world schema.World) *Renderer {
	return &Renderer{doc, schema.NewAnswers(doc, world)}
}

// Answers answers the Document's conditions in the world.
func (r *Renderer) Answers() *schema.Answers { return r.answers }

// Text is a text as it is in the world. What is known only when the program runs stands there as ${NAME}.
func (r *Renderer) Text(parts []schema.Part) string { return r.answers.Text(parts) }
