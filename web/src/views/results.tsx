import { useEffect, useMemo } from 'preact/hooks'
import { count, useApp } from '../app'
import { Chars, Name } from '../chars'
import type { Prompt } from '../document'
import { Badge, Empty } from '../parts'
import { formatRoute } from '../route'
import { search } from '../search'
import { sectionOf } from './records'

export function Results() {
  const app = useApp()
  const { query } = app.route
  const result = useMemo(() => search(app.shown, query), [app.shown, query])
  return (
    <main class="plain" id="main" tabIndex={-1}>
      <h1>Search {query && <q><Chars text={query} /></q>}</h1>
      {query && <p class="facts-line" aria-live="polite">{result.found.length === 0 ? 'Nothing' : [...result.counts].map(([k, n]) => <Badge key={k}>{count(n)} {k}</Badge>)}</p>}
      {!query && <Empty>Names, texts, schemas, sources and values are searched as they are written, without regard to case.</Empty>}
      {query && result.found.length === 0 && <Empty>No record has these words one after the other.</Empty>}
      <ul class="results" data-list>
        {result.found.map((f) => (
          <li key={f.row.kind + f.row.key}>
            <a href={formatRoute({ ...app.route, section: sectionOf(f.row.kind, f.row.record), key: f.row.key })}>
              <span class="number">{f.row.kind}</span> <span class="row-name"><Name text={(f.row.record as Prompt).title || f.row.name} /></span>
              <span class="snippet"><Chars text={f.before} />{f.match && <mark><Chars text={f.match} /></mark>}<Chars text={f.after} /></span>
            </a>
          </li>
        ))}
      </ul>
      {result.more && <Empty>These are the first {result.found.length}. More words find fewer.</Empty>}
    </main>
  )
}

/** Marks what was searched for in the record that is shown, without touching its elements. */
export function useHighlight(query: string, ...changes: unknown[]) {
  useEffect(() => {
    if (!('highlights' in CSS)) return
    CSS.highlights.delete('found')
    const words = query.toLowerCase().trim()
    const root = document.querySelector('article, .prompt-main')
    if (!words || !root) return
    const ranges: Range[] = []
    const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT)
    for (let node = walker.nextNode(); node && ranges.length < 500; node = walker.nextNode()) {
      const text = node.nodeValue!.toLowerCase()
      for (let at = text.indexOf(words); at >= 0; at = text.indexOf(words, at + words.length)) {
        const r = new Range()
        if (at + words.length > node.nodeValue!.length) break
        r.setStart(node, at)
        r.setEnd(node, at + words.length)
        ranges.push(r)
      }
    }
    if (ranges.length === 0) return
    CSS.highlights.set('found', new Highlight(...ranges))
    const inText = ranges.find((r) => r.startContainer.parentElement?.closest('.sent, .schema, .code')) ?? ranges[0]!
    inText.startContainer.parentElement?.scrollIntoView({ block: 'center' })
  }, [query, ...changes])
}
