// What the program asks, and what follows from the answers. This is the only module that knows how a Document writes
// its conditions.

import type { Condition, Document } from './document'

export type QuestionKind = 'mode' | 'tool' | 'env' | 'flag' | 'platform' | 'model' | 'setting' | 'argument' | 'other'

/** Something that conditions ask about: a variable, a flag, a tool. Its value decides all questions on it. */
export interface Subject {
  key: string
  kind: QuestionKind
  name: string
  /** The values that make a difference, the one by default among them. */
  values: string[]
  /** How many conditions of the document ask. */
  uses: number
}

/** A world is the values of those subjects that have another one than by default. */
export type World = ReadonlyMap<string, string>

/** A condition, with questions by their number. */
type Formula =
  | { is: number }
  | { all: Formula[] }
  | { any: Formula[] }
  | { not: Formula }

type Test = { op: 'set' } | { op: 'equals'; value: string } | { op: 'absent' } | { op: 'yes' }
interface Question { subject: string; test: Test }

/** What answers a question where nothing else does; undefined where that is not known. */
export type Verdict = boolean | undefined

export const unset = 'unset', set = 'set', yes = 'yes', no = 'no'
const literal = (value: string) => '=' + value

export class Conditions {
  readonly subjects = new Map<string, Subject>()
  private readonly questions: Question[] = []
  private readonly numbers = new Map<string, number>()
  private readonly formulas = new Map<string, Formula>()
  private readonly enabledWhen = new Map<string, { enabled: boolean | null; when: Condition }>()

  constructor(doc: Document) {
    for (const t of doc.tools) {
      this.enabledWhen.set(t.name, { enabled: t.enabled, when: t.enabledWhen })
    }
    this.subject('mode', 'mode', '', literal('interactive'), literal('print'))
    for (const t of doc.tools) this.subject('tool:' + t.name, 'tool', t.name, yes, no)
    walk(doc, (c) => {
      const f = this.formula(c)
      if (f) for (const s of this.subjectsOf(f)) this.subjects.get(s)!.uses++
    })
  }

  /** Whether a condition holds in a world. One that is not there holds. */
  holds(condition: Condition, world: World): Verdict {
    const f = this.formula(condition)
    return f ? this.decide(f, world) : true
  }

  /** The subjects that a condition asks about. */
  asks(condition: Condition): Subject[] {
    const f = this.formula(condition)
    return f ? [...new Set(this.subjectsOf(f))].map((s) => this.subjects.get(s)!) : []
  }

  /** A condition for people; empty where there is none. */
  text(condition: Condition): string {
    if (Array.isArray(condition)) return condition.map((c) => this.text(c)).join(' && ')
    return typeof condition === 'string' ? condition : ''
  }

  /** Whether the model gets a tool in a world. */
  hasTool(name: string, world: World): Verdict {
    const answer = world.get('tool:' + name)
    if (answer) return answer === yes
    const t = this.enabledWhen.get(name)
    if (!t) return false
    if (t.enabled === null && !this.text(t.when)) return undefined
    return this.formula(t.when) ? this.holds(t.when, world) : t.enabled ?? undefined
  }

  /** The value of a subject in a world. */
  value(key: string, world: World): string {
    const s = this.subjects.get(key)
    if (s?.kind === 'tool') return this.hasTool(s.name, world) ? yes : no
    return world.get(key) ?? s?.values[0] ?? no
  }

  private decide(f: Formula, world: World): Verdict {
    if ('is' in f) return this.answer(this.questions[f.is]!, world)
    if ('not' in f) {
      const v = this.decide(f.not, world)
      return v === undefined ? v : !v
    }
    const [parts, neutral] = 'all' in f ? [f.all, true] : [f.any, false]
    let open = false
    for (const p of parts) {
      const v = this.decide(p, world)
      if (v === !neutral) return v
      open ||= v === undefined
    }
    return open ? undefined : neutral
  }

  private answer(q: Question, world: World): Verdict {
    const value = this.value(q.subject, world)
    switch (q.test.op) {
      case 'yes': return value === yes
      case 'set': return value !== unset && value !== literal('')
      case 'absent': return value === unset
      case 'equals': return value === literal(q.test.value)
    }
  }

  private subjectsOf(f: Formula): string[] {
    if ('is' in f) return [this.questions[f.is]!.subject]
    if ('not' in f) return this.subjectsOf(f.not)
    return ('all' in f ? f.all : f.any).flatMap((p) => this.subjectsOf(p))
  }

  private subject(key: string, kind: QuestionKind, name: string, ...values: string[]): Subject {
    let s = this.subjects.get(key)
    if (!s) this.subjects.set(key, s = { key, kind, name, values: [], uses: 0 })
    for (const v of values) if (!s.values.includes(v)) s.values.push(v)
    return s
  }

  private question(subject: Subject, test: Test): Formula {
    const id = JSON.stringify([subject.key, test])
    let n = this.numbers.get(id)
    if (n === undefined) {
      n = this.questions.push({ subject: subject.key, test }) - 1
      this.numbers.set(id, n)
    }
    return { is: n }
  }

