// Small parts that several views use.

import { Fragment, type ComponentChildren } from 'preact'
import { useRef, useState } from 'preact/hooks'
import { count, hrefOf, tokens, useApp } from './app'
import { Chars, Name } from './chars'
import { defaultWorld, type Condition } from './conditions'
import type { Origin, Text } from './document'
import type { Piece } from './text'
import { SubjectControl } from './views/questions'

export function Tokens({ n, title }: { n: number | undefined; title?: string }) {
  return <span class="tokens" title={title ?? 'about how many tokens'}>{tokens(n)} <abbr title="tokens">tok</abbr></span>
}

export function Copy({ text, label = 'Copy' }: { text: () => string; label?: string }) {
  const [done, setDone] = useState('')
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(text())
      setDone('Copied')
    } catch {
      setDone('Not allowed here')
    }
    setTimeout(() => setDone(''), 1500)
  }
  return <button type="button" class="quiet" onClick={copy} aria-live="polite">{done || label}</button>
}

/** A condition, with how it stands now. */
export function When({ condition, prefix = 'when' }: { condition: Condition | null; prefix?: string }) {
  const { shown, route } = useApp()
  const text = shown.conditions.text(condition)
  if (!text) return null
  const holds = shown.conditions.holds(condition, route.world)
  const title = (holds ? 'holds' : 'does not hold') + (shown.conditions.decided(condition, route.world) ? ' with the present answers' : ' if what is not known is as by default')
  return (
    <span class={'when ' + (holds ? 'holds' : 'not')}>
      <span class="verdict" role="img" title={title} aria-label={title}>{holds ? '✓' : '✗'}</span>
      {prefix} <Name text={text} code />
    </span>
  )
}

export function Place({ origin }: { origin: Origin | null }) {
  if (!origin) return null
  return (
    <span class="place" title="module and bytes in the source; the name is the build's own">
      <Name text={origin.module} />:{count(origin.start)}–{count(origin.end)}{origin.symbol && <> as <Name text={origin.symbol} code /></>}
    </span>
  )
}

/** A part that can be folded; its content is made when it is opened. */
export function Fold({ title, children, open = false }: { title: ComponentChildren; children: () => ComponentChildren; open?: boolean }) {
  const [isOpen, setOpen] = useState(open)
  return (
    <details class="fold" open={isOpen} onToggle={(e) => setOpen((e.currentTarget as HTMLDetailsElement).open)}>
      <summary>{title}</summary>
      {isOpen && children()}
    </details>
  )
}

export function Empty({ children }: { children: ComponentChildren }) {
  return <p class="empty">{children}</p>
}

export function Tabs<T extends string>({ label, tabs, value, onChange }: { label: string; tabs: [NoInfer<T>, ComponentChildren][]; value: T; onChange: (t: T) => void }) {
  const list = useRef<HTMLDivElement>(null)
  const onKey = (e: KeyboardEvent) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[e.key]
    if (!step) return
    e.preventDefault()
    e.stopPropagation()
    const at = tabs.findIndex(([id]) => id === value)
    const next = (at + step + tabs.length) % tabs.length
    onChange(tabs[next]![0])
    ;(list.current?.children[next] as HTMLElement | undefined)?.focus()
  }
  return (
    <div class="tabs" role="tablist" aria-label={label} ref={list} onKeyDown={onKey}>
      {tabs.map(([id, title]) => (
        <button type="button" role="tab" key={id} aria-selected={id === value} tabIndex={id === value ? 0 : -1} onClick={() => onChange(id)}>{title}</button>
      ))}
    </div>
  )
}

/**
 * A text as the model gets it, with its holes. A mark stands where a piece begins that a condition decides; it opens the
 * conditions, with what can be answered otherwise.
 */
export function TextView({ text, all = false, compareToDefault = true }: { text: Text; all?: boolean; compareToDefault?: boolean }) {
  const { shown, route } = useApp()
  const [open, setOpen] = useState(-1)
  const pieces = shown.texts.pieces(text, route.world, all)
  const before = compareToDefault && route.world.size > 0 ? new Set(shown.texts.pieces(text, defaultWorld).map((p) => p.part)) : null
  const marked = new Set<Condition[]>()
  let start = true
  return (
    <div class="sent">
      {pieces.map((p, i) => {
        const begins = p.when.length > 0 && !marked.has(p.when)
        marked.add(p.when)
        const classes = [p.when.length > 0 && 'decided', p.hole && 'hole', p.each && 'each', !p.sent && 'unsent', p.open && 'open', p.sent && before !== null && !before.has(p.part) && 'new']
        const node = (
          <Fragment key={i}>
            {begins && <button type="button" class="why" aria-expanded={open === i} aria-label="Why this stands here" onClick={() => setOpen(open === i ? -1 : i)}>{p.sent ? '◆' : '◇'}</button>}
            {open === i && <Why piece={p} />}
            <span class={classes.filter(Boolean).join(' ') || undefined} title={remark(p)}>{p.hole ? <Chars text={p.text} /> : lines(p.text, start)}</span>
          </Fragment>
        )
        if (p.text) start = p.text.endsWith('\n')
        return node
      })}
      {pieces.length === 0 && <span class="nothing">Nothing is sent here with the present answers.</span>}
    </div>
  )
}

/** The conditions around a piece, and the questions in them. */
function Why({ piece }: { piece: Piece }) {
  const { shown } = useApp()
  const subjects = [...new Set(piece.when.flatMap((w) => shown.conditions.asks(w)))]
  return (
    <div class="why-box" role="group" aria-label="Conditions">
      {piece.when.map((w, i) => <p key={i}><When condition={w} prefix={i === 0 ? 'sent when' : 'and'} /></p>)}
      <div class="why-answers">{subjects.slice(0, 12).map((s) => <SubjectControl key={s.key} subject={s} />)}</div>
      {subjects.length > 12 && <p class="empty">and {subjects.length - 12} more questions</p>}
    </div>
  )
}

function remark(p: Piece): string | undefined {
  const remarks = [
    p.each && 'repeated for each of ' + p.each.over,
    p.hole && `known when the program runs: ${p.hole.expr} (${p.hole.why})${p.hole.default ? `; by default ${p.hole.default}` : ''}`,
    p.open && 'whether it is sent rests on what is not known',
  ].filter(Boolean)
  return remarks.length ? clip(remarks.join('\n'), 1200) : undefined
}

const clip = (s: string, n: number) => (s.length > n ? s.slice(0, n) + '…' : s).replace(/[^\P{C}\n]/gu, '\ufffd')

/** A literal with its headings in bold. */
function lines(text: string, atLineStart: boolean): ComponentChildren {
  if (!text.includes('#')) return <Chars text={text} />
  const out: ComponentChildren[] = []
  const heading = /(?<![^\n])#{1,6} [^\n]*/g
  let from = 0
  for (const m of text.matchAll(heading)) {
    if (m.index === 0 && !atLineStart) continue
    out.push(<Chars text={text.slice(from, m.index)} />, <b class="heading"><Chars text={m[0]} /></b>)
    from = m.index + m[0].length
  }
  out.push(<Chars text={text.slice(from)} />)
  return out
}

/** A reference to a record, such as "tools/Read". */
export function RecordLink({ record }: { record: string }) {
  const app = useApp()
  const at = record.indexOf('/')
  const [kind, name] = [record.slice(0, at), record.slice(at + 1)]
  return <a href={hrefOf(app, kind, name)}><Name text={name} /></a>
}

export function Badge({ children, tone = '', title }: { children: ComponentChildren; tone?: string; title?: string }) {
  return <span class={'badge ' + tone} title={title}>{children}</span>
}
