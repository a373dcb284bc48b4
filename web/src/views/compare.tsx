// Two documents: what changed from one to the other, and the texts side by side in the world that is chosen.

import { useMemo } from 'preact/hooks'
import { hrefOf, toolsIn, tokens, useApp, type App, type Loaded } from '../app'
import { descriptionTextOf } from '../app'
import { Chars, Name } from '../chars'
import { isAssembly, type Agent, type Capability, type Change, type Command, type Kind, type Prompt, type Row, type Text, type Tool } from '../document'
import { Badge, Empty } from '../parts'
import { assembliesOf } from './prompt'
import { SideBySide } from './diff'

const signs = { added: '+', removed: '−', renamed: '→', changed: '~' }

export function Compare() {
  const app = useApp()
  const [a, b] = [app.all[0]!, app.all[1]!]
  const sections = app.payload.comparison!.sections.filter((s) => s.records.length > 0)
  const prompts = useMemo(() => pairPrompts(a, b), [a, b])
  const [kind, name] = cut(app.route.key)
  return (
    <div class={'browse' + (app.route.key ? ' chosen' : '')}>
      <nav class="list" aria-label="What changed" data-list>
        <div class="list-head"><h1>Changes</h1><p class="list-note"><Chars text={a.title} /> → <Chars text={b.title} /></p></div>
        <ul>
          {prompts.length > 0 && <li class="group">Whole prompts</li>}
          {prompts.map((p) => {
            const key = 'prompt/' + p.id
            const same = a.texts.plain(p.before?.text, app.route.world) === b.texts.plain(p.after?.text, app.route.world)
            return <li key={key} class={same ? 'dim' : undefined}><a href={hrefOf(app, 'compare', key)} aria-current={app.route.key === key ? 'true' : undefined}><span class="row-name"><Name text={p.title} /></span><span class="row-side">{same ? 'the same' : 'differs'}</span></a></li>
          })}
          {sections.flatMap((s) => [
            <li class="group" key={s.kind}>{s.kind} <span class="number">{s.records.length}</span></li>,
            ...s.records.map((r) => {
              const key = s.kind + '/' + r.name
              return (
                <li key={key + r.change}>
                  <a href={hrefOf(app, 'compare', key)} aria-current={app.route.key === key ? 'true' : undefined}>
                    <span class={'sign ' + r.change} aria-label={r.change}>{signs[r.change]}</span><span class="row-name"><Name text={r.name} /></span>
                    <span class="row-side">{r.breaking ? <Badge tone="warn">breaking</Badge> : r.tokens ? signed(r.tokens) : ''}</span>
                  </a>
                </li>
              )
            }),
          ])}
        </ul>
      </nav>
      <main class="detail" id="main" tabIndex={-1}>
        {!app.route.key && <Summary a={a} b={b} app={app} />}
        {app.route.key && (
          <article key={app.route.key}>
            <a class="back" href={hrefOf(app, 'compare')}>← Changes</a>
            {kind === 'prompt' ? <PromptPair pair={prompts.find((p) => p.id === name)} /> : <RecordPair kind={kind as Kind} name={name} change={sections.find((s) => s.kind === kind)?.records.find((r) => r.name === name)} />}
          </article>
        )}
      </main>
    </div>
  )
}

const signed = (n: number) => (n > 0 ? '+' : '−') + tokens(Math.abs(n))
const cut = (key: string): [string, string] => [key.slice(0, key.indexOf('/')), key.slice(key.indexOf('/') + 1)]

