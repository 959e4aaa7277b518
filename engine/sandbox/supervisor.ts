import type { BesideProgram, SandboxRun } from '@upkeep/contract'
import { quoted } from './quoted.ts'

/** Most bytes that are read back of one file. */
export const readBackBytes = 1 << 20
/** Processes of ours that count inside: the supervisor and the one that listens to us. */
export const ownProcesses = 2

/**
 * The script that is pid 1 inside. It lays out files, starts the programs, and once the main one ended or we said so or are gone kills
 * everything and hands back files. It runs as the same user as the hostile program: pid 1 gets no signal from inside that it does not
 * wait for, and what it says is believed only about what that program could have said anyway.
 *
 * Descriptor 3 leads to us; 5, 6 and 7 are the streams of the program.
 */
export function supervisorScript(
  run: SandboxRun,
  env: Readonly<Record<string, string>>,
  programs: readonly string[],
): string {
  const [program = '', ...others] = programs
  const main = launchLine(run, env, [program, ...run.argv.slice(1)])
  return `# Written by upkeep for one run.
umask 022
cd /data || exit 70
for one in /run/upkeep/laid/* /run/upkeep/laid/.[!.]*; do
  if [ -e "$one" ] || [ -L "$one" ]; then cp -RPp "$one" /data/ 2>/dev/null; fi
done
exec 5<&0 6>&1 7>&2 0</dev/null 1>/dev/null 2>/dev/null
trap 'kill -KILL -1' USR1
( read -r word <&3; kill -USR1 $$ ) 5<&- 6>&- 7>&- &
${(run.beside ?? []).map((one, at) => besideLines(run, env, { ...one, program: others[at] ?? '' })).join('\n')}
( exec 3>&- <&5 >&6 2>&7 5<&- 6>&- 7>&-; cd ${quoted(run.cwd)} && ${main} ) &
main=$!
exec 5<&- 6>&- 7>&-
echo started >&3
while :; do
  wait $main; code=$?
  kill -0 $main 2>/dev/null || break
done
kill -KILL -1
echo "ended $code" >&3
${(run.readsBack ?? []).map(readBackLines).join('\n')}
echo done >&3
exit 0
`
}

function launchLine({ bounds }: SandboxRun, env: Readonly<Record<string, string>>, argv: readonly string[]): string {
  const limits = [
    `--nproc=${bounds.processes + 16}`,
    `--fsize=${bounds.fileBytes}`,
    `--cpu=${bounds.cpuSeconds}:${bounds.cpuSeconds + 1}`,
    // Between two looks one process alone gets no further; virtual machines set hundreds of megabytes aside that they never touch.
    `--data=${bounds.memoryBytes + (1 << 30)}`,
    '--core=0',
    '--nofile=1024',
  ]
  const settings = Object.entries(env).map(([name, value]) => quoted(`${name}=${value}`))
  return ['exec prlimit', ...limits, '-- env -i', ...settings, ...argv.map(quoted)].join(' ')
}

/** A program beside the main one, and the wait until its port is listened on. */
function besideLines(
  run: SandboxRun,
  env: Readonly<Record<string, string>>,
  beside: BesideProgram & { program: string },
): string {
  const port = beside.readyPort.toString(16).toUpperCase().padStart(4, '0')
  return `( exec 3>&- 2>&7 5<&- 6>&- 7>&-; cd /data && ${launchLine(run, { ...env, ...beside.env }, [beside.program, ...beside.argv.slice(1)])} ) &
beside=$!
tries=0
until grep -qE '^ *[0-9]+: [0-9A-F]+:${port} [0-9A-F]+:0000 0A' /proc/net/tcp /proc/net/tcp6; do
  tries=$((tries + 1))
  # One that has ended may have left a server behind that is about to listen; it gets a tenth of the time.
  kill -0 $beside 2>/dev/null || tries=$((tries + 9))
  if [ $tries -gt 250 ]; then kill -KILL -1; echo "beside ${beside.readyPort}" >&3; exit 71; fi
  sleep 0.02
done`
}

function readBackLines(path: string, index: number): string {
  const at = quoted(path)
  return `if [ -L ${at} ]; then echo "back ${index} not-a-file" >&3
elif [ -f ${at} ]; then echo "back ${index} present $(head -c ${readBackBytes + 1} ${at} | base64 | tr -d '\\n')" >&3
elif [ -e ${at} ]; then echo "back ${index} not-a-file" >&3
else echo "back ${index} absent" >&3
fi`
}
