import { render, type ComponentChildren } from 'preact'
import { useEffect, useRef, useState } from 'preact/hooks'
import { AppContext, count, hrefOf, titleOf, type App, type Loaded } from './app'
import { Chars, Name } from './chars'
import { Conditions, type Subject } from './conditions'
import { join, readBlock, rowsOf, type Document, type Payload, type Rest } from './document'
import { formatRoute, parseRoute, type Route } from './route'
import { prepareSearch } from './search'
import { Texts } from './text'
import { Counter } from './tokens'
import { Compare } from './views/compare'
import { Environment } from './views/environment'
import { Health } from './views/health'
import { Overview } from './views/overview'
import { PromptView } from './views/prompt'
import { Empty } from './parts'
import { Questions } from './views/questions'
import { Agents, Capabilities, Commands, Prompts } from './views/records'
import { Results, useHighlight } from './views/results'
import { Timeline } from './views/timeline'
import { Tools } from './views/tools'
import './style.css'

let noticesText = ''
export const notices = () => noticesText

function load(doc: Document, _: number, docs: Document[]): Loaded {
  const conditions = new Conditions(doc)
  return { doc, title: titleOf(doc, docs), rows: rowsOf(doc), conditions, texts: new Texts(doc, conditions) }
}

type Theme = 'auto' | 'light' | 'dark'
const themes: Theme[] = ['auto', 'light', 'dark']

function stored(key: string): string | null {
  try { return localStorage.getItem(key) } catch { return null }
}
function store(key: string, value: string) {
  try { localStorage.setItem(key, value) } catch { /* a page from disk may keep nothing */ }
}

/** Sections in the order of the menu. */
function sectionsOf(app: App): [string, string, number | undefined][] {
  if (app.payload.history) return [['timeline', 'Timeline', undefined]]
  const { counts } = app.shown.doc
  const of = (kind: string) => counts[kind] ?? 0
  return [
    ...(app.payload.comparison ? [['compare', 'Changes', undefined] as [string, string, undefined]] : []),
    ['', 'Overview', undefined], ['prompt', 'Prompt', of('system-prompt')], ['tools', 'Tools', app.shown.doc.tools.length],
    ['prompts', 'Texts', of('prompts') - of('system-prompt')], ['reminders', 'Reminders', of('reminders')],
    ['agents', 'Agents', of('agents')], ['commands', 'Commands', of('commands')], ['environment', 'Environment', of('environment')],
    ['flags', 'Flags', of('flags')], ['capabilities', 'Capabilities', of('capabilities')], ['health', 'Health', undefined],
  ]
}

