// What the program asks, and what follows from the answers. This is the only module that knows how a Document writes
// conditions: formulas over its table of questions. It decides them as schema.Answers does.

import type { Document, Tool } from './document'

/** A condition as the Document writes it. With none of q, not, all and any it always holds. */
export interface Condition { text?: string; q?: number; not?: Condition; all?: Condition[]; any?: Condition[] }

export type QuestionKind = 'mode' | 'tool' | 'env' | 'flag' | 'platform' | 'model' | 'setting' | 'argument' | 'other'

export interface Question {
  kind: QuestionKind; subject: string; test: 'holds' | 'equals' | 'undefined' | 'nullish' | 'on' | 'off' | 'other'
  values: unknown[]; fallback: unknown; answers: { interactive: boolean | null; print: boolean | null }; decided: boolean
  expr: string; means?: Condition
  /** The evaluation of what it asks about ended in an exception. */
  failed?: boolean
}

/** A question as the Document writes it: without what is empty, and with one answer where that of both modes is the same. */
type Written = Pick<Question, 'kind' | 'test'> & Partial<Omit<Question, 'answers'>> & { answers?: boolean | Question['answers'] }

function whole(q: Written): Question {
  const answers = typeof q.answers === 'boolean' ? { interactive: q.answers, print: q.answers } : q.answers ?? { interactive: null, print: null }
  return { subject: '', values: [], fallback: null, decided: false, expr: '', ...q, answers }
}

/** Something that questions are about: a variable, a flag, a tool. Its value answers them. */
export interface Subject {
  key: string
  kind: QuestionKind
  name: string
  /** The values that make a difference, as a user types them. */
  values: string[]
  /** What it is where nobody sets it; empty where that is not known. */
  fallback: string
  /** It is yes or no, and nothing else makes a difference. */
  isSwitch: boolean
  /** The questions about it, by number. */
  questions: number[]
}

/** A world is the values that differ from the default ones, by the keys of subjects. */
export type World = ReadonlyMap<string, string>
export const defaultWorld: World = new Map()

/** An answer, and whether it is known rather than taken for given. */
interface Answer { holds: boolean; decided: boolean }

export class Conditions {
  readonly subjects = new Map<string, Subject>()
  /** By number; one that is not read yet is null. */
  readonly questions: (Question | null)[]
  private readonly tools = new Map<string, Tool>()
  private readonly answers = new WeakMap<World, Answers>()
  private readonly granted = new WeakMap<World, Answers>()

  constructor(doc: Document) {
    this.questions = (doc.questions as (Written | null)[]).map((q) => q && whole(q))
    this.subject('mode', 'mode', '').values = ['interactive', 'print']
    for (const t of doc.tools) {
      this.tools.set(t.name, t)
      this.subject('tool.' + t.name, 'tool', t.name)
    }
    this.questions.forEach((q, id) => {
      if (!q || follows(q)) return
      const s = this.subjectOf(q, id)
      s.questions.push(id)
      if (q.fallback !== null && q.fallback !== undefined) s.fallback = typed(q.fallback)
      if (q.test !== 'holds' && !s.key.startsWith('q.')) s.isSwitch = false
      for (const v of [...(q.test === 'equals' ? q.values : []), ...(q.test === 'on' || q.test === 'off' ? ['1', '0'] : [])]) {
        if (!s.values.includes(typed(v))) s.values.push(typed(v))
      }
    })
  }

  /** Whether a condition holds; all of a list have to. One that is not there holds. */
  holds(condition: Condition | Condition[] | null | undefined, world: World): boolean {
    return this.in(world).all(condition).holds
  }

  /** Whether that rests on nothing that is not known. */
  decided(condition: Condition | Condition[] | null | undefined, world: World): boolean {
    return this.in(world).all(condition).decided
  }

  /** Whether a condition holds where each question does whose evaluation failed. */
  mayHold(condition: Condition, world: World): boolean {
    let answers = this.granted.get(world)
    if (!answers) this.granted.set(world, answers = new Answers(this.questions, this.tools, world, true))
    return answers.all(condition).holds
  }

  /** Whether the model gets a tool; undefined where that is not known. */
  hasTool(name: string, world: World): boolean | undefined {
    return this.in(world).tool(name)
  }

  /** The answer to the questions about a switch. */
  isOn(s: Subject, world: World): boolean {
    if (s.kind === 'tool') return this.hasTool(s.name, world) === true
    return s.questions.some((id) => this.in(world).question(id).holds)
  }

  /** The subjects that a condition asks about, each once. */
  asks(condition: Condition | Condition[] | null | undefined): Subject[] {
    const out = new Set<Subject>()
    const seen = new Set<number>()
    const walk = (c: Condition | null | undefined) => {
      if (c?.q !== undefined && !seen.has(c.q)) {
        seen.add(c.q)
        const q = this.questions[c.q]
        if (q && follows(q)) walk(q.means)
        else if (q) out.add(this.subjectOf(q, c.q))
      }
      walkAll([c?.not, ...(c?.all ?? []), ...(c?.any ?? [])])
    }
    const walkAll = (list: (Condition | null | undefined)[]) => list.forEach((c) => c && walk(c))
    walkAll(Array.isArray(condition) ? condition : [condition])
    return [...out]
  }

  /** A condition for people; empty where there is none. */
  text(c: Condition | null | undefined): string {
    if (!c) return ''
    if (c.text) return c.text
    if (c.q !== undefined) return this.questions[c.q]?.expr || `question ${c.q}`
    if (c.not) return `!(${this.text(c.not)})`
    const [list, sign] = c.all?.length ? [c.all, ' && '] : [c.any ?? [], ' || ']
    return list.map((p) => (p.all || p.any ? `(${this.text(p)})` : this.text(p))).join(sign)
  }

