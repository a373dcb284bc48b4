// A program over its versions: how its numbers moved, when each record came and went, and what changed at each point.

import type { ComponentChildren } from 'preact'
import { useMemo, useState } from 'preact/hooks'
import { count, hrefOf, tokens, useApp } from '../app'
import { Chars, Name } from '../chars'
import { kinds, type HistoryRecord, type Kind } from '../document'
import { Badge, Empty, Fold, Tabs } from '../parts'
import { Plot } from './plot'

export function Timeline({ theme }: { theme: string }) {
  const app = useApp()
  const history = app.payload.history!
  const { versions } = history
  const names = useMemo(() => versions.map((v) => v.version), [versions])
  const pick = (version: string) => app.go({ key: version })
  const tools = useMemo(() => [
    { label: 'sent by default', values: versions.map((v) => v.enabledTools), color: '--accent' },
    { label: 'all that are defined', values: versions.map((v) => v.tools), color: '--second' },
  ], [versions])
  const counts = useMemo(() => [{ label: 'tokens', values: versions.map((v) => v.tokens), color: '--accent' }], [versions])
  if (versions.length === 0) return <main class="plain" id="main" tabIndex={-1}><h1><Name text={history.package} /></h1><Empty>No version could be analysed.</Empty></main>
  const chosen = app.route.key
  return (
    <div class={'browse' + (chosen ? ' chosen' : '')}>
      <nav class="list" aria-label="Versions" data-list>
        <div class="list-head"><h1>Versions <span class="number">{versions.length}</span></h1></div>
        <ul>
          {versions.map((v, i) => ({ v, before: versions[i - 1] })).reverse().map(({ v, before }) => (
            <li key={v.version}>
              <a href={hrefOf(app, 'timeline', v.version)} aria-current={chosen === v.version ? 'true' : undefined}>
                <span class="row-name"><Name text={v.version} /></span>
                <span class="row-side">{before ? signed(v.tokens - before.tokens) : tokens(v.tokens)}</span>
                <span class="row-below">{v.tools} tools{v.complete ? '' : ', could not be seen whole'}</span>
              </a>
            </li>
          ))}
        </ul>
      </nav>
      <main class="detail" id="main" tabIndex={-1}>
        {chosen ? <Version key={chosen} version={chosen} /> : (
          <>
            <header class="record">
              <h1><Name text={history.package} /></h1>
              <p class="facts-line"><span><Chars text={names[0]!} /> to <Chars text={names.at(-1)!} /></span>{history.failures.length > 0 && <Badge tone="warn">{history.failures.length} could not be analysed</Badge>}</p>
            </header>
            <div class="plots">
              <Plot title="Tools" versions={names} lines={tools} theme={theme} onPick={pick} />
              <Plot title="Tokens of the tools that are sent by default" versions={names} lines={counts} theme={theme} onPick={pick} />
            </div>
            <Lifetimes names={names} records={history.records} />
            <Fold title="The numbers as a table">{() => (
              <div class="scroll"><table class="figures">
                <thead><tr>{['Version', 'Tools', 'Sent', 'Tokens', 'Prompts', 'Reminders', 'Agents', 'Commands', 'Variables', 'Flags'].map((h) => <th scope="col" key={h}>{h}</th>)}</tr></thead>
                <tbody>{versions.map((v) => <tr key={v.version}><th scope="row"><Name text={v.version} /></th>{[v.tools, v.enabledTools, v.tokens, v.prompts, v.reminders, v.agents, v.commands, v.environment, v.flags].map((n, i) => <td key={i}>{count(n)}</td>)}</tr>)}</tbody>
              </table></div>
            )}</Fold>
            {history.failures.length > 0 && <section aria-label="Failures"><h2>Not analysed</h2><ul class="losses">{history.failures.map((f) => <li key={f.version}><Name text={f.version} code /> <Chars text={f.error} /></li>)}</ul></section>}
          </>
        )}
      </main>
    </div>
  )
}

const signed = (n: number) => (n === 0 ? '±0' : (n > 0 ? '+' : '−') + tokens(Math.abs(n)))

