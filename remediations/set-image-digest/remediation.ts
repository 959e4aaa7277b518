import type { Refusal } from '@upkeep/contract/ports'
import { defineRemediation } from '@upkeep/contract/remediation'
import { utf8Text } from '@upkeep/domain/archives/byte-text'
import { maxBytesOf } from '@upkeep/domain/client-formats/parse-text'
import { setDigest } from '@upkeep/domain/image-references/set-digest'

/** Has a Compose file or Kubernetes manifest name an image by its digest. The tag stays for readers; the digest decides. */
export const setImageDigest = defineRemediation({
  makes: 'set-image-digest',
  version: 1,
  title: 'Name an image by its digest',
  reaches: ['files'],
  preview({ path, image, from, to }, { files }) {
    const read = files.read(path, maxBytesOf.yaml)
    if (read.state === 'absent') return refusal('unreachable', `${path} is not there`)
    if (read.state === 'unavailable') return read
    const text = utf8Text(read.bytes)
    // What stands for broken bytes would be written back in their place.
    if (text.includes('\uFFFD')) return refusal('malformed', `${path} is not UTF-8 throughout`)
    const set = setDigest(text, { image, from, to })
    if (set.state === 'refused') return refusal('not-supported', `${image} in ${path}: ${set.reason}`)
    const was = from === null ? image : `${image}@${from}`
    const shown = set.at.flatMap((at) => [`-${at}: ${was}`, `+${at}: ${image}@${to}`])
    return {
      state: 'possible',
      effects: set.splices.length === 0 ? [] : [{ kind: 'file', path, to: { text: set.text }, shown }],
      summary: [
        `${path}: ${image} is named by ${to}, in ${set.at.length === 1 ? 'one place' : `${set.at.length} places`}`,
      ],
      limits: [
        'what runs keeps its image until the file is applied again',
        'whether the registry still has an image of that digest was not asked',
      ],
      irreversible: [],
    }
  },
})

function refusal(code: Refusal['code'], reason: string): Refusal {
  return { state: 'unavailable', code, reason }
}
