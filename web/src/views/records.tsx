// Prompts, reminders, agents, commands and capabilities.

import { hrefOf, tokens, useApp } from '../app'
import { Chars, Name } from '../chars'
import type { Agent, Capability, Command, Kind, Prompt, Row, Text } from '../document'
import { isAssembly } from '../document'
import { Badge, Copy, Empty, Fold, Place, TextView, Tokens, When } from '../parts'
import { Browse } from './browse'
import { SchemaTree } from './schema'

export function Prompts({ kind }: { kind: 'prompts' | 'reminders' }) {
  const app = useApp()
  const texts = kind === 'prompts' ? 'Texts' : 'Reminders'
  const rows = app.shown.rows[kind].filter((r) => !isAssembly(r.record as Prompt))
  return (
    <Browse
      section={kind} title={texts} kind={kind} rows={rows}
      label={(r) => (r.record as Prompt).title || r.name}
      side={(r) => tokens(app.counter.of(app.shown.texts.plain((r.record as Prompt).text, app.route.world)))}
      below={(r) => r.name}
      group={kind === 'prompts' ? (r) => (r.record as Prompt).kind : undefined}
      dim={(r) => !app.shown.conditions.holds((r.record as Prompt).guards, app.route.world)}
      detail={(r) => <PromptDetail prompt={r.record as Prompt} />}
      empty={`The analysis found no ${texts.toLowerCase()}, or did not look for them. Health names what was looked for.`}
    />
  )
}

function PromptDetail({ prompt }: { prompt: Prompt }) {
  return (
    <>
      <header class="record">
        <h2><Name text={prompt.title || prompt.id} /></h2>
        <p class="facts-line"><Badge><Name text={prompt.kind} /></Badge><Name text={prompt.id} code /></p>
        <Guards prompt={prompt} />
        <p class="facts-line"><Place origin={prompt.origin} /></p>
      </header>
      <TextSection title="Text" text={prompt.text} />
    </>
  )
}

function Guards({ prompt }: { prompt: Prompt }) {
  return (
    <>
      {prompt.guards.map((g, i) => <p class="facts-line" key={i}><When condition={g} prefix={i === 0 ? 'sent when' : 'and'} /></p>)}
      {prompt.guardsLeftOut && <p class="facts-line">{prompt.guards.length > 0 ? 'and' : 'sent'} under further conditions, which are too large to tell</p>}
    </>
  )
}

export function TextSection({ title, text }: { title: string; text: Text | null }) {
  const { counter, shown, route } = useApp()
  if (!text) return null
  const plain = () => shown.texts.plain(text, route.world)
  return (
    <section aria-label={title}>
      <div class="section-head"><h3>{title}</h3><Tokens n={counter.of(plain())} /><Copy text={plain} /></div>
      <TextView text={text} />
    </section>
  )
}

export function Agents() {
  const { shown, counter, route } = useApp()
  return (
    <Browse
      section="agents" title="Agents" kind="agents" rows={shown.rows.agents}
      below={(r) => shown.texts.plain((r.record as Agent).whenToUse, route.world).slice(0, 140)}
      side={(r) => tokens(counter.of(shown.texts.plain((r.record as Agent).prompt, route.world)))}
      dim={(r) => (r.record as Agent).enabled === false}
      detail={(r) => <AgentDetail agent={r.record as Agent} />}
      empty="The analysis found no sub-agent, or did not look for any. Health names what was looked for."
    />
  )
}

