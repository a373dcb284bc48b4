// The panel of the program's questions: what is answered here decides the prompt, the tools and the counts.

import { useId, useMemo, useState } from 'preact/hooks'
import { count, tokens, toolsIn, useApp, type App } from '../app'
import { Name, plain } from '../chars'
import { defaultWorld, type Condition, type QuestionKind, type Subject } from '../conditions'
import { isAssembly, type Part } from '../document'
import { assembliesOf } from './prompt'

const headings: [QuestionKind, string][] = [
  ['mode', 'Mode'], ['model', 'Model'], ['platform', 'Platform'], ['tool', 'Tools'], ['env', 'Environment variables'], ['flag', 'Feature flags'],
  ['setting', 'Settings'], ['argument', 'What the program is called with'], ['other', 'Other questions'],
]

export function Questions({ onClose }: { onClose(): void }) {
  const app = useApp()
  const { conditions } = app.shown
  const { world } = app.route
  const [all, setAll] = useState(false)
  const [filter, setFilter] = useState('')
  const main = useMemo(() => mainSubjects(app), [app.shown])
  const words = filter.toLowerCase()
  const asked = [...conditions.subjects.values()].filter((s) =>
    (s.questions.length > 0 || s.kind === 'tool') && (all || words || main.has(s) || world.has(s.key)) && (!words || s.name.toLowerCase().includes(words)))
  const total = conditions.subjects.size
  return (
    <aside class="questions" aria-label="Questions that the program asks">
      <div class="questions-head">
        <h2>Questions</h2>
        {world.size > 0 && <button type="button" class="quiet" onClick={() => app.go({ world: new Map() })}>Reset {world.size}</button>}
        <button type="button" class="quiet close" onClick={onClose} aria-label="Close the questions">✕</button>
      </div>
      <Effect />
      <input type="search" value={filter} placeholder={`Filter ${count(total)} questions`} aria-label="Filter questions" onInput={(e) => setFilter(e.currentTarget.value)} />
      <div class="questions-list">
        {headings.map(([kind, title]) => {
          const list = asked.filter((s) => s.kind === kind)
          if (list.length === 0) return null
          return <Group key={kind} title={title} list={list} />
        })}
        {asked.length === 0 && <p class="empty">{words ? 'No question has this in its name.' : 'What this program tells its model rests on no question.'}</p>}
        {!words && <label class="check"><input type="checkbox" checked={all} onChange={(e) => setAll(e.currentTarget.checked)} /> also those on which only other texts rest</label>}
      </div>
    </aside>
  )
}

const mostAtOnce = 150

/** The questions of one kind. Of a long list the first are shown, and those that are answered otherwise. */
function Group({ title, list }: { title: string; list: Subject[] }) {
  const { route } = useApp()
  const [open, setOpen] = useState(false)
  const few = list.length <= 16
  const shown = few || open ? list.slice(0, mostAtOnce) : list.filter((s, i) => i < 10 || route.world.has(s.key))
  return (
    <fieldset>
      <legend>{title} {list.length > 1 && <span class="number">{list.length}</span>}</legend>
      {shown.map((s) => <SubjectControl key={s.key} subject={s} />)}
      {!few && <button type="button" class="quiet" aria-expanded={open} onClick={() => setOpen(!open)}>{open ? 'Show fewer' : `Show all ${list.length}`}</button>}
      {open && list.length > mostAtOnce && <p class="empty">and {list.length - mostAtOnce} more: filter them</p>}
    </fieldset>
  )
}

