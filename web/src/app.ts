// What all parts of the page share: the document that is shown, the world, and how to go elsewhere.

import { createContext } from 'preact'
import { useContext } from 'preact/hooks'
import { defaultWorld, type Condition, type Conditions, type Subject } from './conditions'
import type { Document, Kind, Payload, Row, Text, Tool } from './document'
import { formatRoute, type Route } from './route'
import type { Texts } from './text'
import type { Counter } from './tokens'

/** A document with what was made of it. */
export interface Loaded {
  doc: Document
  title: string
  rows: Record<Kind, Row[]>
  conditions: Conditions
  texts: Texts
}

export interface App {
  payload: Payload
  all: Loaded[]
  shown: Loaded
  route: Route
  counter: Counter
  /** Goes to an address; with replace, without a step back. */
  go(to: Partial<Route>, replace?: boolean): void
  answer(subject: Subject, value: string | undefined): void
}

export const AppContext = createContext<App>(undefined as unknown as App)
export const useApp = () => useContext(AppContext)

/** The address of a record, in the world and document that are shown. */
export const hrefOf = (app: App, section: string, key = '') => formatRoute({ ...app.route, section, key, query: '' })

/** What a document is called; among others of the same program, its version is enough. */
export function titleOf(doc: Document, others: Document[] = []): string {
  if (doc.source.package && doc.source.version && others.length > 1 && others.every((o) => o.source.package === doc.source.package)) return doc.source.version
  return [doc.source.package || doc.source.name, doc.source.version].filter(Boolean).join(' ')
}

/** A whole number, grouped. */
export const count = (n: number) => n.toLocaleString('en')

/** A count of tokens: rounded, for it is an estimate. */
export function tokens(n: number | undefined): string {
  if (n === undefined) return '…'
  return n < 1000 ? String(n) : n < 99_950 ? (n / 1000).toFixed(1) + 'k' : Math.round(n / 1000) + 'k'
}

/** What the model is told of a tool in a world. */
export function descriptionOf(app: App, tool: Tool, world = app.route.world, of = app.shown): string {
  const text = descriptionTextOf(of, tool, world)
  if (!text) return ''
  if (text !== tool.description) return text.text ?? ''
  const plain = of.texts.plain(text, world)
  return plain === of.texts.plain(text, defaultWorld) ? text.text ?? '' : plain // evaluated in that world alone, which may know more
}

/** The first sentence of a text, without a heading or marks of Markdown before it. */
export function firstSentence(text: string): string {
  const body = text.trim().replace(/^#+ [^\n]*\n+(?=\S)/, '').replace(/^[#*\-_\s]+/, '')
  return /^[^\n]*?(?:[.!?](?=\s)|$)/m.exec(body)?.[0].slice(0, 160) ?? ''
}

export function descriptionTextOf(of: Loaded, tool: Tool, world: Route['world']): Text | null {
  return variantOf(of, tool.descriptionVariants, world)?.description ?? tool.description
}

/** The input schema of a tool in a world. */
export function schemaOf(of: Loaded, tool: Tool, world: Route['world']): unknown {
  const variant = variantOf(of, tool.schemaVariants, world)
  return variant ? variant.inputSchema : tool.inputSchema
}

/** The variant whose condition holds, the one that asks most where several do. */
function variantOf<T extends { when: Condition }>(of: Loaded, list: T[], world: Route['world']): T | undefined {
  const asked = (c: Condition): number => (c.q === undefined ? 0 : 1) + [...(c.not ? [c.not] : []), ...(c.all ?? []), ...(c.any ?? [])].reduce((n, p) => n + asked(p), 0)
  let best: T | undefined
  for (const v of list) {
    if (of.conditions.holds(v.when, world) && (!best || asked(v.when) > asked(best.when))) best = v
  }
  return best
}

/** About how many tokens a tool costs in each request. */
export function tokensOfTool(app: App, tool: Tool, world = app.route.world): number | undefined {
  if (!app.counter.ready) return undefined
  const schema = schemaOf(app.shown, tool, world)
  return app.counter.of(tool.name)! + app.counter.of(descriptionOf(app, tool, world))! + (schema == null ? 0 : app.counter.of(JSON.stringify(schema))!)
}

/** The tools that the model gets in a world, and about how many tokens they have. */
export function toolsIn(app: App, world = app.route.world): { tools: Tool[]; tokens: number | undefined } {
  const tools = app.shown.doc.tools.filter((t) => app.shown.conditions.hasTool(t.name, world) === true)
  let sum: number | undefined = 0
  for (const t of tools) {
    const n = tokensOfTool(app, t, world)
    sum = sum === undefined || n === undefined ? undefined : sum + n
  }
  return { tools, tokens: sum }
}