function AgentDetail({ agent }: { agent: Agent }) {
  const app = useApp()
  const known = new Set(app.shown.rows.tools.map((r) => r.key))
  const names = (list: string[]) => list.map((t, i) => (
    <span key={i}>{i > 0 && ', '}{known.has(t) ? <a href={hrefOf(app, 'tools', t)}><Name text={t} /></a> : <Name text={t} />}</span>
  ))
  return (
    <>
      <header class="record">
        <h2><Name text={agent.name} /></h2>
        <p class="facts-line"><Enabled enabled={agent.enabled} />{agent.model && <Badge>model: <Name text={agent.model} /></Badge>}<When condition={agent.enabledWhen} prefix="there when" /></p>
        {agent.tools.length > 0 && <p class="facts-line">Tools: {names(agent.tools)}</p>}
        {agent.disallowedTools.length > 0 && <p class="facts-line">Not: {names(agent.disallowedTools)}</p>}
        <p class="facts-line"><Place origin={agent.origin} /></p>
      </header>
      <TextSection title="When to use it" text={agent.whenToUse} />
      {agent.prompt ? <TextSection title="Its system prompt" text={agent.prompt} /> : <Empty>Its system prompt is not known.</Empty>}
    </>
  )
}

export function Enabled({ enabled }: { enabled: boolean | null }) {
  return <Badge tone={enabled ? 'good' : enabled === false ? 'off' : 'warn'}>{enabled ? 'there by default' : enabled === false ? 'not there by default' : 'not known whether it is there'}</Badge>
}

export function Commands() {
  const { shown, route } = useApp()
  return (
    <Browse
      section="commands" title="Commands" kind="commands" rows={shown.rows.commands}
      label={(r) => '/' + r.name.replace(/^\//, '')}
      below={(r) => shown.texts.plain((r.record as Command).description, route.world).slice(0, 140)}
      side={(r) => (r.record as Command).prompt ? 'prompt' : ''}
      dim={(r) => (r.record as Command).enabled === false}
      detail={(r) => <CommandDetail command={r.record as Command} />}
      empty="The analysis found no command, or did not look for any. Health names what was looked for."
    />
  )
}

function CommandDetail({ command: c }: { command: Command }) {
  return (
    <>
      <header class="record">
        <h2><Name text={'/' + c.name.replace(/^\//, '')} /></h2>
        <p class="facts-line">
          <Enabled enabled={c.enabled} />{c.kind && <Badge><Name text={c.kind} /></Badge>}
          {c.aliases.length > 0 && <span>also <Name text={c.aliases.join(', ')} code /></span>}
          <When condition={c.enabledWhen} prefix="there when" />
        </p>
        <p class="facts-line"><Place origin={c.origin} /></p>
      </header>
      <TextSection title="Description" text={c.description} />
      {c.prompt ? <TextSection title="What the model is sent" text={c.prompt} /> : <Empty>It sends the model no text of its own, or that text is not known.</Empty>}
    </>
  )
}

export function Capabilities() {
  const { shown } = useApp()
  return (
    <Browse
      section="capabilities" title="Capabilities" kind="capabilities" rows={shown.rows.capabilities}
      group={(r) => (r.record as Capability).kind}
      detail={(r) => <CapabilityDetail row={r} />}
      empty="The analysis found no capability, or did not look for any. Health names what was looked for."
    />
  )
}

function CapabilityDetail({ row }: { row: Row }) {
  const c = row.record as Capability
  return (
    <>
      <header class="record">
        <h2><Name text={c.name || c.kind} /></h2>
        <p class="facts-line"><Badge><Name text={c.kind} /></Badge><Place origin={c.origin} /></p>
      </header>
      <TextSection title="What the program states" text={c.detail} />
      {c.schema != null && <section aria-label="What it takes"><h3>What it takes</h3><SchemaTree schema={c.schema} /><Fold title="As JSON">{() => <pre class="code" tabIndex={0}><Chars text={JSON.stringify(c.schema, null, 2)} /></pre>}</Fold></section>}
      {c.values.length > 0 && <section aria-label="Values"><h3>Values</h3><ul class="values">{c.values.map((v, i) => <li key={i}><Name text={v} code /></li>)}</ul></section>}
    </>
  )
}

/** Which section shows the records of a kind. */
export const sectionOf = (kind: Kind, record: Row['record']) => (kind === 'prompts' && isAssembly(record as Prompt) ? 'prompt' : kind)
