// What people type in full width (９, Ａ, －) as the half width it stands for: digits, letters and the signs between them.
// Brackets and other punctuation of sentences stay. Pure.
export const halfWidth = (typed: string): string =>
  typed.replace(/[０-９Ａ-Ｚａ-ｚ－．，：／＋]/g, (c) => String.fromCharCode(c.charCodeAt(0) - 0xfee0)).replace(/\u3000/g, ' ')
