// The Document as schema/document.go describes it, as far as the page reads it, and the payload that carries it.

import type { Condition } from './conditions'

export interface Hole { name: string; expr: string; why: string; value?: { kind: string; name: string }; default?: string }
export interface Branch { when: Condition; parts: Part[] }
export interface Each { name: string; over: string; sep: string; parts: Part[] }
export interface Part { lit?: string; hole?: Hole; choice?: Branch[]; each?: Each; ref?: number }
export interface Text { text?: string; parts?: Part[] }
export interface Origin { module: string; start: number; end: number; symbol?: string }
export interface Loss { path: string; construct: string; why: string; kind: string }
export interface Trait { name: string; value: boolean | null; when: Condition | null }
export interface Member { name: string; source: string; bytes: number }

export interface Tool {
  name: string; aliases: string[]; description: Text | null; summary: Text | null
  inputSchema: unknown; outputSchema: unknown; dialect: string
  schemaVariants: { when: Condition; inputSchema: unknown }[]
  descriptionVariants: { when: Condition; description: Text }[]
  enabled: boolean | null; enabledWhen: Condition | null; traits: Trait[]
  complete: boolean; losses: Loss[]; implementation: Member[]; origin: Origin; origins: Origin[]
}
export interface Prompt { id: string; kind: string; title: string; text: Text; guards: Condition[]; guardsLeftOut?: boolean; origin: Origin }
export interface Agent {
  name: string; whenToUse: Text | null; prompt: Text | null; model: string; tools: string[]; disallowedTools: string[]
  enabled: boolean | null; enabledWhen: Condition | null; origin: Origin
}
export interface Command {
  name: string; aliases: string[]; kind: string; description: Text | null; prompt: Text | null
  enabled: boolean | null; enabledWhen: Condition | null; origin: Origin
}
export interface Use { record: string; how: string }
export interface Variable { name: string; defaults: unknown[]; uses: Use[]; origins: Origin[] }
export interface Flag { key: string; fallback: unknown; uses: Use[]; origins: Origin[] }
export interface Capability { name: string; kind: string; detail: Text | null; schema: unknown; values: string[]; origin: Origin }
export interface Diagnostic { severity: string; code: string; message: string; origin: Origin | null }

export interface Document {
  schemaVersion: number
  source: { name: string; kind: string; package: string; version: string; sha256: string; size: number; entry: string }
  health: {
    complete: boolean; facts: string[]; modules: number; bytes: number; modulesUnread: number; modulesWhole: number
    units: { indexed: number; parsed: number }; parsedBytes: number; parseErrors: number; budgetHits: number; unresolved: number
  } & Record<string, unknown>
  tools: Tool[]; prompts: Prompt[]; reminders: Prompt[]; agents: Agent[]; commands: Command[]
  environment: Variable[]; flags: Flag[]; capabilities: Capability[]; diagnostics: Diagnostic[]
  /** The tables that conditions and texts refer to. What is not read yet is null. */
  questions: unknown[]; fragments: (Part[] | null)[]
  /** How many records of each kind there are, and whole system prompts among them. */
  counts: Record<string, number>
  /** Whether the rest was read, too. */
  whole?: boolean
}

/** What the first block of a page leaves out of a Document: schema/view/split.go writes it. */
export interface Rest {
  records: Pick<Document, 'prompts' | 'reminders' | 'agents' | 'commands' | 'environment' | 'flags' | 'capabilities'>
  implementations: Member[][]; questions: unknown[]; fragments: (Part[] | null)[]
}

/** A Document with its rest. */
export function join(doc: Document, rest: Rest): Document {
  return {
    ...doc, ...rest.records, whole: true,
    tools: doc.tools.map((t, i) => ({ ...t, implementation: rest.implementations[i]! })),
    questions: doc.questions.map((q, i) => q ?? rest.questions[i]),
    fragments: doc.fragments.map((f, i) => f ?? rest.fragments[i]!),
  }
}

/** What schema/diff found, but for the texts, which the page compares itself. */
export interface Change {
  name: string; oldName?: string; change: 'added' | 'removed' | 'renamed' | 'changed'; breaking: boolean; tokens: number
  fields: { field: string; from: string; to: string }[]
  schema: { of?: string; path: string; kind: string; from: string; to: string; breaking: boolean }[]
}
export interface Comparison { differs: boolean; breaking: number; sections: { kind: string; records: Change[] }[] }

export interface HistoryVersion {
  version: string; tools: number; enabledTools: number; prompts: number; reminders: number; agents: number; commands: number
  environment: number; flags: number; complete: boolean; tokens: number
}
export interface HistoryRecord {
  kind: string; name: string; firstSeen: string; lastSeen: string; alive: boolean
  lifetimes: { from: string; to: string }[]; renamedFrom: string; renamedTo: string
}
export interface History {
  package: string; versions: HistoryVersion[]; failures: { version: string; error: string }[]; records: HistoryRecord[]
  /** What changed from one version to the next as Markdown, by "FROM_to_TO". */
  changes: Record<string, string>
}

export interface Payload {
  documents: Document[]
  comparison: Comparison | null
  history: History | null
  /** Served by the command, which has more pages than this one. */
  served: boolean
  program: string
}

/** All of the page is there, and not only what stands before its script. */
const parsed = new Promise<void>((resolve) => {
  if (document.readyState === 'loading') document.addEventListener('DOMContentLoaded', () => resolve(), { once: true })
  else resolve()
})

/** Reads the block with an id: base64 of gzipped JSON. */
export async function readBlock<T>(id: string): Promise<T> {
  if (!document.getElementById(id)) await parsed
  const block = document.getElementById(id)
  const text = atob(block?.textContent?.trim() ?? '')
  block?.remove()
  const bytes = new Uint8Array(text.length)
  for (let i = 0; i < text.length; i++) bytes[i] = text.charCodeAt(i)
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream('gzip'))
  return await new Response(stream).json() as T
}

/** The kinds of records, in the order in which the page lists them. */
export const kinds = ['tools', 'prompts', 'reminders', 'agents', 'commands', 'environment', 'flags', 'capabilities'] as const
export type Kind = (typeof kinds)[number]

export interface Row {
  kind: Kind
  /** The address of the record among those of its kind. */
  key: string
  name: string
  record: Tool | Prompt | Agent | Command | Variable | Flag | Capability
}

/** All records of a document, each with an address of its own. Two of one name are told apart by a number. */
export function rowsOf(doc: Document): Record<Kind, Row[]> {
  const out = {} as Record<Kind, Row[]>
  for (const kind of kinds) {
    const seen = new Map<string, number>()
    out[kind] = doc[kind].map((record) => {
      const name = nameOf(record)
      const n = (seen.get(name) ?? 0) + 1
      seen.set(name, n)
      return { kind, name, key: n === 1 ? name : `${name}~${n}`, record }
    })
  }
  return out
}

function nameOf(r: Row['record']): string {
  return 'id' in r ? r.id : 'key' in r ? r.key : r.name
}

/** A whole system prompt, put together of its sections. */
export const isAssembly = (p: Prompt) => p.kind === 'system-prompt'
