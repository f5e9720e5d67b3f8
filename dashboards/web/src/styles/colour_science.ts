// Colour measures for palette.test.ts: WCAG 2 contrast, CIEDE2000 (Sharma, Wu, Dalal 2005), colour-vision deficiency
// after Machado, Oliveira, Fernandes 2009 at full severity, applied to linear sRGB.

export type Rgb = readonly [number, number, number]
export type Vision = 'normal' | 'protan' | 'deutan' | 'tritan'

const machado: Record<Exclude<Vision, 'normal'>, readonly Rgb[]> = {
  protan: [
    [0.152286, 1.052583, -0.204868],
    [0.114503, 0.786281, 0.099216],
    [-0.003882, -0.048116, 1.051998],
  ],
  deutan: [
    [0.367322, 0.860646, -0.227968],
    [0.280085, 0.672501, 0.047413],
    [-0.01182, 0.04294, 0.968881],
  ],
  tritan: [
    [1.255528, -0.076749, -0.178779],
    [-0.078411, 0.930809, 0.147602],
    [0.004733, 0.691367, 0.3039],
  ],
}

const rgbToXyz: readonly Rgb[] = [
  [0.4124564, 0.3575761, 0.1804375],
  [0.2126729, 0.7151522, 0.072175],
  [0.0193339, 0.119192, 0.9503041],
]
const whiteD65: Rgb = [0.95047, 1, 1.08883]

function apply(matrix: readonly Rgb[], v: Rgb): Rgb {
  const row = (r: Rgb) => r[0] * v[0] + r[1] * v[1] + r[2] * v[2]
  return [row(matrix[0]!), row(matrix[1]!), row(matrix[2]!)]
}

// "#RRGGBB" as linear light, 0 to 1.
export function linearRgb(hex: string): Rgb {
  const channel = (at: number) => {
    const c = parseInt(hex.slice(at, at + 2), 16) / 255
    return c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4
  }
  return [channel(1), channel(3), channel(5)]
}

export function contrast(a: string, b: string): number {
  const luminance = (hex: string) => {
    const [r, g, blue] = linearRgb(hex)
    return 0.2126 * r + 0.7152 * g + 0.0722 * blue
  }
  const [low, high] = [luminance(a), luminance(b)].sort((x, y) => x - y) as [number, number]
  return (high + 0.05) / (low + 0.05)
}

function lab(hex: string, vision: Vision): Rgb {
  const seen = vision === 'normal' ? linearRgb(hex) : apply(machado[vision], linearRgb(hex))
  const clamped = seen.map((c) => Math.min(1, Math.max(0, c))) as unknown as Rgb
  const xyz = apply(rgbToXyz, clamped)
  const f = (t: number) => (t > 216 / 24389 ? Math.cbrt(t) : (24389 / 27 / 116) * t + 16 / 116)
  const [x, y, z] = [f(xyz[0] / whiteD65[0]), f(xyz[1] / whiteD65[1]), f(xyz[2] / whiteD65[2])]
  return [116 * y - 16, 500 * (x - y), 200 * (y - z)]
}

const radians = (degrees: number) => (degrees * Math.PI) / 180

function hueDegrees(a: number, b: number): number {
  if (a === 0 && b === 0) return 0
  const h = (Math.atan2(b, a) * 180) / Math.PI
  return h < 0 ? h + 360 : h
}

export function deltaE2000(hexA: string, hexB: string, vision: Vision = 'normal'): number {
  const [l1, a1, b1] = lab(hexA, vision)
  const [l2, a2, b2] = lab(hexB, vision)
  const meanC = (Math.hypot(a1, b1) + Math.hypot(a2, b2)) / 2
  const g = 0.5 * (1 - Math.sqrt(meanC ** 7 / (meanC ** 7 + 25 ** 7)))
  const [ap1, ap2] = [(1 + g) * a1, (1 + g) * a2]
  const [c1, c2] = [Math.hypot(ap1, b1), Math.hypot(ap2, b2)]
  const [h1, h2] = [hueDegrees(ap1, b1), hueDegrees(ap2, b2)]

  let dh = 0
  if (c1 * c2 !== 0) {
    dh = h2 - h1
    if (dh > 180) dh -= 360
    else if (dh < -180) dh += 360
  }
  const dL = l2 - l1
  const dC = c2 - c1
  const dH = 2 * Math.sqrt(c1 * c2) * Math.sin(radians(dh) / 2)

  const mL = (l1 + l2) / 2
  const mC = (c1 + c2) / 2
  let mH = h1 + h2
  if (c1 * c2 !== 0) {
    if (Math.abs(h1 - h2) <= 180) mH = (h1 + h2) / 2
    else mH = h1 + h2 < 360 ? (h1 + h2 + 360) / 2 : (h1 + h2 - 360) / 2
  }
  const t =
    1 -
    0.17 * Math.cos(radians(mH - 30)) +
    0.24 * Math.cos(radians(2 * mH)) +
    0.32 * Math.cos(radians(3 * mH + 6)) -
    0.2 * Math.cos(radians(4 * mH - 63))
  const sL = 1 + (0.015 * (mL - 50) ** 2) / Math.sqrt(20 + (mL - 50) ** 2)
  const sC = 1 + 0.045 * mC
  const sH = 1 + 0.015 * mC * t
  const rC = 2 * Math.sqrt(mC ** 7 / (mC ** 7 + 25 ** 7))
  const rT = -Math.sin(radians(60 * Math.exp(-(((mH - 275) / 25) ** 2)))) * rC
  return Math.sqrt((dL / sL) ** 2 + (dC / sC) ** 2 + (dH / sH) ** 2 + rT * (dC / sC) * (dH / sH))
}
