// The value axis of a chart: round ends, round steps, and one number of decimals for all its labels. Pure.

export interface ValueAxis {
  min: number
  max: number
  step: number
  decimals: number
}

const kAboutSteps = 6

// The round number (1, 2 or 5 times a power of ten) nearest above `rough`.
function roundStep(rough: number): { step: number; decimals: number } {
  const power = Math.floor(Math.log10(rough) + 1e-9)
  const base = 10 ** power
  const factor = [1, 2, 5, 10].find((f) => f * base >= rough * (1 - 1e-9)) ?? 10
  const exponent = factor === 10 ? power + 1 : power
  return { step: factor * base, decimals: Math.max(0, -exponent) }
}

// Covers all values with room at neither end wasted; a constant series lies in the middle.
export function valueAxis(values: number[]): ValueAxis {
  let [low, high] = [Infinity, -Infinity]
  for (const value of values) {
    low = Math.min(low, value)
    high = Math.max(high, value)
  }
  if (low > high) [low, high] = [0, 1]
  if (low === high) {
    const half = Math.max(Math.abs(low) * 0.01, 0.5)
    ;[low, high] = [low - half, high + half]
  }
  const { step, decimals } = roundStep((high - low) / kAboutSteps)
  const tidy = (n: number) => Number(n.toFixed(decimals))
  return {
    min: tidy(Math.floor(low / step + 1e-9) * step),
    max: tidy(Math.ceil(high / step - 1e-9) * step),
    step: tidy(step),
    decimals,
  }
}
