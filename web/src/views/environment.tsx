import { useApp } from '../app'
import { Chars, Name } from '../chars'
import type { Flag, Origin, Row, Use, Variable } from '../document'
import { Empty, Fold, Place, RecordLink } from '../parts'
import { SubjectControl } from './questions'
import { Browse } from './browse'

export function Environment({ kind }: { kind: 'environment' | 'flags' }) {
  const { shown, route } = useApp()
  const isFlag = kind === 'flags'
  return (
    <Browse
      section={kind} title={isFlag ? 'Flags' : 'Environment'} kind={kind} rows={shown.rows[kind]}
      below={(r) => {
        const n = (r.record as Variable).uses.length
        const value = route.world.get((isFlag ? 'flag.' : 'env.') + r.name)
        return [value === undefined ? '' : 'now ' + value, n === 0 ? '' : n === 1 ? '1 record' : n + ' records', fallback(r)].filter(Boolean).join(', ')
      }}
      dim={(r) => (r.record as Variable).uses.length === 0}
      detail={(r) => <VariableDetail row={r} isFlag={isFlag} />}
      empty={`The analysis found no ${isFlag ? 'feature flag' : 'environment variable'}, or did not look for any. Health names what was looked for.`}
    />
  )
}

function fallback(r: Row): string {
  if ('key' in r.record) return r.record.fallback === null ? '' : 'else ' + JSON.stringify((r.record as Flag).fallback)
  const d = (r.record as Variable).defaults
  return d.length ? 'else ' + d.map((v) => JSON.stringify(v)).join(' or ') : ''
}

function VariableDetail({ row, isFlag }: { row: Row; isFlag: boolean }) {
  const { shown } = useApp()
  const subject = shown.conditions.subjects.get((isFlag ? 'flag.' : 'env.') + row.name)
  const { uses, origins } = row.record as { uses: Use[]; origins: Origin[] }
  const value = fallback(row).replace(/^else /, '')
  return (
    <>
      <header class="record">
        <h2><Name text={row.name} /></h2>
        <p class="facts-line">{value ? <>Without it the program takes <Name text={value} code /></> : 'What the program takes without it is not a constant.'}</p>
      </header>
      {subject && <section aria-label="Answer"><h3>Answer</h3><SubjectControl subject={subject} /></section>}
      <section aria-label="Records that depend on it">
        <h3>Records that depend on it</h3>
        {uses.length === 0 && <Empty>None that the model is told of.</Empty>}
        <ul class="values">
          {uses.map((u, i) => <li key={i}><span class="number"><Chars text={u.record.split('/')[0]!} /></span> <RecordLink record={u.record} /> {u.how === 'text' ? '(its value is a piece of the text)' : ''}</li>)}
        </ul>
      </section>
      <Fold title={`Read in ${origins.length} ${origins.length === 1 ? 'place' : 'places'}`}>{() => <ul class="values">{origins.map((o, i) => <li key={i}><Place origin={o} /></li>)}</ul>}</Fold>
    </>
  )
}
