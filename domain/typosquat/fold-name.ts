/** Letters of other scripts, and Latin ones with marks, by the Latin letter that they look like. */
const twins: Readonly<Record<string, string>> = {
  а: 'a',
  с: 'c',
  ԁ: 'd',
  е: 'e',
  һ: 'h',
  і: 'i',
  ј: 'j',
  ӏ: 'l',
  ո: 'n',
  о: 'o',
  р: 'p',
  ѕ: 's',
  υ: 'u',
  ѵ: 'v',
  ԝ: 'w',
  х: 'x',
  у: 'y',
  α: 'a',
  ε: 'e',
  ι: 'i',
  κ: 'k',
  ν: 'v',
  ο: 'o',
  ρ: 'p',
  τ: 't',
  ı: 'i',
  ɡ: 'g',
  ℓ: 'l',
}

/** A name in lower case with every letter replaced by the Latin one that it looks like. */
export function latin(name: string): string {
  const plain = name.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase()
  return [...plain].map((letter) => twins[letter] ?? letter).join('')
}

/** A name as a hasty eye reads it: digits as letters, `rn` as `m`, separators gone. */
export function asRead(name: string): string {
  return latin(name)
    .replace(/[-_.]/g, '')
    .replaceAll('0', 'o')
    .replaceAll('1', 'l')
    .replaceAll('3', 'e')
    .replaceAll('5', 's')
    .replaceAll('i', 'l')
    .replaceAll('rn', 'm')
    .replaceAll('vv', 'w')
    .replaceAll('q', 'g')
}