/** When each record was there: a bar from its first version to its last. */
function Lifetimes({ names, records }: { names: string[]; records: HistoryRecord[] }) {
  const app = useApp()
  const [kind, setKind] = useState<Kind>('tools')
  const [all, setAll] = useState(false)
  const at = useMemo(() => new Map(names.map((n, i) => [n, i])), [names])
  const there = kinds.filter((k) => records.some((r) => r.kind === k))
  const moved = (r: HistoryRecord) => r.lifetimes.length > 1 || r.firstSeen !== names[0] || !r.alive
  const rows = records.filter((r) => r.kind === kind && (all || kind === 'tools' || moved(r)))
    .sort((a, b) => at.get(a.firstSeen)! - at.get(b.firstSeen)! || a.name.localeCompare(b.name, 'en'))
  const share = (i: number) => (100 * i / names.length) + '%'
  return (
    <section aria-label="First and last seen">
      <div class="section-head"><h2>First and last seen</h2><Tabs label="Kind" tabs={there.map((k) => [k, k] as [Kind, string])} value={kind} onChange={setKind} /></div>
      {kind !== 'tools' && <label class="check"><input type="checkbox" checked={all} onChange={(e) => setAll(e.currentTarget.checked)} /> also those that all versions have</label>}
      {rows.length === 0 && <Empty>All versions have the same {kind}.</Empty>}
      <div class="scroll"><table class="lifetimes">
        <thead><tr><th scope="col">Name</th><th scope="col">First</th><th scope="col">Last</th><th scope="col" aria-hidden="true"><span class="ends"><span><Chars text={names[0]!} /></span><span><Chars text={names.at(-1)!} /></span></span></th></tr></thead>
        <tbody>
          {rows.slice(0, 400).map((r) => (
            <tr key={r.name} class={r.alive ? undefined : 'gone'}>
              <th scope="row"><Name text={r.name} />{r.renamedFrom && <span class="number"> was <Name text={r.renamedFrom} /></span>}{r.renamedTo && <span class="number"> now <Name text={r.renamedTo} /></span>}</th>
              <td><a href={hrefOf(app, 'timeline', r.firstSeen)}><Name text={r.firstSeen} /></a></td>
              <td>{r.alive ? <span class="number">still there</span> : <a href={hrefOf(app, 'timeline', r.lastSeen)}><Name text={r.lastSeen} /></a>}</td>
              <td class="track" aria-hidden="true">{r.lifetimes.map((l, i) => <span key={i} style={{ left: share(at.get(l.from) ?? 0), right: share(names.length - 1 - (at.get(l.to) ?? 0)) }} />)}</td>
            </tr>
          ))}
        </tbody>
      </table></div>
      {rows.length > 400 && <Empty>and {rows.length - 400} more</Empty>}
    </section>
  )
}

function Version({ version }: { version: string }) {
  const app = useApp()
  const history = app.payload.history!
  const i = history.versions.findIndex((v) => v.version === version)
  const v = history.versions[i], before = history.versions[i - 1], after = history.versions[i + 1]
  if (!v) return <Empty>There is no version <Name text={version} code /> here.</Empty>
  const came = before ? history.records.filter((r) => r.lifetimes.some((l) => l.from === version)) : []
  const went = before ? history.records.filter((r) => r.lifetimes.some((l) => l.to === before.version)) : []
  const served = (path: string, label: ComponentChildren) => app.payload.served && <a class="button" href={path}>{label}</a>
  const page = before && history.changes[`${before.version}_to_${version}`]
  return (
    <article>
      <a class="back" href={hrefOf(app, 'timeline')}>← Versions</a>
      <header class="record">
        <h2><Name text={version} /></h2>
        <p class="facts-line">
          <span>{v.tools} tools, {v.enabledTools} of them sent by default with about {tokens(v.tokens)} tokens{before && <> ({signed(v.tokens - before.tokens)})</>}</span>
          {!v.complete && <Badge tone="warn">could not be seen whole</Badge>}
        </p>
        <p class="facts-line">
          {before && <a href={hrefOf(app, 'timeline', before.version)}>← <Name text={before.version} /></a>}
          {after && <a href={hrefOf(app, 'timeline', after.version)}><Name text={after.version} /> →</a>}
          {served('/versions/' + encodeURIComponent(version), 'Explore this version')}
          {before && served(`/compare/${encodeURIComponent(before.version)}/${encodeURIComponent(version)}`, <>Side by side with <Name text={before.version} /></>)}
        </p>
      </header>
      {!before && <Empty>This is the first version here.</Empty>}
      {before && kinds.map((k) => {
        const [c, w] = [came.filter((r) => r.kind === k), went.filter((r) => r.kind === k)]
        return (c.length > 0 || w.length > 0) && (
          <section key={k} aria-label={k}><h3>{k}</h3><ChangeList word="added" sign="+" list={c} /><ChangeList word="removed" sign="−" list={w} /></section>
        )
      })}
      {page ? <section aria-label="In full"><h3>In full</h3><Markdown text={page} /></section> : before && came.length + went.length === 0 && <Empty>Nothing changed in what the model is told.</Empty>}
    </article>
  )
}

function ChangeList({ word, sign, list }: { word: string; sign: string; list: HistoryRecord[] }) {
  if (list.length === 0) return null
  return <p class="changes"><span class={'sign ' + word}>{sign}</span> {word} {list.slice(0, 60).map((r, i) => <span key={i}>{i > 0 && ', '}<Name text={r.name} code /></span>)}{list.length > 60 && ` and ${list.length - 60} more`}</p>
}

const mostLines = 4000

/** A page of differences as it is written: headings stand out, and lines that came or went have their colour. */
function Markdown({ text }: { text: string }) {
  const lines = text.split('\n')
  return (
    <div class="markdown">
      {lines.slice(0, mostLines).map((l, i) => {
        const kind = /^#{1,6} /.test(l) ? 'heading' : /^\+/.test(l) ? 'added' : /^-(?! )/.test(l) ? 'removed' : undefined
        return <div key={i} class={kind}><Chars text={l || ' '} /></div>
      })}
      {lines.length > mostLines && <Empty>and {count(lines.length - mostLines)} lines more, in the history's directory</Empty>}
    </div>
  )
}
