import { posix, win32 } from 'node:path'
import { UserError } from '@upkeep/contract'

/** How it is known that a file is ours: nothing without this line is ever overwritten or removed. */
export const mark = 'upkeep: made by "upkeep schedule on"; "upkeep schedule off" removes it'

/** A file of a scheduler, and the commands that make it count. */
export interface SchedulePlan {
  scheduler: 'systemd' | 'launchd' | 'task-scheduler'
  /** Whether this was ever run on such a system. */
  tested: boolean
  files: readonly { path: string; text: string }[]
  /** Run after writing; on a scheduler that was never tested they are shown, not run. */
  start: readonly (readonly string[])[]
  stop: readonly (readonly string[])[]
}

export interface ScheduleInput {
  platform: string
  home: string
  env: Readonly<Record<string, string | undefined>>
  nodePath: string
  programPath: string
  /** Full path of the configuration to use, when one was named. */
  config: string | null
  stateDir: string
}

/** The plan for this system: what is due is looked for once an hour at most, and after every start; the duties have their own cadences. */
export function schedulePlan(input: ScheduleInput): SchedulePlan {
  for (const path of [input.nodePath, input.programPath, input.config ?? '', input.stateDir]) {
    if (/[\p{Cc}]/u.test(path))
      throw new UserError('bad-input', 'A path holds control characters.', 'Move it to a plain path.')
  }
  if (input.platform === 'linux') return systemdPlan(input)
  if (input.platform === 'darwin') return launchdPlan(input)
  if (input.platform === 'win32') return taskPlan(input)
  throw new UserError(
    'schedule-unsupported',
    'No scheduler of this system is known here.',
    'Run "upkeep daemon", or "upkeep" from cron.',
  )
}

function command(input: ScheduleInput): string[] {
  const config = input.config === null ? [] : ['--config', input.config]
  return [input.nodePath, input.programPath, ...config, '--unattended']
}

function systemdPlan(input: ScheduleInput): SchedulePlan {
  const base = input.env.XDG_CONFIG_HOME
  const config = base !== undefined && posix.isAbsolute(base) ? base : posix.join(input.home, '.config')
  const folder = posix.join(config, 'systemd', 'user')
  const service = `# ${mark}
[Unit]
Description=upkeep: run the maintenance duties that are due
Documentation=man:systemd.timer(5)

[Service]
Type=oneshot
Environment=${unitWord(`UPKEEP_HOME=${input.stateDir}`)}
ExecStart=${command(input).map(unitWord).join(' ')}
# Findings (1) and what could not be judged (3) are results, not failures of the service.
SuccessExitStatus=1 3
Nice=10
NoNewPrivileges=yes
`
  const timer = `# ${mark}
[Unit]
Description=upkeep: once an hour, and after a sleep

[Timer]
OnCalendar=hourly
RandomizedDelaySec=5min
Persistent=true

[Install]
WantedBy=timers.target
`
  return {
    scheduler: 'systemd',
    tested: true,
    files: [
      { path: posix.join(folder, 'upkeep.service'), text: service },
      { path: posix.join(folder, 'upkeep.timer'), text: timer },
    ],
    start: [
      ['systemctl', '--user', 'daemon-reload'],
      ['systemctl', '--user', 'enable', '--now', 'upkeep.timer'],
    ],
    stop: [
      ['systemctl', '--user', 'disable', '--now', 'upkeep.timer'],
      ['systemctl', '--user', 'daemon-reload'],
    ],
  }
}

/** One word of a unit file: specifiers and variables are not expanded, quotes and blanks stay inside. */
function unitWord(text: string): string {
  const escaped = text.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('%', '%%').replaceAll('$', '$$$$')
  return `"${escaped}"`
}

function launchdPlan(input: ScheduleInput): SchedulePlan {
  const path = posix.join(input.home, 'Library', 'LaunchAgents', 'mcp-upkeep.plist')
  const words = command(input)
    .map((word) => `    <string>${xmlText(word)}</string>\n`)
    .join('')
  const text = `<?xml version="1.0" encoding="UTF-8"?>
<!-- ${mark} -->
<!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">
<plist version="1.0">
<dict>
  <key>Label</key><string>mcp-upkeep</string>
  <key>ProgramArguments</key>
  <array>
${words}  </array>
  <key>EnvironmentVariables</key>
  <dict><key>UPKEEP_HOME</key><string>${xmlText(input.stateDir)}</string></dict>
  <key>StartInterval</key><integer>3600</integer>
  <key>RunAtLoad</key><true/>
  <key>ProcessType</key><string>Background</string>
</dict>
</plist>
`
  return {
    scheduler: 'launchd',
    tested: false,
    files: [{ path, text }],
    start: [['launchctl', 'load', '-w', path]],
    stop: [['launchctl', 'unload', '-w', path]],
  }
}

function taskPlan(input: ScheduleInput): SchedulePlan {
  const folder = input.env.LOCALAPPDATA ?? win32.join(input.home, 'AppData', 'Local')
  const path = win32.join(folder, 'upkeep', 'upkeep-task.xml')
  const [program = '', ...rest] = command(input)
  const words = rest.map((word) => `"${word.replaceAll('"', '')}"`).join(' ')
  const text = `<?xml version="1.0" encoding="UTF-8"?>
<!-- ${mark} -->
<Task version="1.3" xmlns="http://schemas.microsoft.com/windows/2004/02/mit/task">
  <RegistrationInfo><Description>upkeep: run the maintenance duties that are due</Description></RegistrationInfo>
  <Triggers>
    <TimeTrigger><Enabled>true</Enabled><StartBoundary>2026-01-01T00:00:00</StartBoundary><Repetition><Interval>PT1H</Interval></Repetition></TimeTrigger>
  </Triggers>
  <Settings>
    <MultipleInstancesPolicy>IgnoreNew</MultipleInstancesPolicy>
    <StartWhenAvailable>true</StartWhenAvailable>
    <DisallowStartIfOnBatteries>false</DisallowStartIfOnBatteries>
    <ExecutionTimeLimit>PT30M</ExecutionTimeLimit>
  </Settings>
  <Actions><Exec><Command>${xmlText(program)}</Command><Arguments>${xmlText(words)}</Arguments></Exec></Actions>
</Task>
`
  return {
    scheduler: 'task-scheduler',
    tested: false,
    files: [{ path, text }],
    start: [['schtasks', '/Create', '/TN', 'mcp-upkeep', '/XML', path]],
    stop: [['schtasks', '/Delete', '/TN', 'mcp-upkeep', '/F']],
  }
}

function xmlText(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;')
}
