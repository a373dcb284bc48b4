// About how many tokens a text has, as package tokens counts them: by a published vocabulary, times a measured factor.

import { BytePairEncodingCore } from 'gpt-tokenizer/BytePairEncodingCore'
import { readBlock } from './document'

interface Vocabulary { factor: number; maxCounted: number; tokens: (string | number[])[] }

const pattern = /'(?:[sStTmMdD]|[rR][eE]|[vV][eE]|[lL][lL])|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+/gu

export class Counter {
  private core?: BytePairEncodingCore
  private factor = 1
  private maxCounted = 0
  private readonly counted = new Map<string, number>()
  private readonly encoder = new TextEncoder()

  /** Reads the vocabulary, which takes a tenth of a second. */
  async load() {
    const v = await readBlock<Vocabulary>('vocabulary')
    this.factor = v.factor
    this.maxCounted = v.maxCounted
    this.core = new BytePairEncodingCore({
      bytePairRankDecoder: v.tokens,
      specialTokensEncoder: new Map([['\uffff\uffff', -1]]), // none that a text could hold
      tokenSplitRegex: pattern,
    })
  }

  get ready() { return this.core !== undefined }

  /** The count of a text; undefined before the vocabulary is read. */
  of(text: string): number | undefined {
    if (!this.core) return undefined
    let n = this.counted.get(text)
    if (n === undefined) this.counted.set(text, n = this.count(text))
    return n
  }

  private count(text: string): number {
    if (text === '') return 0
    const bytes = this.encoder.encode(text)
    let part = text, length = bytes.length
    if (length > this.maxCounted) {
      length = this.maxCounted
      while (length > 0 && (bytes[length]! & 0xc0) === 0x80) length--
      part = new TextDecoder().decode(bytes.subarray(0, length))
    }
    const n = this.core!.countNative(part)
    return Math.floor(n * this.factor * bytes.length / length + 0.5)
  }
}
