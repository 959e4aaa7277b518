import { clientList } from '../../client-formats/client-list.ts'
import type { EntryFile } from '../entry-file.ts'

/** A text as the file of a client whose place holds these words. */
export function fileOf(client: EntryFile['client'], place: string, text: string): EntryFile {
  const location = clientList.find((each) => each.client === client)?.locations.find(({ path }) => path.includes(place))
  if (location === undefined) throw new Error(`${client} has no file ${place}`)
  return { text, path: location.path, client, location }
}
