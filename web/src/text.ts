// A text in a world: which of its parts are sent.

import type { Condition, Conditions, World } from './conditions'
import type { Document, Each, Hole, Part, Text } from './document'

/** A run of a text, in the order in which the model reads it. */
export interface Piece {
  text: string
  hole?: Hole
  /** It is repeated for each element of what this says. */
  each?: Each
  /** The conditions around it, the outermost first. */
  when: Condition[]
  /** It is sent in this world; others are there only where all branches are asked for. */
  sent: boolean
  /** Whether it is sent rests on what is not known, and taken as by default. */
  open: boolean
  /** What it was made of: the same in all worlds. */
  part: Part
}

export class Texts {
  constructor(private readonly doc: Document, private readonly conditions: Conditions) {}

  /** The pieces of a text in a world; with all, also those of the branches that are not taken. */
  pieces(text: Text | null | undefined, world: World, all = false): Piece[] {
    const out: Piece[] = []
    if (text) this.walk(text.parts ?? [], world, { when: [], sent: true, open: false }, all, out)
    return out
  }

  /** A text as the model gets it in a world. */
  plain(text: Text | null | undefined, world: World): string {
    let s = ''
    for (const p of this.pieces(text, world)) s += p.text
    return s
  }

  private walk(parts: Part[], world: World, at: { when: Condition[]; sent: boolean; open: boolean; each?: Each }, all: boolean, out: Piece[]) {
    for (const part of parts) {
      if (part.ref !== undefined) {
        this.walk(this.doc.fragments?.[part.ref] ?? [], world, at, all, out)
      } else if (part.choice) {
        const taken = part.choice.findIndex((b) => this.conditions.holds(b.when, world))
        const open = !part.choice.slice(0, taken < 0 ? undefined : taken + 1).every((b) => this.conditions.decided(b.when, world))
        part.choice.forEach((b, i) => {
          const sent = at.sent && i === taken
          if (sent || all) this.walk(b.parts, world, { ...at, when: [...at.when, b.when], sent, open: at.open || open }, all, out)
        })
      } else if (part.each) {
        this.walk(part.each.parts, world, { ...at, each: part.each }, all, out)
      } else {
        out.push({ ...at, part, hole: part.hole, text: part.hole ? holeText(part.hole, world) : part.lit ?? '' })
      }
    }
  }
}

/** What stands for a hole: its value where the world has one, else its name. */
function holeText(hole: Hole, world: World): string {
  return (hole.value && world.get(hole.value.kind + '.' + hole.value.name)) ?? '${' + hole.name + '}'
}
