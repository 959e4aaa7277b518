import { readFileSync } from 'node:fs'
import { isAbsolute, join, normalize } from 'node:path'

/** One system call as strace wrote it: name, everything between the parentheses and after. */
interface Call {
  name: string
  text: string
}

/** What makes, removes or alters something in the file system by path. */
const alters =
  /^(mkdir|mkdirat|rmdir|unlink|unlinkat|rename|renameat|renameat2|link|linkat|symlink|symlinkat|truncate|chmod|fchmodat|fchmodat2|chown|lchown|fchownat|mknod|mknodat|creat|setxattr|lsetxattr|removexattr|utimensat)$/
const opens = /^(open|openat|openat2)$/
const writeFlags = /O_WRONLY|O_RDWR|O_CREAT|O_TRUNC|O_APPEND/

/** What `strace -f -e trace=execve,execveat,%network,%file -o file` says that a process did. */
export interface Trace {
  /** Programs that were started, the traced one included. */
  executed: string[]
  /** Calls about sockets of the internet families. */
  internet: string[]
  /** Paths that were written to, created, altered or removed. */
  written: string[]
  calls: number
}

/** Reads a trace. `cwd` is where relative paths begin. */
export function readTrace(path: string, cwd: string): Trace {
  const trace: Trace = { executed: [], internet: [], written: [], calls: 0 }
  for (const line of readFileSync(path, 'utf8').split('\n')) {
    const call = callOf(line)
    if (!call) continue
    trace.calls += 1
    if (/^execve(at)?$/.test(call.name)) trace.executed.push(call.text)
    if (/\bAF_INET6?\b/.test(call.text)) trace.internet.push(line)
    trace.written.push(...writtenBy(call, cwd))
  }
  return trace
}

/** Lines begin with a process id; a call that another one interrupted is finished on a `resumed` line, which repeats nothing we need. */
function callOf(line: string): Call | null {
  const match = /^(?:\d+ +)?([a-z0-9_]+)\((.*)$/.exec(line)
  const [, name, text] = match ?? []
  return name === undefined || text === undefined ? null : { name, text }
}

function writtenBy({ name, text }: Call, cwd: string): string[] {
  const writes = alters.test(name) || (opens.test(name) && writeFlags.test(text))
  if (!writes) return []
  // A link's target is text, not a path that is touched.
  const paths = [...text.matchAll(/"((?:[^"\\]|\\.)*)"/g)].map((match) => match[1] ?? '')
  const touched = /^symlink/.test(name) ? paths.slice(1) : paths
  return touched.map((path) => (isAbsolute(path) ? normalize(path) : join(cwd, path)))
}
