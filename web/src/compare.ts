// Two texts side by side: lines beside lines, and in them the words that differ.

import { diffLines, diffWordsWithSpace } from 'diff'

export interface Segment { text: string; changed: boolean }
export interface Line { number: number; segments: Segment[] }
export interface DiffRow { left?: Line; right?: Line; same: boolean }

/** Past this, words are not compared: the lines that differ are shown as they are. */
const maxWords = 60_000

export function diffRows(a: string, b: string): DiffRow[] {
  const rows: DiffRow[] = []
  let left = 0, right = 0
  const lineDiff = diffLines(a, b, { timeout: 4000 }) ?? [{ value: a, removed: true, added: false, count: 1 }, { value: b, removed: false, added: true, count: 1 }]
  for (let i = 0; i < lineDiff.length; i++) {
    const part = lineDiff[i]!
    if (!part.added && !part.removed) {
      for (const text of linesOf(part.value)) {
        const segments = [{ text, changed: false }]
        rows.push({ left: { number: ++left, segments }, right: { number: ++right, segments }, same: true })
      }
      continue
    }
    const next = lineDiff[i + 1]
    const pair = next && (next.added || next.removed) && next.added !== part.added
    const removed = part.removed ? part.value : pair ? next.value : ''
    const added = part.added ? part.value : pair ? next.value : ''
    if (pair) i++
    const [l, r] = words(removed, added)
    for (let k = 0; k < Math.max(l.length, r.length); k++) {
      rows.push({ left: l[k] && { number: ++left, segments: l[k]! }, right: r[k] && { number: ++right, segments: r[k]! }, same: false })
    }
  }
  return rows
}

function linesOf(text: string): string[] {
  const lines = text.split('\n')
  if (lines.at(-1) === '') lines.pop()
  return lines
}

function words(removed: string, added: string): [Segment[][], Segment[][]] {
  const compared = removed && added && removed.length + added.length < maxWords ? diffWordsWithSpace(removed, added, { timeout: 1000 }) : undefined
  if (!compared) return [inLines([{ text: removed, changed: removed !== '' }]), inLines([{ text: added, changed: added !== '' }])]
  const side = (drop: 'added' | 'removed') => inLines(compared.filter((p) => !p[drop]).map((p) => ({ text: p.value, changed: p.added || p.removed })))
  return [side('added'), side('removed')]
}

/** Cuts segments into lines. */
function inLines(segments: Segment[]): Segment[][] {
  const out: Segment[][] = [[]]
  for (const s of segments) {
    s.text.split('\n').forEach((text, i) => {
      if (i > 0) out.push([])
      if (text) out.at(-1)!.push({ text, changed: s.changed })
    })
  }
  if (out.at(-1)!.length === 0) out.pop()
  return out
}
