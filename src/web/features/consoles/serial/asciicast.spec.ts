// @vitest-environment jsdom

import { expect, it } from 'vitest'

import { startRecording } from './asciicast.ts'

const encode = (text: string) => new TextEncoder().encode(text)

function text(file: Blob): Promise<string> {
  return new Promise((resolve) => {
    const reader = new FileReader()
    reader.addEventListener('load', () => resolve(reader.result as string))
    reader.readAsText(file)
  })
}

async function read(file: Blob): Promise<unknown[]> {
  return (await text(file))
    .trimEnd()
    .split('\n')
    .map((line): unknown => JSON.parse(line))
}

it('records output with its times, sizes and marks', async () => {
  let time = 5000
  const recorder = startRecording({
    columns: 80,
    rows: 24,
    title: 'demo/web-1',
    screen: 'login: ',
    now: () => time,
    onFull: () => {},
  })
  time += 1500
  recorder.output(encode('root\r\n'))
  time += 250
  recorder.resize({ columns: 100, rows: 30 })
  recorder.mark('reconnected')
  const [header, ...events] = await read(recorder.finish())
  expect(header).toMatchObject({ version: 2, width: 80, height: 24, title: 'demo/web-1' })
  expect(events).toEqual([
    [0, 'o', 'login: '],
    [1.5, 'o', 'root\r\n'],
    [1.75, 'r', '100x30'],
    [1.75, 'm', 'reconnected'],
  ])
})

it('puts a character together that came in two pieces', async () => {
  const recorder = startRecording({
    columns: 80,
    rows: 24,
    title: '',
    screen: '',
    onFull: () => {},
  })
  const bytes = encode('é')
  recorder.output(bytes.subarray(0, 1))
  recorder.output(bytes.subarray(1))
  expect((await read(recorder.finish())).slice(1)).toMatchObject([[expect.any(Number), 'o', 'é']])
})

it('stops at its limit and says so', async () => {
  let isFull = false
  const recorder = startRecording({
    columns: 80,
    rows: 24,
    title: '',
    screen: '',
    limitCharacters: 100,
    onFull: () => (isFull = true),
  })
  for (let count = 0; count < 20; count += 1) recorder.output(encode('0123456789'))
  expect(isFull).toBe(true)
  expect((await text(recorder.finish())).length).toBeLessThan(300)
})
