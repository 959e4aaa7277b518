import { type Launch, mark, type Reading, unknown, type Word } from './launch-words.ts'
import { readImage } from './package-spec.ts'

/** Options of `run` that take no value. Every other option takes one. */
const switches = new Set([
  '-i',
  '-t',
  '-d',
  '-q',
  '-P',
  '--interactive',
  '--tty',
  '--detach',
  '--rm',
  '--init',
  '--privileged',
  '--read-only',
  '--quiet',
  '--publish-all',
  '--no-healthcheck',
  '--oom-kill-disable',
  '--sig-proxy',
  '--disable-content-trust',
  '--no-hosts',
  '--replace',
  '--tls-verify',
])

/** `docker run` and `podman run`: the image, and the variables that are handed in. */
export function readContainer(via: 'docker' | 'podman', words: readonly Word[], reading: Reading): Launch {
  const start = words.findIndex(({ text }) => text === 'run')
  const before = words.slice(0, start).map(({ text }) => text)
  if (start < 0 || before.some((text) => !text.startsWith('-') && text !== 'container')) {
    return unknown(`${via} is asked for something else than to run an image`)
  }
  const image = takeRunOptions(words.slice(start + 1), reading)
  if (image === undefined) return unknown(`${via} run names no image`)
  const parts = readImage(image.text)
  if (parts === null) return unknown('names an image in a form that is not shown')
  mark(reading, image, 'image')
  return { via, ...parts, pinned: parts.digest !== null }
}

/** Marks what is handed in by `-e`, and returns the first word that is no option: the image. */
function takeRunOptions(words: readonly Word[], reading: Reading): Word | undefined {
  let at = 0
  while (at < words.length) {
    const word = words[at]
    if (word === undefined || !word.text.startsWith('-')) return word
    at += 1
    if (word.text === '--') return words[at]
    if (!takesNext(word.text)) continue
    const value = words[at]
    if (isEnvironment(word.text)) mark(reading, value, value?.text.includes('=') ? 'assignment' : 'passed-name')
    at += 1
  }
  return undefined
}

/** `-it` is a cluster of switches; in `-ie` the last letter takes the next word; in `-eNAME` and `--env=NAME` the value is attached. */
function takesNext(option: string): boolean {
  if (option.startsWith('--')) return !option.includes('=') && !switches.has(option)
  const letters = [...option.slice(1)]
  const first = letters.findIndex((letter) => !switches.has(`-${letter}`))
  return first >= 0 && first === letters.length - 1
}

function isEnvironment(option: string): boolean {
  return option === '--env' || /^-[itdqP]{0,5}e$/.test(option)
}
