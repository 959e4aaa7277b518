import { describe, expect, test } from 'vitest'
import { requirementsTxt, uvLock } from './python-locks.ts'

const lock = `version = 1
requires-python = ">=3.12"

[[package]]
name = "my-server"
version = "0.1.0"
source = { editable = "." }
dependencies = [{ name = "mcp" }]

[[package]]
name = "Mcp_Server.Git"
version = "1.9.0"
source = { registry = "https://pypi.org/simple" }
sdist = { url = "https://files.example/x.tar.gz", hash = "sha256:00" }

[[package]]
name = "from-git"
version = "1.0.0"
source = { git = "https://x.example/y?rev=z#1" }
`

describe('uvLock', () => {
  test('packages of a registry, under the name that all spellings have', () => {
    expect(uvLock(lock)).toEqual({ packages: [{ name: 'mcp-server-git', version: '1.9.0' }], problems: [] })
  })

  test.each([
    ['no TOML', 'name = "secret', 'not well formed TOML, line 1'],
    ['no packages', 'version = 1', 'names no packages'],
  ])('%s is said without quoting it', (_name, text, why) => {
    const { packages, problems } = uvLock(text)
    expect(packages).toEqual([])
    expect(problems.join()).toContain(why)
    expect(problems.join()).not.toContain('secret')
  })
})

describe('requirementsTxt', () => {
  test('what is pinned, with marks, hashes, extras and comments', () => {
    const text = [
      '# comment',
      'mcp[cli]==1.9.0 ; python_version >= "3.10"  # why',
      'anyio === 4.0.0 \\',
      '    --hash=sha256:00 \\',
      '    --hash=sha256:01',
      '--index-url https://user:secret@x.example/simple',
      '',
    ].join('\n')
    expect(requirementsTxt(text)).toEqual({
      packages: [
        { name: 'mcp', version: '1.9.0' },
        { name: 'anyio', version: '4.0.0' },
      ],
      problems: [],
    })
  })

  test('what pins nothing and what leads elsewhere is counted, never quoted', () => {
    const { packages, problems } = requirementsTxt(
      'mcp>=1.0\nhttpx\n-r base.txt\n-e .\ngit+https://t0ken@x.example/y\n',
    )
    expect(packages).toEqual([])
    expect(problems).toEqual([
      'requirements.txt: 2 lines pin no version',
      'requirements.txt: 3 lines lead elsewhere and are not followed',
    ])
  })
})
