import { fromBase64 } from '../base64.ts'

/** A part of a text that is another text in code. */
export interface EncodedText {
  from: number
  to: number
  decoded: string
}

const base64 = /[A-Za-z0-9+/]{24,4000}={0,2}/g
const hex = /\b(?:[0-9a-fA-F]{2}){16,2000}\b/g
const percent = /(?:%[0-9a-fA-F]{2}){8,2000}/g
const escapes = /(?:\\u[0-9a-fA-F]{4}|\\x[0-9a-fA-F]{2}){8,1000}/g

/** Base64, hex, percent and backslash codes that come to something readable. */
export function encodedTexts(text: string): EncodedText[] {
  return [
    ...decodedAll(text, base64, (code) => fromBase64(padded(code))),
    ...decodedAll(text, hex, (code) => bytesOf(code.match(/../g) ?? [])),
    ...decodedAll(text, percent, (code) => bytesOf(code.split('%').slice(1))),
    ...decodedAll(text, escapes, (code) => bytesOf(code.split(/\\[ux]/).slice(1))),
  ].slice(0, 50)
}

function padded(code: string): string {
  const letters = code.replace(/=/g, '')
  return letters
    .slice(0, letters.length - (letters.length % 4 === 1 ? 1 : 0))
    .padEnd(Math.ceil(letters.length / 4) * 4, '=')
}

function bytesOf(codes: readonly string[]): Uint8Array {
  return Uint8Array.from(codes, (code) => Number.parseInt(code, 16))
}

function decodedAll(text: string, shape: RegExp, decode: (code: string) => Uint8Array | null): EncodedText[] {
  return [...text.matchAll(shape)].flatMap((match) => {
    const bytes = decode(match[0])
    const decoded = bytes === null ? null : readable(bytes)
    return decoded === null ? [] : [{ from: match.index, to: match.index + match[0].length, decoded }]
  })
}

/** Bytes as a text of words; null for anything else. */
function readable(bytes: Uint8Array): string | null {
  const text = String.fromCharCode(...bytes.slice(0, 2_000))
  const letters = text.match(/[A-Za-z ]/g)?.length ?? 0
  return letters >= 8 && letters >= text.length * 0.7 && text.includes(' ') ? text : null
}
