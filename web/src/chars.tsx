// Text of a document is somebody else's. What would not be seen in it, or would change how the rest is seen, is shown
// by its number: control characters, bidirectional controls, invisible characters, stacks of combining marks.

import { Fragment, type ComponentChildren } from 'preact'

const strange = new RegExp([
  '[\\u0000-\\u0008\\u000b-\\u001f\\u007f-\\u009f]', // controls, but for tab and newline
  '[\\u00a0\\u1680\\u2000-\\u200a\\u202f\\u205f\\u3000]', // spaces that are not the space
  '(?<!\\p{Extended_Pictographic}\\ufe0f?|\\p{Emoji_Modifier})\\u200d', // joiners that join no emoji
  '[\\u00ad\\u034f\\u061c\\u115f\\u1160\\u17b4\\u17b5\\u180b-\\u180f\\u200b\\u200c\\u200e\\u200f\\u2028-\\u202e\\u2060-\\u206f\\u2800\\u3164\\ufeff\\uffa0\\ufff0-\\ufffb]',
  '(?<![\\p{Emoji}])[\\ufe00-\\ufe0f]', '[\\u{e0000}-\\u{e0fff}]', '\\p{Cs}', '\\p{Co}', '\\p{Cn}',
  '(?<=\\p{M}{3})\\p{M}+',
].join('|'), 'gu')

const names: Record<string, string> = {
  '\0': 'NUL', '\x07': 'BEL', '\b': 'BS', '\r': 'CR', '\x1b': 'ESC', '\x7f': 'DEL', '\u00a0': 'NBSP', '\u3000': 'IDSP', '\u00ad': 'SHY', '\u200b': 'ZWSP',
  '\u200c': 'ZWNJ', '\u200d': 'ZWJ', '\u200e': 'LRM', '\u200f': 'RLM', '\u202a': 'LRE', '\u202b': 'RLE', '\u202c': 'PDF', '\u202d': 'LRO',
  '\u202e': 'RLO', '\u2028': 'LS', '\u2029': 'PS', '\u2060': 'WJ', '\u2066': 'LRI', '\u2067': 'RLI', '\u2068': 'FSI', '\u2069': 'PDI', '\ufeff': 'BOM',
}

function label(run: string): string {
  const codes = [...run].map((c) => names[c] ?? 'U+' + c.codePointAt(0)!.toString(16).toUpperCase().padStart(4, '0'))
  return codes.length > 3 ? `${codes[0]} ×${codes.length}` : codes.join(' ')
}

/** A text as it can go into an attribute or a title. */
export function plain(text: string): string {
  return text.replace(strange, (run) => `[${label(run)}]`).replace(/\s+/g, ' ')
}

/** A text with what is strange in it shown. */
export function Chars({ text }: { text: string }) {
  if (text.search(strange) < 0) return <>{text}</>
  const out: ComponentChildren[] = []
  let from = 0
  for (const m of text.matchAll(strange)) {
    out.push(text.slice(from, m.index), <span class="strange" title="a character that would not be seen">{label(m[0])}</span>)
    from = m.index + m[0].length
  }
  out.push(text.slice(from))
  return <>{out.map((c, i) => <Fragment key={i}>{c}</Fragment>)}</>
}

/** A name or another short piece of a document, kept apart from the direction of what stands around it. */
export const Name = ({ text, code }: { text: string; code?: boolean }) =>
  code ? <code class="name"><bdi><Chars text={text} /></bdi></code> : <bdi class="name"><Chars text={text} /></bdi>
