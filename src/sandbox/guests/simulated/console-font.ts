import { inflateSync } from 'node:zlib'

/** Size of a glyph's cell in pixels. */
export const glyphWidth = 8
export const glyphHeight = 16

/**
 * The ASCII glyphs of the X Window System's misc-fixed 8x13 ("Public domain font. Share and
 * enjoy."), one byte a row, most significant bit left, padded to 16 rows; deflated, in base64.
 */
const packedGlyphs = [
  'eNptVLFq8zAQNsKDhlA0ZPAQqAkaTCePxogihAgmQzGhdMpQ8gQZMxgR9Ah+jD5In+Z/hvKfZEknp/0Sgz9/p9Od7nRF',
  '8QtsQcEC55yvDTg38EsfmRjHbru9Rfv9iVPK+ItOC9phaI+6R/8rdyVYM0ZpGXjtCHyq43aVqfhDhNODD0DXSiTTH2l1',
  'YQkhJWW1vN+DUHHlwKto2I7+AKIPoRQpq1qawA2s3xGiRIx/s+VamzLGb6Q8XzJ9V7sPKnG33qVXo3/lH+SHHoLs1qGn',
  '+MNrytenw2hJMFfj/wHSiS7jPB9KC4r87fRxlCI/DwNP4DettH+SvXRI8YLmkHTIX97gMQ9c5uvfIMfAVdgu7jeFBozn',
  '/1x66HgeSg/j5zjoaC8D4n7Wfn/Ns7U2+b+cjgf0L9SCGP8E79MqPofTUZBMz/Zz8Yusvj8s3hjMJ/dvrda6aRqWuLXz',
  'PH9p1BvW6BSv55k/s/Rryk/UC6L/+91XmMT63+iCWA/wXfyJn0WmvxVBXrE+cmnfyznTVVZ/Qkh/UGjvdYP6bl/XkwsY',
  '9V7rTopgEfyn+sDgafP6F2Wx8Q0QOgDs9XDFerQP/QL4B+c7W+Rr/6HEYqVfztgBBeTjrmC6Uef9On6h2g2uX9Lb71DX',
  'Dv2KY/19ibP6u5bhFdy6jPsRgDsY1wGx/k8wH1sYIE/reZ365QrTZQMj9Brn5/uAnv8DjTKa8g==',
].join('')

const glyphs = inflateSync(Buffer.from(packedGlyphs, 'base64'))
const missing = '?'

/** The rows of one character's glyph; characters outside ASCII show as a question mark. */
export function glyphRows(character: string): Uint8Array {
  const known = /^[ -~]$/.test(character) ? character : missing
  const start = (known.charCodeAt(0) - 0x20) * glyphHeight
  return glyphs.subarray(start, start + glyphHeight)
}