function Root({ payload, first, counter }: { payload: Payload; first: Loaded[]; counter: Counter }) {
  const [all, setAll] = useState(first)
  const [route, setRoute] = useState(() => parseRoute(location.hash))
  const [, setCounted] = useState(false)
  const [theme, setTheme] = useState<Theme>(() => (themes.includes(stored('theme') as Theme) ? stored('theme') as Theme : 'auto'))
  const [panel, setPanel] = useState(() => matchMedia('(min-width: 1200px)').matches && stored('panel') !== 'closed')
  const help = useRef<HTMLDialogElement>(null)
  const search = useRef<HTMLInputElement>(null)
  const shown = all[route.doc ?? all.length - 1] ?? all[0]!
  const start = payload.history ? 'timeline' : payload.comparison ? 'compare' : ''
  const section = route.section || (route.key ? '' : location.hash.startsWith('#/') && !payload.history ? '' : start)

  const go = (to: Partial<Route>, replace = false) => {
    const next = formatRoute({ ...parseRoute(location.hash), section, ...to })
    if (replace) history.replaceState(null, '', next)
    else history.pushState(null, '', next)
    setRoute(parseRoute(next))
  }
  const app: App = {
    payload, all, shown, counter, route: { ...route, section }, go,
    answer(subject: Subject, value) {
      const world = new Map(route.world)
      if (value === undefined || isDefault(shown, subject, value, route.world)) world.delete(subject.key)
      else world.set(subject.key, value)
      go({ world }, true)
    },
  }

  /** Reads what the first screen can do without, with the page painted in between. */
  const readRest = async () => {
    await painted()
    await counter.load()
    setCounted(true)
    await painted()
    const rest = await readBlock<Rest[]>('rest')
    const whole = first.map(({ doc }, i) => join(doc, rest[i]!)).map(load)
    setAll(whole)
    whole.forEach(prepareSearch)
    performance.mark('bundlens-whole')
  }

  useEffect(() => {
    const onHash = () => setRoute(parseRoute(location.hash))
    addEventListener('popstate', onHash)
    addEventListener('hashchange', onHash)
    if (!payload.history) void readRest()
    return () => { removeEventListener('popstate', onHash); removeEventListener('hashchange', onHash) }
  }, [])
  useEffect(() => { document.documentElement.dataset.theme = theme; store('theme', theme) }, [theme])
  useEffect(() => { store('panel', panel ? 'open' : 'closed') }, [panel])
  useEffect(() => { document.querySelector('.detail, .plain, .prompt-page')?.scrollTo(0, 0) }, [section, route.key])
  useHighlight(section === 'search' ? '' : route.query, section, route.key)

  useEffect(() => {
    const onKey = (e: KeyboardEvent) => {
      const typing = (e.target as HTMLElement).closest?.('input:not([type=checkbox]), select, textarea')
      if (e.key === 'Escape' && typing) (e.target as HTMLElement).blur()
      if (typing || e.ctrlKey || e.metaKey || e.altKey) return
      const menu = sectionsOf(app)
      if (e.key === '/') search.current?.focus()
      else if (e.key === '?') help.current?.showModal()
      else if (e.key === 'q' && !payload.history) setPanel((p) => !p)
      else if (e.key === 't') setTheme((t) => themes[(themes.indexOf(t) + 1) % 3]!)
      else if (e.key === 'j' || e.key === 'k') step(e.key === 'j' ? 1 : -1)
      else if (e.key === '[' || e.key === ']') {
        const at = menu.findIndex(([id]) => id === section)
        go({ section: menu[(at + (e.key === ']' ? 1 : -1) + menu.length) % menu.length]![0], key: '', query: '' })
      } else return
      e.preventDefault()
    }
    addEventListener('keydown', onKey)
    return () => removeEventListener('keydown', onKey)
  })

  const changed = route.world.size
  return (
    <AppContext.Provider value={app}>
      <a class="skip" href="#main" onClick={(e) => { e.preventDefault(); document.getElementById('main')?.focus() }}>To the content</a>
      <div class={'shell' + (payload.history ? ' only-timeline' : panel ? ' with-questions' : '')}>
        <header class="top">
          <a class="brand" href={hrefOf(app, start)}><Name text={payload.history ? payload.history.package : shown.doc.source.package || shown.doc.source.name} />{!payload.history && <span class="version">{section === 'compare' ? <>{<Name text={all[0]!.title} />} → <Name text={all[1]!.title} /></> : <Name text={shown.doc.source.version} />}</span>}</a>
          {all.length > 1 && section !== 'compare' && (
            <label class="choose"><span class="sr">Which document</span>
              <select value={String(all.indexOf(shown))} onChange={(e) => go({ doc: Number(e.currentTarget.value) })}>{all.map((d, i) => <option key={i} value={String(i)}>{i === 0 ? 'before: ' : 'after: '}{d.title}</option>)}</select>
            </label>
          )}
          {!payload.history && (
            <form class="search" role="search" onSubmit={(e) => { e.preventDefault(); document.querySelector<HTMLAnchorElement>('.results a')?.click() }}>
              <input ref={search} type="search" placeholder="Search everything" aria-label="Search everything" aria-keyshortcuts="/" value={route.query}
                onInput={(e) => go({ section: 'search', key: '', query: e.currentTarget.value }, section === 'search')} />
              <kbd aria-hidden="true">/</kbd>
            </form>
          )}
          <div class="tools">
            {!payload.history && <button type="button" aria-pressed={panel} onClick={() => setPanel(!panel)} aria-keyshortcuts="q">Questions{changed > 0 && <span class="count">{changed}</span>}</button>}
            <button type="button" onClick={() => setTheme(themes[(themes.indexOf(theme) + 1) % 3]!)} aria-label={`Colours: ${theme}`} title={`Colours: ${theme}`}>{{ auto: '◐', light: '☀', dark: '☾' }[theme]}</button>
            <button type="button" onClick={() => help.current?.showModal()} aria-label="Keys and help" title="Keys and help">?</button>
          </div>
        </header>
        {!payload.history && <nav class="menu" aria-label="Sections">
          <ul>
            {sectionsOf(app).map(([id, title, n]) => (
              <li key={id}><a href={hrefOf(app, id)} aria-current={id === section ? 'page' : undefined} class={n === 0 ? 'dim' : undefined}>{title}{n !== undefined && <span class="number">{count(n)}</span>}</a></li>
            ))}
          </ul>
          <p class="made">made by bundlens</p>
        </nav>}
        <div class="content">{shown.doc.whole || early.includes(section) ? <View section={section} theme={theme} /> : <main class="plain" id="main" tabIndex={-1} aria-busy="true"><Empty>Reading the rest of the document…</Empty></main>}</div>
        {panel && !payload.history && <Questions onClose={() => setPanel(false)} />}
      </div>
      <dialog ref={help} aria-labelledby="help-title" onClick={(e) => { if (e.target === help.current) help.current?.close() }}>
        <h2 id="help-title">Keys</h2>
        <dl class="keys">
          {([['/', 'search everything'], ['Enter', 'in the search: open the first that was found'], ['j k', 'next and previous record'], ['[ ]', 'previous and next section'],
            ['q', 'the questions that the program asks'], ['t', 'colours: by the system, light, dark'], ['Esc', 'leave a field, close this']] as const)
            .map(([k, what]) => <div key={k}><dt>{k.split(' ').map((x) => <kbd key={x}>{x}</kbd>)}</dt><dd>{what}</dd></div>)}
        </dl>
        <p class="note">The address holds what is shown and what was answered: it can be kept, and passed on with the file.</p>
        <form method="dialog"><button autofocus>Close</button></form>
      </dialog>
    </AppContext.Provider>
  )
}