function Summary({ a, b, app }: { a: Loaded; b: Loaded; app: App }) {
  const { comparison } = app.payload
  const figure = (of: Loaded) => {
    const there = { ...app, shown: of }
    const p = assembliesOf(of)[0]
    const t = toolsIn(there)
    return { prompt: p ? app.counter.of(of.texts.plain(p.text, app.route.world)) : 0, tools: t.tools.length, toolTokens: t.tokens }
  }
  const [x, y] = [figure(a), figure(b)]
  const row = (label: string, before: number | undefined, after: number | undefined, show: (n: number | undefined) => string) => (
    <tr><th scope="row">{label}</th><td>{show(before)}</td><td>{show(after)}</td><td>{before === undefined || after === undefined ? '…' : before === after ? 'the same' : (after > before ? '+' : '−') + show(Math.abs(after - before))}</td></tr>
  )
  return (
    <div class="summary">
      <header class="record">
        <h1><Chars text={a.title} /> → <Chars text={b.title} /></h1>
        <p class="facts-line">
          {comparison!.differs ? <Badge>{comparison!.sections.reduce((n, s) => n + s.records.length, 0)} records differ</Badge> : <Badge tone="good">nothing differs</Badge>}
          {comparison!.breaking > 0 && <Badge tone="warn">{comparison!.breaking} breaking</Badge>}
          {[a, b].map((d, i) => !d.doc.health.complete && <Badge key={i} tone="warn"><Chars text={d.title} /> could not be seen whole</Badge>)}
        </p>
      </header>
      <div class="scroll"><table class="figures">
        <thead><tr><th scope="col" /><th scope="col"><Chars text={a.title} /></th><th scope="col"><Chars text={b.title} /></th><th scope="col">Change</th></tr></thead>
        <tbody>
          {row('System prompt, tokens', x.prompt, y.prompt, tokens)}
          {row('Tools', x.tools, y.tools, (n) => String(n ?? '…'))}
          {row('Tool definitions, tokens', x.toolTokens, y.toolTokens, tokens)}
        </tbody>
      </table></div>
      {comparison!.sections.filter((s) => s.records.length > 0).map((s) => (
        <section key={s.kind} aria-label={s.kind}>
          <h2>{s.kind} <span class="number">{s.records.length}</span></h2>
          {(['added', 'removed', 'renamed', 'changed'] as const).map((c) => {
            const list = s.records.filter((r) => r.change === c)
            return list.length > 0 && (
              <p key={c} class="changes"><span class={'sign ' + c}>{signs[c]}</span> {c}{' '}
                {list.slice(0, 40).map((r, i) => <span key={i}>{i > 0 && ', '}<a href={hrefOf(app, 'compare', s.kind + '/' + r.name)}><Name text={r.name} /></a></span>)}
                {list.length > 40 && ` and ${list.length - 40} more`}
              </p>
            )
          })}
        </section>
      ))}
    </div>
  )
}

interface PromptPair { id: string; title: string; before?: Prompt; after?: Prompt }

/** Whole prompts by their id; the first of each side belong together whatever their ids. */
function pairPrompts(a: Loaded, b: Loaded): PromptPair[] {
  const left = assembliesOf(a), right = assembliesOf(b)
  const out: PromptPair[] = []
  const taken = new Set<Prompt>()
  left.forEach((p, i) => {
    const q = right.find((r) => r.id === p.id) ?? (i === 0 ? right.find((r) => !left.some((l) => l.id === r.id)) : undefined)
    if (q) taken.add(q)
    out.push({ id: p.id, title: p.title || p.id, before: p, after: q })
  })
  for (const q of right) if (!taken.has(q)) out.push({ id: q.id, title: q.title || q.id, after: q })
  return out
}

function PromptPair({ pair }: { pair: PromptPair | undefined }) {
  const { all, route } = useApp()
  if (!pair) return <Empty>There is no such prompt.</Empty>
  return (
    <>
      <header class="record"><h2><Name text={pair.title} /></h2></header>
      <SideBySide before={all[0]!.texts.plain(pair.before?.text, route.world)} after={all[1]!.texts.plain(pair.after?.text, route.world)} names={[all[0]!.title, all[1]!.title]} />
    </>
  )
}

