import { count, useApp } from '../app'
import { Chars, Name } from '../chars'
import { Badge, Empty, Fold, Place } from '../parts'
import { notices } from '../main'

const facts = ['agents', 'capabilities', 'commands', 'environment', 'prompts', 'tools']

export function Health() {
  const { shown } = useApp()
  const { health, diagnostics, source, tools } = shown.doc
  const incomplete = tools.filter((t) => !t.complete)
  const figures = Object.entries(health).flatMap(([k, v]) => (typeof v === 'number' ? [[k, v] as const] : k === 'units' ? Object.entries(v as object).map(([u, n]) => [`units ${u}`, n as number] as const) : []))
  return (
    <main class="plain" id="main" tabIndex={-1}>
      <header class="record">
        <h1>Health</h1>
        <p class="facts-line"><Badge tone={health.complete ? 'good' : 'warn'}>{health.complete ? 'everything could be read' : 'something could not be read: what is missing here may be there'}</Badge></p>
      </header>
      <section aria-label="What was looked for">
        <h2>What was looked for</h2>
        <p class="facts-line">{facts.map((f) => <Badge key={f} tone={health.facts.includes(f) ? 'good' : 'off'}>{f}{health.facts.includes(f) ? '' : ': not asked'}</Badge>)}</p>
      </section>
      <section aria-label="Remarks">
        <h2>Remarks of the analysis <span class="number">{diagnostics.length}</span></h2>
        {diagnostics.length === 0 && <Empty>None.</Empty>}
        <ul class="losses">{diagnostics.map((d, i) => <li key={i}><Badge tone={d.severity === 'note' ? '' : 'warn'}>{d.severity}</Badge> <Name text={d.code} code /> <Chars text={d.message} /> <Place origin={d.origin} /></li>)}</ul>
      </section>
      {incomplete.length > 0 && (
        <section aria-label="Tools not known whole">
          <h2>Tools whose schema says less than the program <span class="number">{incomplete.length}</span></h2>
          <ul class="losses">{incomplete.map((t, i) => <li key={i}><Name text={t.name} code /> {t.losses.length} {t.losses.length === 1 ? 'loss' : 'losses'}</li>)}</ul>
        </section>
      )}
      <section aria-label="Figures">
        <h2>Figures</h2>
        <div class="scroll"><table class="figures"><tbody>
          {figures.map(([k, v]) => <tr key={k}><th scope="row">{k.replace(/([A-Z])/g, (c) => ' ' + c.toLowerCase())}</th><td>{count(v)}</td></tr>)}
        </tbody></table></div>
      </section>
      <section aria-label="Source">
        <h2>Source</h2>
        <div class="scroll"><table class="figures"><tbody>
          {Object.entries(source).filter(([, v]) => v !== '' && v !== 0).map(([k, v]) => <tr key={k}><th scope="row">{k}</th><td><Name text={String(v)} code /></td></tr>)}
        </tbody></table></div>
      </section>
      <Fold title="Licences of what this page is made of">{() => <pre class="code" tabIndex={0}>{notices()}</pre>}</Fold>
    </main>
  )
}
