/** What is in pictures and films that the page has saved. */
import { expect, type Page } from '@playwright/test'

/** Width and height of a PNG, from its header. */
export function pngSize(png: Buffer) {
  expect(png.subarray(1, 4).toString()).toBe('PNG')
  return { width: png.readUInt32BE(16), height: png.readUInt32BE(20) }
}

/** Plays a film in a page of its own, and says how red its first and its last picture are. */
export async function playFilm(page: Page, content: Buffer) {
  const result = await page.evaluate(async (base64) => {
    const bytes = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0))
    const video = document.createElement('video')
    video.muted = true
    video.src = URL.createObjectURL(new Blob([bytes], { type: 'video/webm' }))
    await new Promise((resolve, reject) => {
      video.addEventListener('loadeddata', resolve)
      video.addEventListener('error', () => reject(new Error(video.error?.message)))
    })
    const { duration, videoWidth: width, videoHeight: height } = video
    async function frameAt(time: number) {
      const seeked = new Promise((resolve) => video.addEventListener('seeked', resolve))
      video.currentTime = time
      await seeked
      const canvas = document.createElement('canvas')
      canvas.width = width
      canvas.height = height
      const drawing = canvas.getContext('2d')
      drawing?.drawImage(video, 0, 0)
      return drawing?.getImageData(0, 0, width, height).data ?? new Uint8ClampedArray()
    }
    const redShare = (pixels: Uint8ClampedArray) => {
      let red = 0
      for (let at = 0; at < pixels.length; at += 4)
        if ((pixels[at] ?? 0) > 120 && (pixels[at + 1] ?? 0) < 64) red += 1
      return (red * 4) / pixels.length
    }
    const redShares = [redShare(await frameAt(0.1)), redShare(await frameAt(duration - 0.1))]
    return { duration, width, height, redShares }
  }, content.toString('base64'))
  await page.close()
  return result
}
