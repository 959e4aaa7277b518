import { createHash } from 'node:crypto'
import { pythonName } from '@upkeep/domain/python-names'
import { createHttpPort } from '@upkeep/engine/ports/http'
import { counted } from '@upkeep/engine/report/paint'
import { chooseFile, filesOnPage, type IndexedFile, statesDigest } from './index-page.ts'
import { addressOf, fetchArchive, notObtained, type Obtained, type Waits } from './obtained.ts'
import type { PythonIndex } from './python-index.ts'

const accept = 'application/vnd.pypi.simple.v1+json, application/vnd.pypi.simple.v1+html;q=0.2, text/html;q=0.1'
const maxPageBytes = 64 << 20

/** The wheel of one version, or its source archive where there is no wheel, as a Python index has it. */
export async function fromIndex(
  name: string,
  version: string,
  { index, signal, waits }: { index: PythonIndex; signal: AbortSignal; waits: Waits },
): Promise<Obtained> {
  const page = new URL(`${pythonName(name)}/`, index.url)
  const chosen = chooseFile(await filesOf(page, index, waits), name, version)
  if (chosen === null) throw notObtained('the index has no wheel and no source archive of that version')
  const { file, others } = chosen
  const address = addressOf(file.url, page)
  const headers = address.origin === page.origin ? index.headers : {}
  const bytes = await fetchArchive(address.href, { signal, waits, headers })
  return {
    bytes,
    from: `${file.filename} of ${page.host}`,
    integrity: integrityOf(bytes, file),
    expected: { ecosystem: 'PyPI', name, version },
    notes: notesOn(file, others),
  }
}

function notesOn(file: IndexedFile, others: number): string[] {
  const yanked = file.yanked ? ['its maker withdrew it from the index (yanked)'] : []
  const rest = `${file.filename} was judged, not the other ${counted(others, 'file')} of that version`
  return others === 0 ? yanked : [...yanked, rest]
}

async function filesOf(page: URL, { headers }: PythonIndex, { pageMs }: Waits): Promise<IndexedFile[]> {
  const told = { accept, ...headers }
  const asked = { url: page.href, method: 'GET', headers: told, timeoutMs: pageMs, maxBytes: maxPageBytes }
  const answer = await createHttpPort().exchange(asked)
  if (answer.state !== 'answered') throw notObtained(answer.reason)
  if (answer.status === 404) throw notObtained('the index does not know that name')
  if (answer.status !== 200) throw notObtained(`the index answered ${answer.status}`)
  if (answer.truncated) throw notObtained(`the answer of the index is larger than ${maxPageBytes} bytes`)
  const files = filesOnPage(answer.body, (answer.headers['content-type'] ?? '').toLowerCase())
  if (files === null) throw notObtained('the answer is not that of a Python index')
  return files
}

/** @throws UserError when the bytes are not those that the index states. */
function integrityOf(bytes: Buffer, file: IndexedFile): Obtained['integrity'] {
  if (file.sha256 === null) return 'not stated'
  if (!statesDigest(file)) throw notObtained('the digest that the index states is none')
  if (createHash('sha256').update(bytes).digest('hex') === file.sha256) return 'verified'
  throw notObtained('its bytes are not those that the index states')
}
