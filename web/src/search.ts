// Search over everything a document holds. People look for exact words, so that each record is one text in lower case,
// made in idle time, or when something is searched for; scanning 25 MB of it takes some hundredths of a second, where an
// index would take seconds to make.

import type { Loaded } from './app'
import { kinds, type Kind, type Part, type Row, type Text } from './document'

export interface Found { row: Row; where: 'name' | 'text'; before: string; match: string; after: string }

interface Entry { row: Row; name: string; text: string; lower: string }

/** The entries that are made, and the rows of all. */
const made = new WeakMap<Loaded, { entries: Entry[]; rows: Row[] }>()

export function search(of: Loaded, query: string, limit = 200): { found: Found[]; more: boolean; counts: Map<Kind, number> } {
  const words = query.toLowerCase().trim()
  const found: Found[] = [], inText: Found[] = []
  const counts = new Map<Kind, number>()
  if (!words) return { found, more: false, counts }
  for (const e of entries(of)) {
    const inName = e.name.includes(words)
    const at = inName ? -1 : e.lower.indexOf(words)
    if (!inName && at < 0) continue
    counts.set(e.row.kind, (counts.get(e.row.kind) ?? 0) + 1)
    if (inName) found.push({ row: e.row, where: 'name', before: '', match: '', after: e.text.slice(0, 140) })
    else if (inText.length < limit) inText.push({ row: e.row, where: 'text', ...snippet(e.text, at, words.length) })
  }
  found.sort((a, b) => Number(b.row.name.toLowerCase() === words) - Number(a.row.name.toLowerCase() === words))
  const all = [...found, ...inText]
  const total = [...counts.values()].reduce((a, b) => a + b, 0)
  return { found: all.slice(0, limit), more: total > limit, counts }
}

function snippet(text: string, at: number, length: number) {
  const from = Math.max(0, at - 60)
  return { before: (from > 0 ? '…' : '') + text.slice(from, at), match: text.slice(at, at + length), after: text.slice(at + length, at + length + 100) }
}

/** The entries of a document, those that are missing made now. */
function entries(of: Loaded): Entry[] {
  const { entries, rows } = indexOf(of)
  while (entries.length < rows.length) entries.push(entryOf(of, rows[entries.length]!))
  return entries
}

/** Makes the entries of a document while the browser has nothing else to do. */
export function prepareSearch(of: Loaded) {
  const { entries, rows } = indexOf(of)
  const go = (deadline: IdleDeadline) => {
    while (entries.length < rows.length && deadline.timeRemaining() > 1) entries.push(entryOf(of, rows[entries.length]!))
    if (entries.length < rows.length) requestIdleCallback(go)
  }
  if ('requestIdleCallback' in window) requestIdleCallback(go)
}

function indexOf(of: Loaded) {
  let index = made.get(of)
  if (!index) made.set(of, index = { entries: [], rows: kinds.flatMap((k) => of.rows[k]) })
  return index
}

function entryOf(of: Loaded, row: Row): Entry {
  const out: string[] = []
  gather(of, row.record, out)
  const text = out.join('\n')
  const lower = text.toLowerCase()
  // Where lower case has another length, places in it are those of no text to show.
  return { row, name: row.name.toLowerCase(), text: lower.length === text.length ? text : lower, lower }
}

/** Gathers the strings of a record: the literals of its texts, each once, and all else but places and conditions. */
function gather(of: Loaded, value: unknown, out: string[]) {
  if (typeof value === 'string') {
    if (value) out.push(value)
  } else if (Array.isArray(value)) {
    for (const v of value) gather(of, v, out)
  } else if (value && typeof value === 'object') {
    if ('parts' in value) {
      out.push(...literals(of, (value as Text).parts ?? [], new Set()))
      return
    }
    for (const [k, v] of Object.entries(value)) {
      if (k === 'origin' || k === 'origins' || k === 'id' || k === 'when' || k === 'enabledWhen' || k === 'guards') continue
      if (k === 'properties' && v && typeof v === 'object') out.push(...Object.keys(v))
      gather(of, v, out)
    }
  }
}

function literals(of: Loaded, parts: Part[], seen: Set<number>): string[] {
  const out: string[] = []
  let run = ''
  const walk = (list: Part[]) => {
    for (const p of list ?? []) {
      if (p.ref !== undefined) {
        if (seen.has(p.ref)) continue
        seen.add(p.ref)
        walk(of.doc.fragments[p.ref] ?? [])
      } else if (p.lit) run += p.lit
      else if (p.hole) run += '${' + p.hole.name + '}'
      else if (p.each) walk(p.each.parts)
      else {
        for (const b of p.choice ?? []) {
          if (run) out.push(run)
          run = ''
          walk(b.parts)
        }
        if (run) out.push(run)
        run = ''
      }
    }
  }
  walk(parts)
  if (run) out.push(run)
  return out
}
