// A JSON Schema as a readable tree.

import { Fragment, type ComponentChildren } from 'preact'
import { Chars, Name } from '../chars'
import { Fold } from '../parts'

type Schema = Record<string, unknown>
const isSchema = (v: unknown): v is Schema => typeof v === 'object' && v !== null && !Array.isArray(v)
const maxDepth = 12

export function SchemaTree({ schema }: { schema: unknown }) {
  if (schema === null || schema === undefined) return <p class="empty">There is no schema here, or it is not known.</p>
  if (!isSchema(schema)) return <p><code><Chars text={JSON.stringify(schema)} /></code></p>
  const properties = isSchema(schema.properties) ? Object.keys(schema.properties).length : 0
  return (
    <div class="schema">
      {properties === 0 && !schema.anyOf && !schema.oneOf && !schema.allOf && <p class="empty">{typeOf(schema) === 'object' ? 'It takes no parameters.' : typeOf(schema)}</p>}
      <Inside schema={schema} root={schema} depth={0} />
    </div>
  )
}

/** What stands inside a schema: properties, elements, alternatives. */
function Inside({ schema, root, depth }: { schema: Schema; root: Schema; depth: number }) {
  const required = Array.isArray(schema.required) ? schema.required : []
  const properties = isSchema(schema.properties) ? Object.entries(schema.properties) : []
  const rows: ComponentChildren[] = properties.map(([name, s]) => (
    <Row key={'p' + name} name={<Name text={name} code />} required={required.includes(name)} schema={s} root={root} depth={depth} />
  ))
  for (const [word, label] of [['additionalProperties', 'any other'], ['propertyNames', 'each name'], ['not', 'not']] as const) {
    if (isSchema(schema[word])) rows.push(<Row key={word} name={<i>{label}</i>} schema={schema[word]} root={root} depth={depth} />)
  }
  if (isSchema(schema.patternProperties)) {
    for (const [name, s] of Object.entries(schema.patternProperties)) rows.push(<Row key={'r' + name} name={<i>/<Chars text={name} />/</i>} schema={s} root={root} depth={depth} />)
  }
  if (isSchema(schema.items)) rows.push(<Row key="items" name={<i>each</i>} schema={schema.items} root={root} depth={depth} />)
  for (const word of ['prefixItems', 'items', 'anyOf', 'oneOf', 'allOf'] as const) {
    const list = schema[word]
    if (!Array.isArray(list) || list.every(isSimple)) continue
    const label = { prefixItems: 'element', items: 'element', anyOf: 'or', oneOf: 'or', allOf: 'and' }[word]
    list.forEach((s, i) => rows.push(<Row key={word + i} name={<i>{label} {i + 1}</i>} schema={s} root={root} depth={depth} />))
  }
  return rows.length ? <ul class="properties">{rows}</ul> : null
}

function Row({ name, required, schema, root, depth }: { name: ComponentChildren; required?: boolean; schema: unknown; root: Schema; depth: number }) {
  const s = resolve(schema, root)
  const inside = isSchema(s) && hasInside(s)
  return (
    <li>
      <div class="property">
        <span class="property-name">{name}</span>
        <span class="type"><Chars text={typeOf(s)} /></span>
        {required ? <span class="required">required</span> : required === false && <span class="optional">optional</span>}
        {isSchema(s) && <Facts schema={s} />}
      </div>
      {isSchema(s) && typeof s.description === 'string' && <p class="description"><Chars text={s.description} /></p>}
      {inside && (depth < maxDepth && !loops(schema, depth)
        ? <Inside schema={s} root={root} depth={depth + 1} />
        : <Fold title="what stands inside">{() => <Inside schema={s} root={root} depth={0} />}</Fold>)}
    </li>
  )
}

/** A reference below the first levels may be one to what is around it; it is followed when it is opened. */
const loops = (schema: unknown, depth: number) => isSchema(schema) && typeof schema.$ref === 'string' && depth > 0

const shown = new Set(['type', 'properties', 'required', 'items', 'prefixItems', 'anyOf', 'oneOf', 'allOf', 'description', '$ref', '$schema', '$defs', 'definitions',
  'additionalProperties', 'patternProperties', 'propertyNames', 'not', 'enum', 'const'])

/** All else that a schema says, as it is written there. */
function Facts({ schema }: { schema: Schema }) {
  const facts = Object.entries(schema).filter(([k, v]) => !shown.has(k) && v !== undefined)
  if (schema.additionalProperties === false) facts.push(['nothing else', ''])
  if (facts.length === 0) return null
  return (
    <span class="facts">
      {facts.map(([k, v], i) => <Fragment key={k}>{i > 0 && ', '}<Chars text={k} />{v !== '' && <> <code><Chars text={JSON.stringify(v)} /></code></>}</Fragment>)}
    </span>
  )
}

function resolve(schema: unknown, root: Schema): unknown {
  for (let n = 0; n < 20 && isSchema(schema) && typeof schema.$ref === 'string' && schema.$ref.startsWith('#'); n++) {
    let at: unknown = root
    for (const step of schema.$ref.slice(1).split('/').filter(Boolean)) {
      at = isSchema(at) || Array.isArray(at) ? (at as Schema)[step.replace(/~1/g, '/').replace(/~0/g, '~')] : undefined
    }
    const { $ref, ...rest } = schema
    schema = isSchema(at) ? { ...at, ...rest } : { ...rest, description: `refers to ${$ref as string}, which is not there` }
  }
  return schema
}

function hasInside(s: Schema): boolean {
  const complex = (v: unknown) => Array.isArray(v) && !v.every(isSimple)
  return isSchema(s.properties) && Object.keys(s.properties).length > 0 || isSchema(s.items) && !isSimple(s.items) || isSchema(s.additionalProperties) && Object.keys(s.additionalProperties).length > 0
    || isSchema(s.patternProperties) || complex(s.anyOf) || complex(s.oneOf) || complex(s.allOf) || complex(s.prefixItems) || complex(s.items)
}

/** A schema that its type says whole. */
function isSimple(v: unknown): boolean {
  return typeof v === 'boolean' || isSchema(v) && Object.keys(v).every((k) => k === 'type' || k === 'const' || k === 'enum')
}

function typeOf(s: unknown): string {
  if (s === true) return 'anything'
  if (s === false) return 'nothing'
  if (!isSchema(s)) return JSON.stringify(s)
  if ('const' in s) return JSON.stringify(s.const)
  if (Array.isArray(s.enum)) return s.enum.map((v) => JSON.stringify(v)).join(' | ')
  for (const word of ['anyOf', 'oneOf'] as const) {
    const list = s[word]
    if (Array.isArray(list)) return [...new Set(list.map(typeOf))].join(' | ')
  }
  if (Array.isArray(s.allOf)) return [...new Set(s.allOf.map(typeOf))].join(' & ')
  if (typeof s.$ref === 'string') return s.$ref.replace(/^#\/(\$defs|definitions)\//, '')
  const type = Array.isArray(s.type) ? s.type.join(' | ') : typeof s.type === 'string' ? s.type : isSchema(s.properties) ? 'object' : 'anything'
  if (type === 'array' && isSchema(s.items) && isSimple(s.items)) return `array of ${typeOf(s.items)}`
  return type
}
