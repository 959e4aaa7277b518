/** Names and texts that try to be more than text in a terminal, a page, a table or a log. */
export const hostileNames: readonly string[] = [
  '\u001b[31mred\u001b[0m\u001b]0;title\u0007',
  '\u001b]8;;http://evil.example\u001b\\click\u001b]8;;\u001b\\',
  '\u202eevil\u2066txt.exe\u2069',
  '</script><script>alert(1)</script><img src=x onerror=alert(2)>',
  'line one\r\nline two\nfindings: 0, all green',
  "=cmd|'/C calc'!A0",
  '+1+1',
  '@SUM(1+1)',
  '-2+3',
  'quote"comma,semicolon;tab\tend',
  'zero\u200bwidth\u2060joiner\ufeff',
  '__proto__',
  'constructor',
  'c1 \u009b31m and nul \u0000 and bell \u0007',
  // biome-ignore lint/suspicious/noTemplateCurlyInString: a shell would expand it, which is the point.
  '`rm -rf ~` $(id) ${HOME}',
  'x'.repeat(1_000_000),
]

/** A client file whose entries, arguments and folders have these names. `__proto__` is written as text: an object literal would eat it. */
export function hostileFile(): string {
  const entries = hostileNames.map(
    (name) =>
      `${JSON.stringify(name)}: ${JSON.stringify({ command: 'npx', args: ['-y', 'hostile-server@1.0.0', name], env: { [name.slice(0, 200)]: name } })}`,
  )
  return `{"mcpServers": {${entries.join(',\n')}}}`
}

/** An advisory record whose own text is hostile, for a package that the home names. */
export function hostileAdvisory(): string {
  return JSON.stringify({
    id: 'LAB-2026-0001',
    modified: '2026-11-01T00:00:00Z',
    summary: hostileNames.slice(0, 8).join(' '),
    details: hostileNames.at(-1),
    affected: [{ package: { ecosystem: 'npm', name: 'hostile-server' }, versions: ['1.0.0'] }],
    references: [{ type: 'WEB', url: 'javascript:alert(3)' }],
  })
}

/**
 * What another scanner wrote, hostile wherever it may choose: its own name, its rules, their words, places, and the package that it names
 * beside one that the home has.
 */
export function hostileResults(): string {
  const at = new Date(Date.now() - 3_600_000).toISOString()
  const rules = hostileNames.slice(0, 15).map((text, index) => ({
    id: `CVE-2026-${1_000 + index} ${text}`,
    shortDescription: { text },
    helpUri: 'javascript:alert(4)',
    properties: { 'security-severity': '9.8', tags: ['security', text], aliases: [text] },
  }))
  const results = rules.flatMap(({ id }, ruleIndex) => {
    const text = hostileNames[ruleIndex] ?? ''
    const named = { ruleId: id, ruleIndex, level: 'error', message: { text } }
    const place = { artifactLocation: { uri: text }, region: { startLine: 1, snippet: { text } } }
    return [
      { ...named, properties: { purl: 'pkg:npm/hostile-server@1.0.0' } },
      { ...named, properties: { purl: `pkg:npm/${encodeURIComponent(text.slice(0, 100))}@1.0.0` } },
      { ...named, ruleId: text, locations: [{ physicalLocation: place, logicalLocations: [{ name: text }] }] },
    ]
  })
  const driver = { name: hostileNames[3], version: hostileNames[2], semanticVersion: hostileNames[10], rules }
  const run = { tool: { driver }, invocations: [{ executionSuccessful: true, endTimeUtc: at }], results }
  return JSON.stringify({ version: '2.1.0', runs: [run] })
}

/** What a live server says of itself: every text a hostile one. */
export function hostileTools(): object[] {
  return hostileNames.map((text, index) => ({
    name: `tool${index}${text.slice(0, 300)}`,
    description: text,
    inputSchema: { type: 'object', description: text },
  }))
}
