import { readFileSync, renameSync, writeFileSync } from 'node:fs'

/**
 * A client that writes its own settings beside its servers again and again, as Claude Code does: in bursts, with rests between them that grow, so
 * that on however slow a machine somebody else comes to write. Each time it holds what it reads against what it wrote last: a number that
 * went back is a write of its own that somebody lost. Ends when its input closes, and says what it saw.
 */
const [path = ''] = process.argv.slice(2)
let count = 0
let lost = 0
let broken = 0
function turn(): void {
  try {
    const settings = JSON.parse(readFileSync(path, 'utf8'))
    if (settings.starts !== count) lost += 1
    count += 1
    writeFileSync(`${path}.client`, `${JSON.stringify({ ...settings, starts: count }, null, 2)}\n`)
    renameSync(`${path}.client`, path)
  } catch {
    broken += 1
  }
}
const burst = 12
function next(): NodeJS.Timeout {
  const rests = count > 0 && count % burst === 0
  return setTimeout(
    () => {
      turn()
      timer = next()
    },
    rests ? 300 * (count / burst) : 40,
  )
}
let timer = next()
process.stdin.on('data', () => {})
process.stdin.on('end', () => {
  clearTimeout(timer)
  process.stdout.write(JSON.stringify({ count, lost, broken }))
})
