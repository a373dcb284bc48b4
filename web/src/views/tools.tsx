import { useState } from 'preact/hooks'
import { descriptionOf, descriptionTextOf, firstSentence, schemaOf, tokens, tokensOfTool, toolsIn, useApp } from '../app'
import { Chars, Name } from '../chars'
import type { Member, Row, Tool } from '../document'
import { Badge, Copy, Empty, Fold, Place, Tabs, TextView, Tokens, When } from '../parts'
import { Browse } from './browse'
import { SchemaTree } from './schema'

export function Tools() {
  const app = useApp()
  const rows = app.shown.rows.tools
  const now = toolsIn(app)
  const has = (r: Row) => app.shown.conditions.hasTool(r.name, app.route.world)
  return (
    <Browse
      section="tools" title="Tools" kind="tools" rows={rows}
      header={<p class="list-note" data-tools-now>{now.tools.length} sent now, <Tokens n={now.tokens} /></p>}
      side={(r) => tokens(tokensOfTool(app, r.record as Tool))}
      below={(r) => firstSentence(descriptionOf(app, r.record as Tool))}
      dim={(r) => has(r) === false}
      groups={['Sent with the present answers', 'Whether it is sent is not known', 'Not sent with the present answers']}
      group={(r) => ({ true: 'Sent with the present answers', false: 'Not sent with the present answers', undefined: 'Whether it is sent is not known' })[String(has(r)) as 'true']}
      detail={(r) => <ToolDetail tool={r.record as Tool} />}
      empty="The analysis found no tool. Health says whether everything could be read."
    />
  )
}

function ToolDetail({ tool }: { tool: Tool }) {
  const app = useApp()
  const { conditions } = app.shown
  const { world } = app.route
  const has = conditions.hasTool(tool.name, world)
  const subject = conditions.subjects.get('tool.' + tool.name)
  const text = descriptionTextOf(app.shown, tool, world)
  const schema = schemaOf(app.shown, tool, world)
  return (
    <>
      <header class="record">
        <h2><Name text={tool.name} /></h2>
        <p class="facts-line">
          <Tokens n={tokensOfTool(app, tool)} title="about how many tokens of each request: name, description and input schema" />
          <Badge tone={has === true ? 'good' : has === false ? 'off' : 'warn'}>{has === true ? 'sent' : has === false ? 'not sent' : 'not known'}</Badge>
          {subject && <button type="button" class="quiet" onClick={() => app.answer(subject, has ? 'false' : 'true')}>{has ? 'Take away' : 'Add'}</button>}
          {tool.aliases.length > 0 && <span>also <Name text={tool.aliases.join(', ')} code /></span>}
          <Traits tool={tool} />
        </p>
        <p class="facts-line"><When condition={tool.enabledWhen} prefix="sent when" /></p>
        <p class="facts-line"><Place origin={tool.origin} />{tool.origins.length > 1 && <span> and {tool.origins.length - 1} more</span>}</p>
      </header>
      <section aria-label="Description">
        <div class="section-head"><h3>Description</h3><Tokens n={app.counter.of(descriptionOf(app, tool))} /><Copy text={() => descriptionOf(app, tool)} /></div>
        {text ? <TextView text={text} /> : <Empty>What the model is told about it is not known.</Empty>}
        {tool.descriptionVariants.length > 0 && (
          <Fold title={`${tool.descriptionVariants.length} other forms`}>
            {() => tool.descriptionVariants.map((v, i) => <div class="variant" key={i}><When condition={v.when} /><TextView text={v.description} compareToDefault={false} /></div>)}
          </Fold>
        )}
        {tool.summary && <Fold title="For people">{() => <TextView text={tool.summary!} />}</Fold>}
      </section>
      <SchemaSection title="Input" schema={schema} dialect={tool.dialect} />
      {tool.schemaVariants.length > 0 && (
        <Fold title={`Input: ${tool.schemaVariants.length} other forms`}>
          {() => tool.schemaVariants.map((v, i) => <div class="variant" key={i}><When condition={v.when} /><SchemaTree schema={v.inputSchema} /></div>)}
        </Fold>
      )}
      {tool.losses.length > 0 && (
        <section aria-label="What the schema does not say">
          <h3>What the schema does not say</h3>
          <ul class="losses">
            {tool.losses.map((l, i) => <li key={i}><Badge tone={l.kind === 'unrepresentable' || l.kind === 'narrower' ? '' : 'warn'}>{l.kind}</Badge> <Name text={l.path || '/'} code /> <Chars text={l.construct} />: <Chars text={l.why} /></li>)}
          </ul>
        </section>
      )}
      {tool.outputSchema != null && <Fold title="Output">{() => <SchemaSection title="Output" schema={tool.outputSchema} />}</Fold>}
      {tool.implementation.length > 0 && (
        <section aria-label="Source">
          <h3>Source</h3>
          {tool.implementation.map((m, i) => <Source key={i} member={m} />)}
        </section>
      )}
    </>
  )
}

function Traits({ tool }: { tool: Tool }) {
  return <>{tool.traits.map((t, i) => (
    <Badge key={i} title={t.value === null ? 'depends' : undefined}><Name text={t.name} />: {t.value === null ? 'depends' : t.value ? 'yes' : 'no'}</Badge>
  ))}</>
}

function SchemaSection({ title, schema, dialect }: { title: string; schema: unknown; dialect?: string }) {
  const [form, setForm] = useState<'tree' | 'json'>('tree')
  const { counter } = useApp()
  const json = () => JSON.stringify(schema, null, 2)
  return (
    <section aria-label={title}>
      <div class="section-head">
        <h3>{title}</h3>
        {schema != null && <Tokens n={counter.of(JSON.stringify(schema))} />}
        {dialect && <Badge title="what the schema was made from"><Name text={dialect} /></Badge>}
        <Tabs label={`Form of ${title.toLowerCase()}`} tabs={[['tree', 'Tree'], ['json', 'JSON']]} value={form} onChange={setForm} />
        <Copy text={json} label="Copy JSON" />
      </div>
      {form === 'tree' ? <SchemaTree schema={schema} /> : <pre class="code" tabIndex={0}><Chars text={json()} /></pre>}
    </section>
  )
}

function Source({ member }: { member: Member }) {
  if (!member.source) return <p class="facts-line"><Name text={member.name} code /> {member.bytes} bytes, not shown: it draws for people, or is too long</p>
  return <Fold title={<><Name text={member.name} code /> <span class="number">{member.bytes} bytes</span></>}>{() => <pre class="code" tabIndex={0}><Chars text={member.source} /></pre>}</Fold>
}