/** What the answers make of prompt and tools, beside what they are by default. */
function Effect() {
  const app = useApp()
  const prompt = assembliesOf(app.shown)[0]
  const figures = (world: App['route']['world']) => {
    const tools = toolsIn(app, world)
    return { tools: tools.tools.length, toolTokens: tools.tokens, prompt: prompt ? app.counter.of(app.shown.texts.plain(prompt.text, world)) : undefined }
  }
  const now = figures(app.route.world)
  const before = useMemo(() => figures(defaultWorld), [app.shown, app.counter.ready])
  const row = (label: string, id: string, a: number | undefined, b: number | undefined, show: (n: number | undefined) => string) => (
    <div><dt>{label}</dt><dd data-figure={id}>{show(b)}{a !== undefined && b !== undefined && a !== b && <span class={'delta ' + (b > a ? 'up' : 'down')}>{b > a ? '+' : '−'}{show(Math.abs(b - a))}</span>}</dd></div>
  )
  return (
    <dl class="effect" aria-live="polite">
      {prompt && row('Prompt', 'prompt', before.prompt, now.prompt, tokens)}
      {row('Tools', 'tools', before.tools, now.tools, (n) => String(n ?? '…'))}
      {row('Tool tokens', 'tool-tokens', before.toolTokens, now.toolTokens, tokens)}
    </dl>
  )
}

/** The subjects on which the whole prompts and the tools rest. */
function mainSubjects(app: App): Set<Subject> {
  const out = new Set<Subject>()
  const { conditions, doc } = app.shown
  const add = (c: Condition | null) => { for (const s of conditions.asks(c)) out.add(s) }
  const seen = new Set<number>()
  const walk = (parts: Part[] | null | undefined) => {
    for (const p of parts ?? []) {
      if (p.ref !== undefined && !seen.has(p.ref)) {
        seen.add(p.ref)
        walk(doc.fragments[p.ref])
      }
      p.choice?.forEach((b) => { add(b.when); walk(b.parts) })
      if (p.each) walk(p.each.parts)
    }
  }
  for (const p of doc.prompts) if (isAssembly(p)) walk(p.text.parts)
  for (const t of doc.tools) {
    add(t.enabledWhen)
    t.schemaVariants.forEach((v) => add(v.when))
    walk(t.description?.parts)
  }
  for (const s of conditions.subjects.values()) if (s.kind === 'mode' || s.kind === 'tool') out.add(s)
  return out
}

const labels: Partial<Record<QuestionKind, string>> = { mode: 'Mode', platform: 'The platform is', model: 'The model is' }

export function SubjectControl({ subject: s }: { subject: Subject }) {
  const app = useApp()
  const { world } = app.route
  const value = world.get(s.key)
  const label = s.name || labels[s.kind] || s.key
  return (
    <div class={'subject' + (value !== undefined ? ' changed' : '')}>
      {s.kind === 'mode' ? <Mode subject={s} /> : s.isSwitch ? (
        <label title={plain(label)}>
          <input type="checkbox" role="switch" checked={app.shown.conditions.isOn(s, world)} onChange={(e) => app.answer(s, e.currentTarget.checked ? 'true' : 'false')} />
          <span class="subject-name"><Name text={label} code={s.kind !== 'tool'} /></span>
        </label>
      ) : (
        <label title={plain(label)}>
          <span class="subject-name"><Name text={label} code={s.name !== ''} /></span>
          <Value subject={s} label={label} />
        </label>
      )}
      {value !== undefined && <button type="button" class="quiet" onClick={() => app.answer(s, undefined)} aria-label={`Reset ${plain(label)}`} title="back to the default">↺</button>}
    </div>
  )
}

function Mode({ subject: s }: { subject: Subject }) {
  const app = useApp()
  const value = app.route.world.get(s.key) ?? s.values[0]
  return (
    <div class="segments" role="group" aria-label="Mode">
      {s.values.map((v) => <button type="button" key={v} aria-pressed={v === value} onClick={() => app.answer(s, v)}>{v}</button>)}
    </div>
  )
}

/** A field for any value, with those that make a difference to choose from. */
function Value({ subject: s, label }: { subject: Subject; label: string }) {
  const app = useApp()
  const list = useId()
  const isEnv = s.kind === 'env'
  const suggested = s.values.length > 0 ? s.values : isEnv ? ['1'] : []
  return (
    <>
      <input type="text" list={list} value={app.route.world.get(s.key) ?? ''} placeholder={plain(s.fallback) || (isEnv ? 'not set' : 'by default')} aria-label={plain(label)} spellcheck={false} autocomplete="off"
        onInput={(e) => app.answer(s, e.currentTarget.value || undefined)} />
      <datalist id={list}>{suggested.map((v) => <option key={v} value={v} />)}</datalist>
    </>
  )
}
