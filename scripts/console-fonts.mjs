/**
 * Writes src/web/features/consoles/vnc/screen-text/console-fonts.json: the glyphs of console fonts, to
 * tell characters from pixels. Run by hand with the files of Debian's packages seabios and
 * console-setup-linux:
 *
 *   node scripts/console-fonts.mjs vgabios-stdvga.bin Lat15-Fixed16.psf.gz Lat15-VGA16.psf.gz
 *
 * None of them is anybody's: the first is from fntcol16.zip, whose fonts are in the public domain (as
 * SeaVGABIOS says of them, vgasrc/vgafonts.c), the second is X11's misc-fixed ("Public domain font.
 * Share and enjoy."). The third is UNI-VGA, under the X licence; THIRD-PARTY-NOTICES names it.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { gunzipSync } from 'node:zlib'

const target = fileURLToPath(
  new URL('../src/web/features/consoles/vnc/screen-text/console-fonts.json', import.meta.url),
)
const height = 16

/** Code page 437, with the signs that the screen shows for control codes. */
const codePage437 = [
  ' ☺☻♥♦♣♠•◘○◙♂♀♪♫☼►◄↕‼¶§▬↨↑↓→←∟↔▲▼',
  ' !"#$%&\'()*+,-./0123456789:;<=>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[\\]^_`abcdefghijklmnopqrstuvwxyz{|}~⌂',
  'ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜ¢£¥₧ƒáíóúñÑªº¿⌐¬½¼¡«»░▒▓│┤╡╢╖╕╣║╗╝╜╛┐',
  '└┴┬├─┼╞╟╚╔╩╦╠═╬╧╨╤╥╙╘╒╓╫╪┘┌█▄▌▐▀αßΓπΣσµτΦΘΩδ∞φε∩≡±≥≤⌠⌡÷≈°∙·√ⁿ²■ ',
].join('')

const [bios, fixed, vga] = process.argv.slice(2)
writeFileSync(
  target,
  `${JSON.stringify(
    [
      { name: 'VGA ROM', characters: codePage437, glyphs: glyphsOfBios(readFileSync(bios)) },
      { name: 'Fixed 8x16', ...readPsf(gunzipSync(readFileSync(fixed))) },
      { name: 'UNI-VGA 8x16', ...readPsf(gunzipSync(readFileSync(vga))) },
    ],
    undefined,
    2,
  )}\n`,
)

/** Found by its capital A. */
function glyphsOfBios(file) {
  const start = file.indexOf('000010386cc6c6fec6c6c6c600000000', 'hex') - 0x41 * height
  return file.toString('base64', start, start + 256 * height)
}

/** PSF 1 with 256 glyphs and a Unicode table (kbd, psfaddtable). */
function readPsf(file) {
  if (file.readUInt16LE(0) !== 0x0436 || file[3] !== height) throw new Error('another kind of PSF')
  if (file[2] & 1) throw new Error('512 glyphs are not foreseen')
  const tableStart = 4 + 256 * height
  let characters = ''
  let isFirst = true
  for (let at = tableStart; at < file.length; at += 2) {
    const unit = file.readUInt16LE(at)
    if (unit === 0xffff) {
      // A glyph of no character is never one that is read.
      if (isFirst) characters += '\0'
      isFirst = true
    } else if (isFirst) {
      characters += String.fromCharCode(unit)
      isFirst = false
    }
  }
  return { characters, glyphs: file.toString('base64', 4, tableStart) }
}
