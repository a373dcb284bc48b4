import { useMemo, useState } from 'preact/hooks'
import { count, hrefOf, useApp, type Loaded } from '../app'
import { Name } from '../chars'
import { defaultWorld } from '../conditions'
import { isAssembly, type Prompt } from '../document'
import { Copy, Empty, Place, Tabs, TextView, Tokens } from '../parts'

/** The whole prompts of a document, the main one first. */
export const assembliesOf = (of: Loaded): Prompt[] => of.doc.prompts.filter(isAssembly)

export function PromptView() {
  const app = useApp()
  const list = assembliesOf(app.shown)
  const prompt = app.route.key ? list.find((p) => p.id === app.route.key) : list[0]
  const [form, setForm] = useState<'sent' | 'all'>('sent')
  const plain = useMemo(() => (prompt ? app.shown.texts.plain(prompt.text, app.route.world) : ''), [prompt, app.route.world, app.shown])
  const before = useMemo(() => (prompt ? app.shown.texts.plain(prompt.text, defaultWorld) : ''), [prompt, app.shown])
  const headings = useMemo(() => [...plain.matchAll(/(?<![^\n])(#{1,6}) +([^\n]+)/g)], [plain])
  if (!prompt) {
    return (
      <main class="plain" id="main" tabIndex={-1}>
        <h1>System prompt</h1>
        <Empty>The program joins no list of sections to a system prompt, or the analysis did not find it. An MCP server has none; what it tells the model is in its tools.</Empty>
      </main>
    )
  }
  const jump = (n: number) => document.querySelectorAll('.sent .heading')[n]?.scrollIntoView({ block: 'start' })
  return (
    <main class="prompt-page" id="main" tabIndex={-1}>
      <div class="prompt-main">
        <header class="record">
          <h1>System prompt</h1>
          {list.length > 1 && (
            <label class="choose">Which <select value={prompt.id} onChange={(e) => app.go({ section: 'prompt', key: e.currentTarget.value })}>
              {list.map((p, i) => <option key={p.id} value={p.id}>{i === 0 ? 'main: ' : ''}{p.title || p.id}</option>)}
            </select></label>
          )}
          <p class="facts-line">
            <Tokens n={app.counter.of(plain)} /> <span>{count(plain.length)} characters</span>
            {app.route.world.size > 0 && <span class="changed-note">{plain === before ? 'the same as by default' : 'differs from the default'}</span>}
            <a href={hrefOf(app, 'prompt', prompt.id)}><Name text={prompt.id} code /></a>
          </p>
          <p class="facts-line"><Place origin={prompt.origin} /></p>
          <div class="section-head">
            <Tabs label="What is shown" tabs={[['sent', 'As sent'], ['all', 'All branches']]} value={form} onChange={setForm} />
            <Copy text={() => plain} />
          </div>
          <p class="legend"><span class="why" aria-hidden="true">◆</span> a condition decides what follows; it opens the condition. <span class="hole">{'${HOLE}'}</span> is known when the program runs.
            {form === 'all' && <> <span class="unsent">not sent now</span></>}{app.route.world.size > 0 && <> <span class="new">not there by default</span></>}</p>
        </header>
        <TextView text={prompt.text} all={form === 'all'} />
      </div>
      {headings.length > 1 && (
        <nav class="outline" aria-label="Headings of the prompt">
          <ul>{headings.map((h, i) => <li key={i} class={'level' + h[1]!.length}><button type="button" onClick={() => jump(i)}><Name text={h[2]!} /></button></li>)}</ul>
        </nav>
      )}
    </main>
  )
}
