// An upload in pieces (分片上传): which piece is next, and what to do when one is refused. Pure.
import type { Failure } from '@/api/client'
import type { Upload } from '@/api/types'

export const kPieceBytes = 1_048_576
export const kMostBytes = 209_715_200

export type SizeFault = 'empty' | 'tooLarge'
export function sizeFault(bytes: number): SizeFault | null {
  if (bytes === 0) return 'empty'
  return bytes > kMostBytes ? 'tooLarge' : null
}

// The server counts bytes: 66 characters of Chinese, 200 of English.
export const kMostNameBytes = 200
export const isNameTooLong = (name: string): boolean => new TextEncoder().encode(name.trim()).length > kMostNameBytes

export function nextPiece(upload: Pick<Upload, 'received' | 'bytes'>): { from: number; to: number } | null {
  if (upload.received >= upload.bytes) return null
  return { from: upload.received, to: Math.min(upload.bytes, upload.received + kPieceBytes) }
}

// ask: how far it is, then go on there · later: the line or the disk may come back · again: the box no longer knows the
// upload, so it begins anew · stop: a person has to look
export type Recovery = 'ask' | 'later' | 'again' | 'stop'
export function recovery(failure: Failure): Recovery {
  if (failure.kind !== 'http') return 'later'
  if (failure.status === 409) return 'ask'
  if (failure.status === 404) return 'again'
  return failure.status === 503 || failure.status === 401 ? 'later' : 'stop'
}

// An unfinished upload goes on only with the very file it began with, as far as that can be told.
export const continues = (upload: Pick<Upload, 'name' | 'bytes'>, file: { name: string; size: number }): boolean =>
  upload.name === file.name && upload.bytes === file.size