function RecordPair({ kind, name, change }: { kind: Kind; name: string; change: Change | undefined }) {
  const app = useApp()
  const [a, b] = [app.all[0]!, app.all[1]!]
  const find = (of: Loaded, n: string) => of.rows[kind]?.find((r) => r.name === n)
  const before = find(a, change?.oldName || name), after = find(b, name)
  if (!before && !after) return <Empty>There is no <Name text={name} code /> among the {kind} of either side.</Empty>
  const texts = [...new Set([...textsOf(a, before, app), ...textsOf(b, after, app)].map(([label]) => label))]
  const plain = (of: Loaded, row: Row | undefined, label: string) => of.texts.plain(textsOf(of, row, app).find(([l]) => l === label)?.[1], app.route.world)
  return (
    <>
      <header class="record">
        <h2><Name text={name} /></h2>
        <p class="facts-line">
          <Badge>{kind}</Badge>{change ? <Badge tone={change.breaking ? 'warn' : ''}>{change.change}{change.breaking ? ', breaking' : ''}</Badge> : <Badge tone="good">not changed</Badge>}
          {change?.oldName && <span>was <Name text={change.oldName} code /></span>}
          {before && !isAssemblyRow(before) && <a href={hrefOf({ ...app, route: { ...app.route, doc: 0 } }, kind, before.key)}>in <Chars text={a.title} /></a>}
          {after && !isAssemblyRow(after) && <a href={hrefOf({ ...app, route: { ...app.route, doc: 1 } }, kind, after.key)}>in <Chars text={b.title} /></a>}
        </p>
      </header>
      {change && change.schema.some((s) => !isLong(s)) && (
        <section aria-label="Schema"><h3>Schema</h3><div class="scroll"><table class="figures changes-table">
          <thead><tr><th scope="col">Where</th><th scope="col">What</th><th scope="col">Before</th><th scope="col">After</th></tr></thead>
          <tbody>{change.schema.filter((s) => !isLong(s)).map((s, i) => (
            <tr key={i}><th scope="row"><Name text={s.path || '/'} code />{s.of && <> (<Name text={s.of} code />)</>}</th><td>{s.kind} {s.breaking && <Badge tone="warn">breaking</Badge>}</td><td><code><Chars text={s.from} /></code></td><td><code><Chars text={s.to} /></code></td></tr>
          ))}</tbody>
        </table></div></section>
      )}
      {change?.schema.filter(isLong).map((s, i) => (
        <section key={i} aria-label={`${s.kind} of ${s.path}`}>
          <h3><Name text={s.path || '/'} code /> {s.kind}{s.of && <> (<Name text={s.of} code />)</>} {s.breaking && <Badge tone="warn">breaking</Badge>}</h3>
          <SideBySide before={readable(s.from)} after={readable(s.to)} names={[a.title, b.title]} />
        </section>
      ))}
      {change && change.fields.length > 0 && (
        <section aria-label="Other values"><h3>Other values</h3><div class="scroll"><table class="figures changes-table">
          <thead><tr><th scope="col">What</th><th scope="col">Before</th><th scope="col">After</th></tr></thead>
          <tbody>{change.fields.map((f, i) => <tr key={i}><th scope="row"><Name text={f.field} /></th><td><code><Chars text={f.from} /></code></td><td><code><Chars text={f.to} /></code></td></tr>)}</tbody>
        </table></div></section>
      )}
      {texts.map((label) => (
        <section key={label} aria-label={label}><h3>{label}</h3><SideBySide before={plain(a, before, label)} after={plain(b, after, label)} names={[a.title, b.title]} /></section>
      ))}
    </>
  )
}

/** What is too long for a table is compared side by side. */
const isLong = (s: { from: string; to: string }) => s.from.length + s.to.length > 60

/** A JSON value as it reads best: a string as it is, all else laid out. */
function readable(json: string): string {
  try {
    const v: unknown = JSON.parse(json)
    return typeof v === 'string' ? v : JSON.stringify(v, null, 2)
  } catch { return json }
}

const isAssemblyRow = (r: Row) => r.kind === 'prompts' && isAssembly(r.record as Prompt)

/** The texts of a record, with what each is called. */
function textsOf(of: Loaded, row: Row | undefined, app: App): [string, Text | null][] {
  if (!row) return []
  switch (row.kind) {
    case 'tools': return [['Description', descriptionTextOf(of, row.record as Tool, app.route.world)]]
    case 'prompts': case 'reminders': return [['Text', (row.record as Prompt).text]]
    case 'agents': return [['When to use it', (row.record as Agent).whenToUse], ['Its system prompt', (row.record as Agent).prompt]]
    case 'commands': return [['Description', (row.record as Command).description], ['What the model is sent', (row.record as Command).prompt]]
    case 'capabilities': return (row.record as Capability).detail ? [['What the program states', (row.record as Capability).detail]] : []
    default: return []
  }
}
