import { useMemo, useState } from 'preact/hooks'
import { Chars } from '../chars'
import { diffRows, type DiffRow, type Line } from '../compare'

const around = 3

/** Two texts side by side. Long runs in which they are the same are folded. */
export function SideBySide({ before, after, names }: { before: string; after: string; names: [string, string] }) {
  const rows = useMemo(() => diffRows(before, after), [before, after])
  const [open, setOpen] = useState<ReadonlySet<number>>(new Set())
  if (rows.every((r) => r.same)) return <p class="empty">The text is the same on both sides.</p>
  const blocks = fold(rows)
  return (
    <div class="scroll"><table class="diff">
      <colgroup><col class="line-number" /><col class="side" /><col class="line-number" /><col class="side" /></colgroup>
      <thead><tr><th scope="col" colSpan={2}><Chars text={names[0]} /></th><th scope="col" colSpan={2}><Chars text={names[1]} /></th></tr></thead>
      <tbody>
        {blocks.flatMap((b, i) => b.folded && !open.has(i)
          ? [<tr class="folded" key={i}><td colSpan={4}><button type="button" onClick={() => setOpen(new Set([...open, i]))}>{b.rows.length} lines that are the same</button></td></tr>]
          : b.rows.map((r, k) => (
            <tr key={`${i} ${k}`} class={r.same ? undefined : 'differs'}>
              <Side line={r.left} word="removed" /><Side line={r.right} word="added" />
            </tr>
          )))}
      </tbody>
    </table></div>
  )
}

function Side({ line, word }: { line: Line | undefined; word: 'removed' | 'added' }) {
  if (!line) return <><td class="line-number" /><td class="side none" /></>
  const differs = line.segments.some((s) => s.changed)
  return (
    <>
      <td class="line-number">{line.number}</td>
      <td class={'side' + (differs ? ' ' + word : '')}>
        {line.segments.map((s, i) => s.changed ? (word === 'added' ? <ins key={i}><Chars text={s.text} /></ins> : <del key={i}><Chars text={s.text} /></del>) : <Chars key={i} text={s.text} />)}
      </td>
    </>
  )
}

function fold(rows: DiffRow[]): { folded: boolean; rows: DiffRow[] }[] {
  const near = rows.map((_, i) => rows.slice(Math.max(0, i - around), i + around + 1).some((r) => !r.same))
  const out: { folded: boolean; rows: DiffRow[] }[] = []
  rows.forEach((r, i) => {
    const last = out.at(-1)
    if (last && last.folded === !near[i]) last.rows.push(r)
    else out.push({ folded: !near[i], rows: [r] })
  })
  for (const b of out) if (b.rows.length < 3) b.folded = false
  return out
}
