import { describe, expect, test } from 'vitest'
import { imageSystem } from './image-system.ts'

function systemOf(files: Record<string, string>) {
  return imageSystem(new Map(Object.entries(files).map(([path, text]) => [path, new TextEncoder().encode(text)])))
}
const release = (text: string) => systemOf({ 'etc/os-release': text })

describe('which distribution an image is of', () => {
  test.each([
    ['NAME="Alpine Linux"\nID=alpine\nVERSION_ID=3.18.4\n', 'Alpine:v3.18', 'alpine 3.18.4'],
    ['PRETTY_NAME="Debian GNU/Linux 12 (bookworm)"\nVERSION_ID="12"\nID=debian\n', 'Debian:12', 'debian 12'],
    ["ID='ubuntu'\nVERSION_ID='22.04'\n", 'Ubuntu:22.04:LTS', 'ubuntu 22.04'],
    ['ID=ubuntu\nVERSION_ID="23.04"', 'Ubuntu:23.04', 'ubuntu 23.04'],
    ['ID=ubuntu\nVERSION_ID="24.10"', 'Ubuntu:24.10', 'ubuntu 24.10'],
    ['ID=wolfi\nVERSION_ID="20230201"', 'Wolfi', 'wolfi 20230201'],
    ['ID=chainguard\nVERSION_ID="20230214"', 'Chainguard', 'chainguard 20230214'],
    ['ID=alpine\nVERSION_ID=3.21_alpha20240923\n', null, 'alpine 3.21_alpha20240923'],
    ['ID=debian\nVERSION_CODENAME=sid\n', null, 'debian'],
    ['ID=raspbian\nID_LIKE=debian\nVERSION_ID="11"', null, 'raspbian 11'],
    ['ID=fedora\nVERSION_ID=40', null, 'fedora 40'],
    ['', null, 'nothing'],
    ['ID=\u001b[2Jdebian\nVERSION_ID="12"', null, '??2Jdebian 12'],
  ])('%j', (text, distribution, says) => {
    expect(release(text)).toEqual({ distribution, says })
  })

  test.each([
    [{ 'etc/alpine-release': '3.17.2\n' }, 'Alpine:v3.17'],
    [{ 'etc/debian_version': '11.7\n' }, 'Debian:11'],
    [{ 'etc/debian_version': 'bookworm/sid\n' }, null],
    [{ 'usr/lib/os-release': 'ID=debian\nVERSION_ID=12' }, 'Debian:12'],
    [{ 'etc/os-release': 'ID=ubuntu\nVERSION_ID=22.04', 'etc/debian_version': 'bookworm/sid' }, 'Ubuntu:22.04:LTS'],
    [{ 'etc/os-release': 'ID=acme\nVERSION_ID=1', 'etc/alpine-release': '3.17.2' }, null],
  ])('%j', (files, distribution) => {
    expect(systemOf(files)?.distribution).toBe(distribution)
  })

  test('an image without any of these files is of none', () => {
    expect(systemOf({})).toBeUndefined()
  })
})
