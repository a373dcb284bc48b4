// The address of what is shown: #/SECTION/KEY?doc=1&q=words&w=mode~print. Every record has one, and a world is part of it.

import { defaultWorld, type World } from './conditions'

export interface Route {
  section: string
  key: string
  /** Which of several documents; the last one where it is not said. */
  doc: number | undefined
  /** What was searched for. */
  query: string
  world: World
}

export function parseRoute(hash: string): Route {
  const [path = '', search = ''] = cut(hash.replace(/^#\/?/, ''), '?')
  const [section = '', key = ''] = cut(path, '/')
  const params = new URLSearchParams(search)
  const world = new Map<string, string>()
  for (const pair of params.getAll('w')) {
    const at = pair.lastIndexOf('~')
    if (at > 0) world.set(pair.slice(0, at), pair.slice(at + 1))
  }
  return { section: decode(section), key: decode(key), doc: /^\d$/.test(params.get('doc') ?? '') ? Number(params.get('doc')) : undefined, query: params.get('q') ?? '', world: world.size > 0 ? world : defaultWorld }
}

export function formatRoute(r: Route): string {
  const params = new URLSearchParams()
  if (r.doc !== undefined) params.set('doc', String(r.doc))
  if (r.query) params.set('q', r.query)
  for (const [k, v] of r.world) params.append('w', `${k}~${v}`)
  const search = params.toString()
  return '#/' + encodeURIComponent(r.section) + (r.key ? '/' + encodeURIComponent(r.key) : '') + (search ? '?' + search : '')
}

function cut(s: string, at: string): [string, string] {
  const i = s.indexOf(at)
  return i < 0 ? [s, ''] : [s.slice(0, i), s.slice(i + 1)]
}

function decode(s: string): string {
  try { return decodeURIComponent(s) } catch { return s }
}
