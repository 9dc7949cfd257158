import { readFileSync } from 'node:fs'

/**
 * What a process has used of all cores so far, from Linux' process files; elsewhere NaN.
 * @param {number} pid
 * @returns {number} ms, in steps of 10
 */
export function cpuTimeMs(pid) {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1].split(' ')
    return (Number(fields[11]) + Number(fields[12])) * 10
  } catch {
    return Number.NaN
  }
}
