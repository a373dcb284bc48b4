// A list of records beside the one that is chosen.

import type { ComponentChildren } from 'preact'
import { useEffect, useMemo, useRef, useState } from 'preact/hooks'
import { count, hrefOf, useApp } from '../app'
import { Chars, Name, plain } from '../chars'
import type { Kind, Row } from '../document'
import { Empty } from '../parts'

const page = 300

interface Props {
  section: string
  title: string
  kind: Kind
  rows: Row[]
  /** What stands in the list beside and below the name. */
  side?: (row: Row) => ComponentChildren
  below?: (row: Row) => string
  dim?: (row: Row) => boolean
  /** Rows with the same group stand together under its heading. */
  group?: (row: Row) => string
  /** The order of groups; by the alphabet without it. */
  groups?: string[]
  label?: (row: Row) => string
  header?: ComponentChildren
  detail: (row: Row) => ComponentChildren
  empty: ComponentChildren
}

export function Browse(p: Props) {
  const app = useApp()
  const [filter, setFilter] = useState('')
  const [shown, setShown] = useState(page)
  const chosen = p.rows.find((r) => r.key === app.route.key)
  const label = p.label ?? ((r: Row) => r.name)
  const words = filter.toLowerCase()
  const rows = useMemo(() => {
    const list = words ? p.rows.filter((r) => r.name.toLowerCase().includes(words) || label(r).toLowerCase().includes(words)) : p.rows
    if (!p.group) return list
    const groups = new Map<string, Row[]>((p.groups ?? []).map((g) => [g, []]))
    for (const r of list) {
      const g = p.group(r)
      groups.get(g)?.push(r) ?? groups.set(g, [r])
    }
    const names = p.groups ?? [...groups.keys()].sort((a, b) => a.localeCompare(b, 'en'))
    return names.flatMap((g) => groups.get(g)!)
  }, [p.rows, words, app.route.world, app.counter.ready])
  const list = useRef<HTMLElement>(null)
  useEffect(() => {
    list.current?.querySelector('[aria-current]')?.scrollIntoView({ block: 'nearest' })
  }, [app.route.key])
  if (p.rows.length === 0) return <main class="plain" id="main" tabIndex={-1}><h1>{p.title}</h1><Empty>{p.empty}</Empty></main>
  let last = ''
  return (
    <div class={'browse' + (app.route.key ? ' chosen' : '')}>
      <nav class="list" aria-label={p.title} ref={list} data-list>
        <div class="list-head">
          <h1>{p.title} <span class="number">{count(p.rows.length)}</span></h1>
          {p.header}
          {p.rows.length > 8 && (
            <input type="search" value={filter} placeholder={`Filter ${p.title.toLowerCase()}`} aria-label={`Filter ${p.title.toLowerCase()}`}
              onInput={(e) => { setFilter(e.currentTarget.value); setShown(page) }} />
          )}
        </div>
        <ul>
          {rows.slice(0, shown).map((r) => {
            const group = p.group?.(r) ?? ''
            const heading = group !== last ? (last = group) : ''
            const below = p.below?.(r)
            return [
              heading && <li class="group" key={'group ' + heading}><Name text={heading} /></li>,
              <li key={r.key} class={p.dim?.(r) ? 'dim' : undefined}>
                <a href={hrefOf(app, p.section, r.key)} aria-current={r === chosen ? 'true' : undefined} title={plain(r.name)}>
                  <span class="row-name"><Name text={label(r)} /></span>
                  {p.side && <span class="row-side">{p.side(r)}</span>}
                  {below && <span class="row-below"><Chars text={below} /></span>}
                </a>
              </li>,
            ]
          })}
        </ul>
        {rows.length > shown && <button type="button" class="more" onClick={() => setShown(shown + page * 3)}>Show more of {count(rows.length)}</button>}
        {rows.length === 0 && <Empty>Nothing here has <q><Chars text={filter} /></q> in its name. Search looks into the texts as well.</Empty>}
      </nav>
      <main class="detail" id="main" tabIndex={-1}>
        {chosen
          ? <article key={p.section + '/' + chosen.key}><a class="back" href={hrefOf(app, p.section)}>← {p.title}</a>{p.detail(chosen)}</article>
          : app.route.key
            ? <Empty>There is no <Name text={app.route.key} code /> among the {p.title.toLowerCase()} here.</Empty>
            : <Empty>Choose one of the {count(p.rows.length)} on the left. <kbd>j</kbd> and <kbd>k</kbd> go through them.</Empty>}
      </main>
    </div>
  )
}
