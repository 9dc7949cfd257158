/**
 * What a guest calls itself. The guest agent reads `/etc/os-release`, so a stand-in for another
 * system only has to carry the right one.
 */
import type { GuestConfig, GuestOsInfo } from './guest.ts'

export type OsRelease = Pick<GuestOsInfo, 'id' | 'name' | 'prettyName' | 'version' | 'versionId'>

/**
 * Derives os-release fields from `osName`, e.g. `Fedora Linux 41 (Cloud Edition)` → id `fedora`,
 * version `41 (Cloud Edition)`. Windows reports as qemu-ga's Windows build does: id `mswindows`,
 * name `Microsoft Windows` (qga/commands-win32.c, qmp_guest_get_osinfo).
 */
export function osRelease({ os, osName }: Pick<GuestConfig, 'os' | 'osName'>): OsRelease {
  const versionId = /\d+(?:\.\d+)*/.exec(osName)?.[0] ?? ''
  if (os === 'windows') {
    const product = osName.replace(/^Microsoft /, '')
    const edition = / (Standard|Datacenter|Essentials|Pro|Enterprise|Home)\b.*$/
    return {
      id: 'mswindows',
      name: 'Microsoft Windows',
      prettyName: product,
      version: `Microsoft ${product.replace(edition, '')}`,
      versionId,
    }
  }
  const versionStart = versionId === '' ? osName.length : osName.indexOf(versionId)
  const name = osName.slice(0, versionStart).trim() || osName
  return {
    id: (/^[A-Za-z]+/.exec(osName)?.[0] ?? 'linux').toLowerCase(),
    name,
    prettyName: osName,
    version: osName.slice(versionStart).trim(),
    versionId,
  }
}

/** The text of `/etc/os-release`; values are quoted for a shell. */
export function osReleaseFile(release: OsRelease): string {
  const fields = {
    PRETTY_NAME: release.prettyName,
    NAME: release.name,
    ID: release.id,
    VERSION: release.version,
    VERSION_ID: release.versionId,
  }
  return Object.entries(fields)
    .filter(([, value]) => value !== '')
    .map(([key, value]) => `${key}="${value.replace(/["$`\\]/g, '\\$&')}"\n`)
    .join('')
}
