import { describe, expect, it } from 'vitest'

import {
  countControls,
  countLines,
  needsQuestion,
  restoreControls,
  showControls,
  withoutPictures,
} from './paste-check.ts'

describe('paste', () => {
  it.each([
    ['ls -l', false],
    ['ls -l\n', false],
    ['ls -l\r\n', false],
    ['one\ntwo', true],
    ['one\rtwo', true],
    ['rm -rf /\u001b[201~\u0008', true],
    ['a\tb', false],
  ])('asks before %j: %s', (text, expected) => {
    expect(needsQuestion(text)).toBe(expected)
  })

  it('counts lines and control characters', () => {
    expect(countLines('a\nb\r\nc\n')).toBe(3)
    expect(countControls('a\u001b[1mb\u0007\n\t')).toBe(2)
  })

  it('shows control characters, and leaves them out or restores them', () => {
    const text = 'a\u001b[31mb\u007f\n'
    expect(showControls(text)).toBe('a␛[31mb␡\n')
    expect(restoreControls(showControls(text))).toBe(text)
    expect(withoutPictures(showControls(text))).toBe('a[31mb\n')
  })
})
