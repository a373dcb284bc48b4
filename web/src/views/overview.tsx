import { count, descriptionOf, firstSentence, hrefOf, tokens, tokensOfTool, toolsIn, useApp } from '../app'
import { Name } from '../chars'
import { kinds } from '../document'
import { Badge, Empty, Tokens } from '../parts'
import { assembliesOf } from './prompt'

const titles: Record<(typeof kinds)[number], string> = {
  tools: 'Tools', prompts: 'Texts', reminders: 'Reminders', agents: 'Agents', commands: 'Commands', environment: 'Environment', flags: 'Flags', capabilities: 'Capabilities',
}

export function Overview() {
  const app = useApp()
  const { doc } = app.shown
  const modes = app.shown.conditions.subjects.get('mode')
  const prompt = assembliesOf(app.shown)[0]
  const worlds = modes && modes.questions.length > 0 ? modes.values.map((v) => [v, new Map([...app.route.world, ['mode', v]])] as const) : [['', app.route.world] as const]
  const now = toolsIn(app)
  const heaviest = [...now.tools].map((t) => ({ t, n: tokensOfTool(app, t) ?? 0 })).sort((a, b) => b.n - a.n)
  const max = heaviest[0]?.n || 1
  return (
    <main class="plain overview" id="main" tabIndex={-1}>
      <header class="record">
        <h1><Name text={doc.source.package || doc.source.name} /> {doc.source.version && <span class="version"><Name text={doc.source.version} /></span>}</h1>
        <p class="facts-line">
          <a href={hrefOf(app, 'health')}><Badge tone={doc.health.complete ? 'good' : 'warn'}>{doc.health.complete ? 'read whole' : 'could not be seen whole'}</Badge></a>
          <span>{doc.source.kind}{doc.source.entry && <>, <Name text={doc.source.entry} code /></>}</span>
          <span>{count(doc.health.modules)} {doc.health.modules === 1 ? 'module' : 'modules'}, {(doc.health.bytes / 1e6).toFixed(1)} MB</span>
        </p>
      </header>
      <section aria-label="What is sent with each request">
        <h2>What each request carries</h2>
        <div class="scroll"><table class="figures">
          <thead><tr><th scope="col">{worlds.length > 1 ? 'Mode' : ''}</th><th scope="col">System prompt</th><th scope="col">Tools</th><th scope="col">Tool definitions</th><th scope="col">Together</th></tr></thead>
          <tbody>
            {worlds.map(([mode, world]) => {
              const t = toolsIn(app, world)
              const p = prompt ? app.counter.of(app.shown.texts.plain(prompt.text, world)) : 0
              return (
                <tr key={mode}>
                  <th scope="row">{mode || 'By default'}</th>
                  <td>{prompt ? <a href={hrefOf(app, 'prompt')}><Tokens n={p} /></a> : 'none'}</td>
                  <td><a href={hrefOf(app, 'tools')}>{t.tools.length}</a></td>
                  <td><Tokens n={t.tokens} /></td>
                  <td><b><Tokens n={t.tokens === undefined || p === undefined ? undefined : t.tokens + p} /></b></td>
                </tr>
              )
            })}
          </tbody>
        </table></div>
        <p class="note">Counts are estimates. The panel of questions shows what they become in another environment.</p>
      </section>
      <section aria-label="Tools">
        <h2>Tools that the model gets <span class="number">{now.tools.length}</span></h2>
        {now.tools.length === 0 && <Empty>None with the present answers.</Empty>}
        <ul class="weights">
          {heaviest.map(({ t, n }) => (
            <li key={t.name}>
              <a href={hrefOf(app, 'tools', t.name)}>
                <span class="row-name"><Name text={t.name} /></span>
                <span class="row-below"><Name text={firstSentence(descriptionOf(app, t))} /></span>
                <span class="bar" aria-hidden="true"><span style={{ width: (100 * n / max).toFixed(1) + '%' }} /></span>
                <span class="row-side">{tokens(app.counter.ready ? n : undefined)}</span>
              </a>
            </li>
          ))}
        </ul>
      </section>
      <section aria-label="Everything else">
        <h2>Everything else</h2>
        <ul class="tiles">
          {kinds.filter((k) => k !== 'tools').map((k) => {
            const n = (doc.counts[k] ?? 0) - (k === 'prompts' ? doc.counts['system-prompt'] ?? 0 : 0)
            return <li key={k}><a href={hrefOf(app, k)} class={n === 0 ? 'dim' : undefined}><b>{count(n)}</b> {titles[k]}</a></li>
          })}
        </ul>
      </section>
    </main>
  )
}