/** The sections that need no more than the first block. */
const early = ['', 'prompt', 'tools', 'health', 'timeline']

/** Leaves time to show what was rendered. A frame is not waited for, as a tab in the background has none. */
const painted = () => new Promise<void>((resolve) => setTimeout(resolve, 30))

/** Whether a value is what the subject has without it. */
function isDefault(of: Loaded, subject: Subject, value: string, world: Route['world']): boolean {
  if (subject.kind === 'mode') return value === subject.values[0]
  const without = new Map(world)
  without.delete(subject.key)
  return subject.isSwitch && String(of.conditions.isOn(subject, without)) === value
}

/** Follows the list that is shown, one on or one back. */
function step(by: number) {
  const links = [...document.querySelectorAll<HTMLAnchorElement>('[data-list] li > a')]
  const at = links.findIndex((a) => a.getAttribute('aria-current') || a === document.activeElement)
  const next = links[at < 0 ? (by > 0 ? 0 : links.length - 1) : at + by]
  if (!next) return
  if (next.closest('.results')) next.focus()
  else next.click()
}

function View({ section, theme }: { section: string; theme: string }): ComponentChildren {
  switch (section) {
    case '': return <Overview />
    case 'timeline': return <Timeline theme={theme} />
    case 'compare': return <Compare />
    case 'search': return <Results />
    case 'prompt': return <PromptView />
    case 'tools': return <Tools key="tools" />
    case 'prompts': case 'reminders': return <Prompts key={section} kind={section} />
    case 'agents': return <Agents key="agents" />
    case 'commands': return <Commands key="commands" />
    case 'environment': case 'flags': return <Environment key={section} kind={section} />
    case 'capabilities': return <Capabilities key="capabilities" />
    case 'health': return <Health />
  }
  return <main class="plain" id="main" tabIndex={-1}><h1>Nothing here</h1><p class="empty">There is no section <Chars text={section} />.</p></main>
}

const nothing: Document = {
  schemaVersion: 0, questions: [], fragments: [], counts: {}, source: { name: '', kind: '', package: '', version: '', sha256: '', size: 0, entry: '' },
  health: { complete: true, facts: [], modules: 0, bytes: 0, modulesUnread: 0, modulesWhole: 0, units: { indexed: 0, parsed: 0 }, parsedBytes: 0, parseErrors: 0, budgetHits: 0, unresolved: 0 },
  tools: [], prompts: [], reminders: [], agents: [], commands: [], environment: [], flags: [], capabilities: [], diagnostics: [],
}

async function start() {
  const place = document.getElementById('app')!
  noticesText = (document.getElementById('notices') as HTMLTemplateElement | null)?.content.textContent ?? ''
  try {
    const payload = await readBlock<Payload>('data')
    const all = (payload.documents?.length ? payload.documents : [nothing]).map(load)
    place.textContent = ''
    render(<Root payload={payload} first={all} counter={new Counter()} />, place)
    performance.mark('bundlens-shown')
  } catch (e) {
    place.textContent = `This page could not be shown: ${e instanceof Error ? e.message : String(e)}`
    throw e
  }
}
void start()
