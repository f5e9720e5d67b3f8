// Contract: core/contract/http-api.yaml as something that answers can be held against. Every keyword in it is understood
// or refused, and an object that has more properties than the contract names is a finding.
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

import Ajv2020, { type ValidateFunction } from 'ajv/dist/2020'
import { parse } from 'yaml'

type Schema = Record<string, unknown>

export interface Parameter {
  name: string
  in: 'path' | 'query'
  required?: boolean
  schema: { type: string; enum?: string[]; default?: unknown }
}

export interface Operation {
  id: string
  method: string // upper case
  path: string // /api/v1/sites/{site}/meters
  parameters: Parameter[]
  takesBody: boolean
  responses: Record<string, { content?: Record<string, { schema: Schema }> }>
}

export interface Answer {
  status: number
  contentType: string
  text: string
}

// What info.description says any path may answer.
const kAnywhere = ['401', '403', '404', '405', '413', '500']
const kSilent = ['description', 'example', 'default']
const kTaken = ['type', 'enum', 'required', 'minimum', 'maximum', 'pattern', 'minLength', 'maxLength', 'minItems', 'maxItems', 'additionalProperties']

export class Contract {
  readonly operations: Operation[] = []
  readonly #document: Record<string, unknown>
  readonly #ajv = new Ajv2020({ strict: true, strictTypes: false, strictRequired: false, allErrors: true })
  readonly #compiled = new Map<string, ValidateFunction>()

  constructor(text: string) {
    this.#document = parse(text) as Record<string, unknown>
    const paths = this.#document['paths'] as Record<string, Record<string, Record<string, unknown>>>
    for (const [path, methods] of Object.entries(paths)) {
      const shared = (methods['parameters'] ?? []) as unknown as Schema[]
      for (const [method, said] of Object.entries(methods)) {
        if (method === 'parameters') continue
        const responses = Object.entries(said['responses'] as Record<string, Schema>)
        this.operations.push({
          id: String(said['operationId']),
          method: method.toUpperCase(),
          path,
          parameters: [...shared, ...((said['parameters'] ?? []) as Schema[])].map((one) => this.#resolve(one) as unknown as Parameter),
          takesBody: 'requestBody' in said,
          responses: Object.fromEntries(responses.map(([status, one]) => [status, this.#resolve(one)])),
        })
      }
    }
  }

  static read(): Contract {
    return new Contract(readFileSync(fileURLToPath(new URL('../../core/contract/http-api.yaml', import.meta.url)), 'utf8'))
  }

  // What is wrong with an answer; none: it is what the contract says.
  findings(operation: Operation, answer: Answer): string[] {
    const status = String(answer.status)
    const said = operation.responses[status]
    if (!said && !kAnywhere.includes(status)) return [`status ${status} is not in the contract`]
    const content = said?.content ?? { 'application/json': { schema: { $ref: '#/components/schemas/Error' } } }
    const type = answer.contentType.split(';')[0]!.trim()
    const wanted = content[type]
    if (!wanted) return [`content type ${type} is not in the contract`]
    if (type !== 'application/json') return []
    let body: unknown
    try {
      body = JSON.parse(answer.text)
    } catch {
      return ['the body is no JSON']
    }
    const key = said ? `${operation.id} ${status}` : 'Error'
    let validate = this.#compiled.get(key)
    if (!validate) {
      validate = this.#ajv.compile(this.#convert(wanted.schema, true))
      this.#compiled.set(key, validate)
    }
    if (validate(body)) return []
    return validate.errors!.map((one) => `${one.instancePath || '/'} ${one.message} ${JSON.stringify(one.params)}`)
  }

  #resolve(schema: Schema): Schema {
    const reference = schema['$ref']
    if (typeof reference !== 'string') return schema
    let found: unknown = this.#document
    for (const part of reference.slice(2).split('/')) found = (found as Schema)[part]
    if (!found) throw new Error(`${reference} is not there`)
    return this.#resolve(found as Schema)
  }

  // OpenAPI 3.0 to JSON Schema 2020-12; `closed`: no properties but those named.
  #convert(given: Schema, closed: boolean): Schema {
    const schema = this.#resolve(given)
    const out: Schema = {}
    for (const [keyword, value] of Object.entries(schema)) {
      if (kTaken.includes(keyword)) out[keyword] = value
      else if (keyword === 'format' && value === 'uuid') out['pattern'] = '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$'
      else if (keyword === 'format' && value === 'binary') continue // no JSON
      else if (keyword === 'format' && value === 'date') out['pattern'] = '^\\d{4}-\\d{2}-\\d{2}$'
      else if (keyword === 'items') out['items'] = this.#convert(value as Schema, true)
      else if (keyword === 'allOf') out['allOf'] = (value as Schema[]).map((part) => this.#convert(part, false))
      else if (keyword === 'properties') {
        out['properties'] = Object.fromEntries(
          Object.entries(value as Record<string, Schema>).map(([name, one]) => [name, this.#convert(one, true)]))
      } else if (keyword !== 'nullable' && !kSilent.includes(keyword)) throw new Error(`keyword ${keyword} is not understood`)
    }
    const isObject = 'properties' in out || 'allOf' in out
    if (closed && isObject && !('additionalProperties' in out)) out['unevaluatedProperties'] = false
    return schema['nullable'] === true ? { anyOf: [{ type: 'null' }, out] } : out
  }
}