  private in(world: World): Answers {
    let a = this.answers.get(world)
    if (!a) this.answers.set(world, a = new Answers(this.questions, this.tools, world))
    return a
  }

  private subjectOf(q: Question, id: number): Subject {
    if (q.kind === 'mode') return this.subject('mode', 'mode', '')
    if (q.kind === 'model') return q.test === 'other' ? this.subject('q.' + id, 'model', q.expr) : this.subject('model', 'model', '')
    if (q.kind === 'platform' && q.subject === 'process.platform') return this.subject('platform', 'platform', '')
    // What an expression asks follows from no value that could be typed; it is answered itself.
    if (q.test === 'other' || q.kind === 'other') return this.subject('q.' + id, 'other', q.expr || q.subject)
    return this.subject(q.kind + '.' + q.subject, q.kind, q.subject)
  }

  private subject(key: string, kind: QuestionKind, name: string): Subject {
    let s = this.subjects.get(key)
    if (!s) this.subjects.set(key, s = { key, kind, name, values: [], fallback: '', isSwitch: !['env', 'mode', 'platform'].includes(kind) && key !== 'model', questions: [] })
    return s
  }
}

/** Whether a question's answer follows from others. Whether there is a tool does too, but that is asked by its name. */
const follows = (q: Question) => q.means !== undefined && q.kind !== 'tool'

/** A value as a user types it. */
const typed = (v: unknown) => (typeof v === 'string' ? v : JSON.stringify(v))

/** Evaluates conditions in one world, and remembers what it found. */
class Answers {
  private readonly found: Answer[] = []
  private readonly asking = new Set<string>()
  private readonly mode: 'interactive' | 'print'

  constructor(private readonly questions: (Question | null)[], private readonly tools: Map<string, Tool>, private readonly world: World, private readonly granting = false) {
    this.mode = world.get('mode') === 'print' ? 'print' : 'interactive'
  }

  all(c: Condition | Condition[] | null | undefined): Answer {
    return Array.isArray(c) ? this.some(c, false) : this.holds(c)
  }

  private holds(c: Condition | null | undefined): Answer {
    if (!c) return { holds: true, decided: true }
    if (c.q !== undefined) return this.question(c.q)
    if (c.not) {
      const a = this.holds(c.not)
      return { holds: !a.holds, decided: a.decided }
    }
    return c.any?.length ? this.some(c.any, true) : this.some(c.all ?? [], false)
  }

  /** Whether one of a list is as wanted. What is decided so settles the list, whatever the others are. */
  private some(list: Condition[], wanted: boolean): Answer {
    let holds = !wanted, decided = true, settled = false
    for (const c of list) {
      const a = this.holds(c)
      decided &&= a.decided
      if (a.holds === wanted) {
        holds = wanted
        settled ||= a.decided
      }
    }
    return { holds, decided: decided || settled }
  }

  question(id: number): Answer {
    const known = this.found[id]
    if (known) return known
    this.found[id] = { holds: false, decided: false } // for a question that leads back to itself
    return this.found[id] = this.ask(id)
  }

  private ask(id: number): Answer {
    const q = this.questions[id]
    if (!q) return { holds: false, decided: false }
    const own = this.world.get('q.' + id)
    if (own !== undefined) return { holds: truthy(own), decided: true }
    if (this.granting && q.failed) return { holds: true, decided: true }
    const value = this.world.get(q.kind + '.' + q.subject) ??
      (q.kind === 'model' || q.kind === 'platform' && q.subject === 'process.platform' ? this.world.get(q.kind) : undefined)
    const given = value === undefined ? undefined : answerGiven(q, value)
    if (given !== undefined) return { holds: given, decided: true }
    if (q.means) return this.holds(q.means)
    if (q.kind === 'mode') return { holds: this.mode === 'interactive', decided: true }
    if (q.kind === 'tool' && q.test !== 'other') {
      const has = this.tool(q.subject)
      if (has !== undefined) return { holds: has, decided: true }
    }
    const answer = q.answers[this.mode]
    return answer === null || answer === undefined ? { holds: false, decided: false } : { holds: answer, decided: q.decided }
  }

  tool(name: string): boolean | undefined {
    const value = this.world.get('tool.' + name)
    if (value !== undefined) return truthy(value)
    const t = this.tools.get(name)
    if (!t || this.asking.has(name)) return undefined
    if (t.enabled === null) return undefined
    if (!t.enabledWhen) return t.enabled
    this.asking.add(name)
    const { holds } = this.holds(t.enabledWhen)
    this.asking.delete(name)
    return holds
  }
}

const switchedOn = ['1', 'true', 'yes', 'on'], switchedOff = ['0', 'false', 'no', 'off']
const truthy = (value: string) => !['', '0', 'false', 'null', 'undefined', 'no', 'off'].includes(value)

/** The answer where the subject has a value, as a user types it; undefined where that does not decide it. */
function answerGiven(q: Question, value: string): boolean | undefined {
  const isSet = value !== 'undefined'
  switch (q.test) {
    case 'holds': return q.kind === 'env' ? isSet && value !== '' : isSet && truthy(value)
    case 'undefined': return !isSet
    case 'nullish': return !isSet || value === 'null' && q.kind !== 'env'
    case 'on': return switchedOn.includes(value.trim().toLowerCase())
    case 'off': return switchedOff.includes(value.trim().toLowerCase())
    case 'equals': return q.values.length === 0 ? undefined : isSet && q.values.some((v) => isValue(v, value))
    case 'other': return undefined
  }
}

function isValue(v: unknown, typed: string): boolean {
  if (typeof v === 'string') return v === typed
  if (JSON.stringify(v) === typed) return true
  return typeof v === 'number' && typed.trim() !== '' && Number(typed) === v
}
