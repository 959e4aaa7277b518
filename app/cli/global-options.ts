/** What can be said to every command. */
export const globalOptions = [
  { flags: '--json', says: 'Data for a program; its JSON Schema is published' },
  { flags: '--csv', says: 'Lists as a table' },
  { flags: '--verbose', says: 'Absolute dates, and more of each list' },
  { flags: '--config <file>', says: 'The upkeep.yaml to use' },
  { flags: '--as <person>', says: 'Who acts, by the id in upkeep.yaml' },
  { flags: '--practice', says: 'On the practice fleet, not on your servers' },
  { flags: '--no-color', says: 'No colour; NO_COLOR does the same' },
  { flags: '--ascii', says: 'Nothing outside ASCII' },
  { flags: '--debug', says: 'Where it failed, when it fails' },
] as const

/** The global options that take a value: what follows one of them is not a verb. */
export const valueOptions: readonly string[] = ['--config', '--as']

export interface GlobalOptions {
  json: boolean
  csv: boolean
  verbose: boolean
  config: string | undefined
  as: string | undefined
  practice: boolean
  color: boolean
  ascii: boolean
  debug: boolean
}
