import { Bytes, createHash, isSignature } from './node-parts.js'

/**
 * Runs the verifier over files that were chosen. A browser answers later what Node answers at once, whether a signature is one: what the
 * verifier asks is written down, answered, and the verifier runs again, until it asks nothing new. That last run counts.
 * @param files Texts by name: the pack, then the checkpoints.
 * @param keys Public keys that were kept elsewhere.
 */
async function runOver(files, keys) {
  const answers = new Map()
  for (;;) {
    const asked = new Map()
    const ran = runOnce(files, keys, (question) => {
      const name = JSON.stringify([question.key.x, question.text.toString('hex'), question.signature.toString('hex')])
      if (!answers.has(name)) asked.set(name, question)
      return answers.get(name) ?? true
    })
    if (asked.size === 0) return ran
    for (const [name, question] of asked) answers.set(name, await isSignature(question))
  }
}

/** One run, with what it takes from Node. It ends with a code and what it said. */
function runOnce(files, keys, isSigned) {
  const [pack, ...checkpoints] = files.keys()
  const said = []
  let ended = null
  const process = {
    exitCode: 0,
    exit(code) {
      ended ??= code
      throw new Error('it has ended')
    },
  }
  const say = (line) => ended === null && said.push(line)
  try {
    verifier({
      Buffer: Bytes,
      console: { log: say, error: say },
      createHash,
      createPublicKey: ({ key }) => key,
      parseArgs: () => ({ values: { checkpoint: checkpoints, key: keys }, positionals: [pack] }),
      process,
      readFileSync: (name) => files.get(name),
      statSync: (name) => ({ isFile: () => files.has(name), size: files.get(name)?.length }),
      verifySignature: (_, text, key, signature) => isSigned({ text, key, signature }),
    })
  } catch (error) {
    if (ended === null) throw error
  }
  return { code: ended ?? process.exitCode, said: said.join('\n') }
}

const part = (id) => document.getElementById(id)
const verdicts = ['Valid', 'Not valid', 'It could not be checked']

/** Shows a verdict and what was said, as text. */
function show(code, said) {
  part('outcome').hidden = false
  part('outcome').dataset.code = code
  part('verdict').textContent = verdicts[code]
  part('said').textContent = said
}

async function check() {
  part('outcome').hidden = true
  const chosen = [...part('pack').files, ...part('checkpoints').files]
  if (part('pack').files.length === 0) return show(2, 'Choose a pack first.')
  const checksSignatures = await crypto.subtle?.generateKey('Ed25519', false, ['sign', 'verify']).then(
    () => true,
    () => false,
  )
  if (!checksSignatures)
    return show(2, 'This browser cannot check signatures (Ed25519). Take a newer one, or node upkeep-verify.mjs.')
  const files = new Map()
  // Two files may have one name: where it stands among those chosen tells them apart.
  for (const [at, file] of chosen.entries()) files.set(`${at + 1}: ${file.name}`, await file.text())
  const key = part('key').value.trim()
  try {
    const { code, said } = await runOver(files, key === '' ? [] : [key])
    show(code, said)
  } catch (error) {
    show(2, `It ended before it was done: ${error.message}`)
  }
}

part('form').addEventListener('submit', (event) => {
  event.preventDefault()
  check()
})
