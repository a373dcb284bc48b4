// A text in a world: which of its parts are sent. What nobody knows stands open, as package render has it.

import type { Condition, Conditions, World } from './conditions'
import { isAssembly, type Branch, type Document, type Each, type Hole, type Part, type Text } from './document'

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

interface Place { when: Condition[]; sent: boolean; open: boolean; each?: Each }

export class Texts {
  /** The texts that sections make up: a word or two of which nobody knows which it is stand open there. */
  private readonly whole: Set<Text>

  constructor(private readonly doc: Document, private readonly conditions: Conditions) {
    this.whole = new Set(doc.prompts.filter(isAssembly).map((p) => p.text))
  }

  /** The pieces of a text in a world; with all, also those of the branches that are not taken. */
  pieces(text: Text | null | undefined, world: World, all = false): Piece[] {
    const out: Piece[] = []
    if (text) new Walk(this, world, all, this.whole.has(text), out).parts(text.parts ?? [], { when: [], sent: true, open: false })
    return out
  }

  /** A text as the model gets it in a world. */
  plain(text: Text | null | undefined, world: World): string {
    let s = ''
    for (const p of this.pieces(text, world)) s += p.text
    return s
  }

  /** Parts with those that they refer to in their place. */
  resolved(parts: Part[]): Part[] {
    return parts.some((p) => p.ref !== undefined) ? parts.flatMap((p) => (p.ref === undefined ? [p] : this.resolved(this.doc.fragments[p.ref] ?? []))) : parts
  }

  holds(c: Condition, world: World) { return this.conditions.holds(c, world) }
  mayHold(c: Condition, world: World) { return this.conditions.mayHold(c, world) }
  decided(c: Condition, world: World) { return this.conditions.decided(c, world) }
}

/** One way through a text. */
class Walk {
  constructor(private readonly texts: Texts, private readonly world: World, private readonly all: boolean, private readonly whole: boolean, private readonly out: Piece[]) {}

  parts(parts: Part[], at: Place) {
    for (const part of this.texts.resolved(parts)) {
      if (part.choice) this.choice(part, part.choice, at)
      else if (part.each && this.all) this.parts(part.each.parts, { ...at, each: part.each })
      else if (part.each) this.hole(part, { name: part.each.name, expr: part.each.over, why: 'repeated for each element' }, at)
      else if (part.hole) this.hole(part, part.hole, at)
      else this.out.push({ ...at, part, text: part.lit ?? '' })
    }
  }

  private hole(part: Part, hole: Hole, at: Place) {
    this.out.push({ ...at, part, hole, text: holeText(hole, this.world) })
  }

  private choice(part: Part, branches: Branch[], at: Place) {
    let taken = branches.findIndex((b) => this.texts.holds(b.when, this.world))
    const open = !branches.slice(0, taken < 0 ? undefined : taken + 1).every((b) => this.texts.decided(b.when, this.world))
    const decided = branches.every((b) => this.texts.decided(b.when, this.world))
    if (this.whole && !decided) {
      const piece = this.onlyPiece(branches)
      if (piece >= 0 && this.texts.mayHold(branches[piece]!.when, this.world)) taken = piece
    }
    if (!this.all && !decided) {
      if (this.whole && this.words(branches)) {
        const why = 'one of ' + branches.map((b) => JSON.stringify(this.literals(b.parts).join(' '))).join(', ')
        this.hole(part, { name: this.eitherOf(branches), expr: '', why }, at)
        return
      }
      const given = this.ifGiven(branches)
      if (given) {
        this.parts(given.parts, { ...at, when: [...at.when, given.when], open: true })
        return
      }
    }
    branches.forEach((b, i) => {
      const sent = at.sent && i === taken
      if (sent || this.all) this.parts(b.parts, { ...at, when: [...at.when, b.when], sent, open: at.open || open })
    })
  }

  /** The branch of a choice between holes and nothing. */
  private ifGiven(branches: Branch[]): Branch | undefined {
    const piece = branches.length === 2 ? branches[this.onlyPiece(branches)] : undefined
    return piece && this.texts.resolved(piece.parts).every((p) => p.hole) ? piece : undefined
  }

  /** The branch of a choice between something and nothing; -1 for another choice. */
  private onlyPiece(branches: Branch[]): number {
    const there = branches.flatMap((b, i) => (this.texts.resolved(b.parts).length > 0 ? [i] : []))
    return there.length === 1 ? there[0]! : -1
  }

  /** Whether all branches are a word or two. */
  private words(branches: Branch[]): boolean {
    return branches.every((b) => {
      const parts = this.texts.resolved(b.parts)
      return parts.length > 0 && parts.every((p) => !p.each && isWord(p.lit ?? '') && (!p.choice || this.words(p.choice)))
    })
  }

  private eitherOf(branches: Branch[]): string {
    const names = branches.map((b) => this.literals(b.parts).join(' ').split(/[^0-9A-Za-z]+/).filter(Boolean).join('_').toUpperCase())
    return names.filter(Boolean).join('_OR_') || 'VALUE'
  }

  private literals(parts: Part[]): string[] {
    return this.texts.resolved(parts).flatMap((p) => [...(p.lit ? [p.lit] : []), ...(p.choice ?? []).flatMap((b) => this.literals(b.parts)), ...(p.each ? this.literals(p.each.parts) : [])])
  }
}

/** The length up to which a text counts as a word or two, in bytes. */
const maxWord = 40
const isWord = (lit: string) => !lit.includes('\n') && new TextEncoder().encode(lit).length <= maxWord

/** What stands for a hole: its value where the world has one, the one by default, or its name. */
function holeText(hole: Hole, world: World): string {
  const value = hole.value && world.get(hole.value.kind + '.' + hole.value.name)
  return value !== undefined && value !== 'undefined' ? value : hole.default || '${' + hole.name + '}'
}
