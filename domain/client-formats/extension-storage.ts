import type { ConfigLocation } from './client-format.ts'

const editors = ['Code', 'Code - Insiders', 'VSCodium', 'Cursor', 'Windsurf']
const remotes = ['.vscode-server', '.cursor-server', '.windsurf-server']

/** Where an extension keeps a file of its own in VS Code, in the editors made from it, and in their remote halves. */
export function extensionStorage(
  file: string,
  format: ConfigLocation['format'],
  read: ConfigLocation['read'],
): readonly ConfigLocation[] {
  const local = editors.map(
    (editor): ConfigLocation => ({
      scope: 'user',
      format,
      path: `{config}/${editor}/User/globalStorage/${file}`,
      why: `servers of this user in ${editor}`,
      read,
    }),
  )
  const remote = remotes.map(
    (folder): ConfigLocation => ({
      scope: 'user',
      format,
      path: `{home}/${folder}/data/User/globalStorage/${file}`,
      why: 'servers of this user for sessions from another machine',
      read,
    }),
  )
  return [...local, ...remote]
}