  private formula(condition: Condition): Formula | undefined {
    if (Array.isArray(condition)) {
      const all = condition.map((c) => this.formula(c)).filter((f) => f !== undefined)
      return all.length ? { all } : undefined
    }
    if (typeof condition !== 'string' || condition === '') return undefined
    let f = this.formulas.get(condition)
    if (!f) this.formulas.set(condition, f = this.parse(condition))
    return f
  }

  // Version 1 of the Document writes conditions as sentences.

  private parse(text: string): Formula {
    const any = splitAt(text, ' || ')
    if (any.length > 1) return { any: any.map((p) => this.parse(p)) }
    const all = splitAt(text, ' && ')
    if (all.length > 1) return { all: all.map((p) => this.parse(p)) }
    if (text.startsWith('!') && text[1] !== '=') return { not: this.parse(text.slice(1)) }
    if (text.startsWith('(') && closes(text) === text.length - 1) return this.parse(text.slice(1, -1))
    if (text.startsWith('not by default; ')) return { not: this.parse(text.slice(4)) }
    return this.atom(text)
  }

  private atom(text: string): Formula {
    const [, left, sign, right] = /^(.*?) (===|!==|==|!=) (".*"|null|undefined|[\d.]+|true|false)$/s.exec(text) ?? []
    if (left !== undefined && sign?.startsWith('!')) return { not: this.atom(`${left} ${sign.replace('!', '=')} ${right}`) }
    const value = right?.startsWith('"') ? safeString(right) : right
    const tool = /^tools include "(.*)"$/.exec(text)?.[1] ?? (left?.endsWith('[].name') && this.enabledWhen.has(value!) ? value : undefined)
    if (tool !== undefined) return this.question(this.subject('tool:' + tool, 'tool', tool, yes, no), { op: 'yes' })
    if (text === 'interactive') return this.question(this.subject('mode', 'mode', ''), { op: 'equals', value: 'interactive' })
    const of = left ?? text
    const env = /^process\.env\.(\w+)$/.exec(of)?.[1]
    const s = env !== undefined
      ? this.subject('env:' + env, 'env', env, unset, set)
      : of === 'process.platform' ? this.subject('platform', 'platform', '', literal('linux')) : undefined
    if (s && left === undefined) return this.question(s, { op: 'set' })
    if (s && (value === 'null' || value === 'undefined')) return this.question(s, { op: 'absent' })
    if (s) {
      this.subject(s.key, s.kind, s.name, literal(value!))
      return this.question(s, { op: 'equals', value: value! })
    }
    const flag = /^flag\("(.*?)", (.*)\)$/.exec(text)
    if (flag) return this.question(this.subject('flag:' + flag[1], 'flag', flag[1]!, ...(flag[2] === 'true' ? [yes, no] : [no, yes])), { op: 'yes' })
    const byDefault = text.startsWith('by default; ')
    return this.question(this.subject('other:' + text, 'other', text, ...(byDefault ? [yes, no] : [no, yes])), { op: 'yes' })
  }
}

function safeString(quoted: string): string {
  try { return JSON.parse(quoted) as string } catch { return quoted.slice(1, -1) }
}

/** Cuts a text at a separator that stands in no brackets and no string. */
function splitAt(text: string, separator: string): string[] {
  const out: string[] = []
  let depth = 0, from = 0
  for (let i = 0; i < text.length; i++) {
    const c = text[i]!
    if (c === '"') i = stringEnd(text, i)
    else if ('([{'.includes(c)) depth++
    else if (')]}'.includes(c)) depth--
    else if (depth === 0 && text.startsWith(separator, i)) {
      out.push(text.slice(from, i))
      from = i += separator.length
      i--
    }
  }
  out.push(text.slice(from))
  return out
}

/** Where the bracket at the beginning of a text is closed. */
function closes(text: string): number {
  let depth = 0
  for (let i = 0; i < text.length; i++) {
    const c = text[i]!
    if (c === '"') i = stringEnd(text, i)
    else if ('([{'.includes(c)) depth++
    else if (')]}'.includes(c) && --depth === 0) return i
  }
  return -1
}

function stringEnd(text: string, from: number): number {
  for (let i = from + 1; i < text.length; i++) {
    if (text[i] === '\\') i++
    else if (text[i] === '"') return i
  }
  return text.length
}

/** Visits all conditions of a document. */
function walk(value: unknown, visit: (c: Condition) => void) {
  if (Array.isArray(value)) {
    for (const v of value) walk(v, visit)
  } else if (value && typeof value === 'object') {
    for (const [k, v] of Object.entries(value)) {
      if (k === 'when' || k === 'enabledWhen' || k === 'guards') visit(v)
      else if (k !== 'inputSchema' && k !== 'outputSchema' && k !== 'schema') walk(v, visit)
    }
  }
}
