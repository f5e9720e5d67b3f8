// The contract held against the running programs: every GET route with every answer that can be had of it, what the
// other routes answer to what is right and to what is wrong, in both languages. Needs what real.test.ts needs.
import { readFileSync, writeFileSync } from 'node:fs'

import { request, type APIRequestContext, type APIResponse } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'

import { Contract, type Operation, type Parameter } from './contract'

const contract = Contract.read()
const kHan = /\p{Script=Han}/u

describe('the contract', () => {
  const of = (text: string) => new Contract(`
openapi: 3.0.3
paths:
  /api/v1/things:
    get:
      operationId: listThings
      responses:
        '200': {description: things, content: {application/json: {schema: {$ref: '#/components/schemas/Things'}}}}
components:
  schemas:
    Error: {type: object, required: [error], properties: {error: {type: object, required: [code, message], properties: {code: {type: string}, message: {type: string}}}}}
    Base: {type: object, required: [id], properties: {id: {type: integer, minimum: 1}}}
${text}`)
  const kThings = `
    Things:
      type: object
      required: [things]
      properties:
        things:
          type: array
          items:
            allOf:
              - {$ref: '#/components/schemas/Base'}
              - {type: object, required: [kind, until], properties: {kind: {type: string, enum: [a, b]}, until: {type: integer, nullable: true}}}
`
  const findings = (body: unknown, status = 200, contentType = 'application/json') => {
    const one = of(kThings)
    return one.findings(one.operations[0]!, { status, contentType, text: typeof body === 'string' ? body : JSON.stringify(body) })
  }
  const thing = { id: 1, kind: 'a', until: null }

  test('takes what is right', () => {
    expect(findings({ things: [] })).toEqual([])
    expect(findings({ things: [thing, { ...thing, until: 5 }] })).toEqual([])
    expect(findings({ error: { code: 'not_found', message: 'm' } }, 404)).toEqual([])
  })

  test.each([
    ['a property that is missing', { things: [{ id: 1, kind: 'a' }] }, 200],
    ['one that the contract does not name', { things: [], more: 1 }, 200],
    ['one too many inside of allOf', { things: [{ ...thing, more: 1 }] }, 200],
    ['another type', { things: [{ ...thing, id: '1' }] }, 200],
    ['a fraction for a whole number', { things: [{ ...thing, id: 1.5 }] }, 200],
    ['a number that is too small', { things: [{ ...thing, id: 0 }] }, 200],
    ['a word that is not listed', { things: [{ ...thing, kind: 'c' }] }, 200],
    ['null where it is not allowed', { things: null }, 200],
    ['a status that is not listed', { things: [] }, 202],
    ['an error of another shape', { code: 'not_found' }, 404],
    ['what is no JSON', '{', 200],
  ])('refuses %s', (_, body, status) => {
    expect(findings(body, status)).not.toEqual([])
  })

  test('refuses another content type', () => {
    expect(findings({ things: [] }, 200, 'text/html')).not.toEqual([])
  })

  test('refuses a keyword that nobody would check', () => {
    const unknown = of("    Things: {type: object, properties: {}, maxProperties: 3}")
    expect(() => unknown.findings(unknown.operations[0]!, { status: 200, contentType: 'application/json', text: '{}' })).toThrow('maxProperties')
  })

  test('of the programs is understood as a whole', () => {
    for (const operation of contract.operations) {
      for (const status of Object.keys(operation.responses)) {
        contract.findings(operation, { status: Number(status), contentType: 'application/json', text: '{}' })
      }
    }
    expect(contract.operations.length).toBeGreaterThan(30)
  })
})

const programs = [
  { name: 'central', url: process.env['YB_E2E_CENTRAL_URL'], variable: 'YB_E2E_CENTRAL_URL' },
  { name: 'edge', url: process.env['YB_E2E_EDGE_URL'], variable: 'YB_E2E_EDGE_URL' },
] as const

// Both programs together answer each route; what one of them does not serve it answers with an error.
const answered = new Map<string, Set<number>>()

for (const { name, url, variable } of programs) {
  const title = url ? `answers of ${name}` : `answers of ${name} (skipped: ${variable} or YB_E2E_DEMO_DIR is not set)`
  describe.skipIf(!url || !process.env['YB_E2E_DEMO_DIR'])(title, () => {
    let admin: APIRequestContext
    let nobody: APIRequestContext
    const people = new Map<string, APIRequestContext>() // of the demonstration city, by name
    let site: string
    let path: Record<string, string> // a value for each parameter of a path

    const contextOf = (language: 'zh-CN' | 'en' = 'en') =>
      request.newContext({ baseURL: url!, ignoreHTTPSErrors: true, extraHTTPHeaders: { Origin: url!, 'Accept-Language': language } })
    const operationOf = (id: string): Operation => contract.operations.find((one) => one.id === id)!

    // Who may ask: the demonstration city keeps the three administrators apart.
    function whoFor(operation: Operation): APIRequestContext {
      const handler = name === 'edge' ? 'clerk' : 'approver1'
      const table: [string, RegExp][] = [
        ['security', /^\/api\/v1\/(users|sessions|directory)|\/erase$/],
        ['auditor', /^\/api\/v1\/audit/],
        [handler, /^\/api\/v1\/(cases|prints|uploads|scans|drafts)|\/cases\//],
      ]
      return people.get(table.find(([, paths]) => paths.test(operation.path))?.[0] ?? 'admin')!
    }

    async function checked(operation: Operation, answer: APIResponse, asked: string): Promise<APIResponse> {
      const text = await answer.text()
      const found = contract.findings(operation, { status: answer.status(), contentType: answer.headers()['content-type'] ?? '', text })
      expect(found, `${operation.method} ${asked} → ${answer.status()} ${text.slice(0, 400)}`).toEqual([])
      const statuses = answered.get(operation.id) ?? new Set()
      answered.set(operation.id, statuses.add(answer.status()))
      return answer
    }
    // Asks, and holds the answer against the contract.
    async function ask(who: APIRequestContext, operation: Operation, given: { path?: Record<string, string>; query?: Record<string, string>; body?: unknown } = {}) {
      const filled = operation.path.replace(/\{(\w+)\}/g, (_, key: string) => {
        const value = { ...path, ...given.path }[key]
        if (value === undefined) throw new Error(`say in contract.test.ts how a {${key}} is found (${operation.path})`)
        return encodeURIComponent(value)
      })
      const query = new URLSearchParams({ ...required(operation), ...given.query }).toString()
      const asked = filled + (query ? `?${query}` : '')
      return checked(operation, await who.fetch(asked, { method: operation.method, ...(given.body === undefined ? {} : { data: given.body }) }), asked)
    }
    // The last hour, where a time is asked for.
    function required(operation: Operation): Record<string, string> {
      const now = Date.now() * 1000
      const values: Record<string, string> = { from_us: String(now - 3600_000_000), to_us: String(now), from: '2026-03-02', working_days: '20' }
      const named = operation.parameters.filter((one) => one.in === 'query' && one.required)
      return Object.fromEntries(named.map((one) => [one.name, values[one.name]!]))
    }
    const queryOf = (operation: Operation, fits: (one: Parameter) => boolean) =>
      operation.parameters.filter((one) => one.in === 'query' && fits(one))

    beforeAll(async () => {
      nobody = await contextOf()
      const passwords = new Map(readFileSync(`${process.env['YB_E2E_DEMO_DIR']!}/passwords`, 'utf8').trim().split('\n').map((line) => {
        const at = line.indexOf('=')
        return [line.slice(0, at), line.slice(at + 1)] as const
      }))
      for (const person of ['admin', 'security', 'auditor', name === 'edge' ? 'clerk' : 'approver1']) {
        const context = await contextOf()
        const entered = await context.post('/api/v1/session', { data: { name: person, password: passwords.get(person) } })
        expect(entered.status(), person).toBe(200)
        people.set(person, context)
      }
      admin = people.get('admin')!
      site = await vi.waitFor(async () => {
        const { sites } = (await (await admin.get('/api/v1/sites')).json()) as { sites: { site: string; link: string }[] }
        const online = sites.find((one) => one.link === 'online')
        if (!online) throw new Error('no site is online')
        return online.site
      }, { timeout: 30_000, interval: 250 })
      // A register: consumption is of registers only.
      const point = await vi.waitFor(async () => {
        type Meters = { meters: { points: { point: number; kind: string; value: string | null }[] }[] }
        const { meters } = (await (await admin.get(`/api/v1/sites/${site}/meters`)).json()) as Meters
        const register = meters.flatMap((one) => one.points).find((one) => one.kind === 'register' && one.value !== null)
        if (!register) throw new Error('no register has a value')
        return register.point
      }, { timeout: 30_000, interval: 250 })
      path = { site, point: String(point), lane: 'history', line: 'line-1', version: '1', session: '1', user: '1', alarm: 'none',
        // Nothing is there under these: their answers are errors.
        case: 'none', file: '0'.repeat(64), job: 'none', upload: 'none', offset: '0', name: 'none', draft: 'none' }
    })
    afterAll(async () => {
      for (const context of people.values()) await context.dispose()
      await nobody.dispose()
    })

    const gets = contract.operations.filter((one) => one.method === 'GET')

    test.each(gets.map((one) => [one.path, one] as const))('GET %s', async (_, operation) => {
      const who = whoFor(operation)
      const answer = await ask(who, operation)
      if (answer.status() !== 200) {
        expect([404], 'a route of the other program, or nothing there yet').toContain(answer.status())
        return
      }
      for (const one of queryOf(operation, (each) => each.schema.enum !== undefined)) {
        for (const value of one.schema.enum!) {
          expect((await ask(who, operation, { query: { [one.name]: value } })).status(), `${one.name}=${value}`).toBe(200)
        }
        expect((await ask(who, operation, { query: { [one.name]: 'nonsense' } })).status(), one.name).toBe(400)
      }
      for (const one of queryOf(operation, (each) => each.schema.type === 'integer')) {
        expect((await ask(who, operation, { query: { [one.name]: 'many' } })).status(), one.name).toBe(400)
      }
      const places: [string, string, number[]][] = [['site', 'no-such-site', [404]], ['point', 'x', [400]], ['point', '999999', [404]],
        ['lane', 'nonsense', [400, 404]], ['line', 'no-such-line', [404]], ['version', '999999', [404]], ['version', 'x', [400]]]
      for (const [key, value, statuses] of places.filter(([key]) => operation.path.includes(`{${key}}`))) {
        const refused = await ask(who, operation, { path: { [key]: value } })
        expect(statuses, `${key} = ${value}: ${refused.status()}`).toContain(refused.status())
      }
      if (!answer.headers()['etag']) return
      const again = await who.get(answer.url(), { headers: { 'If-None-Match': answer.headers()['etag']! } })
      expect([200, 304]).toContain(again.status())
    })

    test('each has a time, where it carries data', async () => {
      for (const operation of gets) {
        const answer = await ask(whoFor(operation), operation)
        const isJson = (answer.headers()['content-type'] ?? '').startsWith('application/json')
        if (answer.status() !== 200 || !isJson) continue
        const { now_us } = (await answer.json()) as { now_us: number }
        expect(Math.abs(now_us / 1000 - Date.now()), operation.path).toBeLessThan(60_000)
      }
    })

    test('401 to nobody, whose error is in the language asked for', async () => {
      const open = ['getAbout', 'getSession', 'metrics', 'logIn', 'logOut', 'setUp', 'enroll']
      const chinese = await contextOf('zh-CN')
      for (const operation of contract.operations.filter((one) => !open.includes(one.id))) {
        const refused = await ask(nobody, operation)
        expect([401, 404], operation.path).toContain(refused.status()) // 404: a route of the other program
        expect(((await refused.json()) as { error: { message: string } }).error.message, operation.path).not.toMatch(kHan)
        const said = (await (await ask(chinese, operation)).json()) as { error: { message: string } }
        expect(said.error.message, operation.path).toMatch(kHan)
      }
      await chinese.dispose()
    })

    test('405 to a method that a path does not take', async () => {
      const refused = await admin.fetch('/api/v1/sites', { method: 'PUT' })
      expect(refused.status()).toBe(405)
      await checked(operationOf('listSites'), refused, '/api/v1/sites')
    })

    test('an error to a body that is none', async () => {
      for (const operation of contract.operations.filter((one) => one.takesBody)) {
        for (const body of ['no JSON', {}]) {
          const refused = await ask(whoFor(operation), operation, { body })
          if (operation.id === 'changeUser' && typeof body === 'object') continue // what is not named stays
          expect(refused.status(), operation.path).toBeGreaterThanOrEqual(400)
          expect(refused.status(), operation.path).toBeLessThan(500)
        }
      }
    })

    test('what users and sessions come to', async () => {
      const word = `a long word ${Date.now()}`
      const named = `contract${Date.now() % 1_000_000}`
      const user = { name: named, display_name: '合同', password: word, roles: ['leader'], sites: [] }
      const added = await ask(people.get('security')!, operationOf('addUser'), { body: user })
      expect(added.status()).toBe(200)
      const { id } = (await added.json()) as { id: number }
      expect((await ask(people.get('security')!, operationOf('addUser'), { body: user })).status()).toBe(409)
      expect((await ask(people.get('security')!, operationOf('addUser'), { body: { ...user, password: 'short' } })).status()).toBe(400)
      expect((await ask(people.get('security')!, operationOf('changeUser'), { path: { user: '999999' }, body: { disabled: true } })).status()).toBe(404)

      const leader = await contextOf()
      expect((await ask(leader, operationOf('logIn'), { body: { name: named, password: 'wrong' } })).status()).toBe(401)
      await vi.waitFor(async () => { // the delay that follows a wrong one
        expect((await ask(leader, operationOf('logIn'), { body: { name: named, password: word } })).status()).toBe(200)
      }, { timeout: 20_000, interval: 500 })
      for (const operation of contract.operations) {
        const forbidden = ['listUsers', 'addUser', 'listAudit', 'checkConfiguration', 'applyConfiguration', 'keepConfiguration',
          'rollBackConfiguration', 'scanLine', 'readMeter', 'stopLineJob', 'proposeMeter', 'resend', 'actOnAlarm'].includes(operation.id)
        if (forbidden) expect([403, 404], operation.path).toContain((await ask(leader, operation, { body: {} })).status())
      }
      const change = operationOf('changePassword')
      expect((await ask(leader, change, { body: { old_password: 'wrong', new_password: `${word} more` } })).status()).toBe(403)
      await vi.waitFor(async () => {
        expect((await ask(leader, change, { body: { old_password: word, new_password: `${word} more` } })).status()).toBe(200)
      }, { timeout: 20_000, interval: 500 })

      const { sessions } = (await (await ask(people.get('security')!, operationOf('listSessions'))).json()) as { sessions: { id: number; user: string }[] }
      const session = String(sessions.find((one) => one.user === named)!.id)
      expect((await ask(people.get('security')!, operationOf('endSession'), { path: { session } })).status()).toBe(200)
      expect((await ask(people.get('security')!, operationOf('endSession'), { path: { session } })).status()).toBe(404)
      expect((await ask(leader, operationOf('listSites'))).status()).toBe(401)
      expect((await ask(leader, operationOf('logOut'))).status()).toBe(200)
      const left = await ask(people.get('security')!, operationOf('changeUser'), { path: { user: String(id) }, body: { disabled: true } })
      expect(left.status()).toBe(200)
      await leader.dispose()
    })

    test('what was done, by who, what and when, page by page', async () => {
      type Audit = { next_before: number | null; lines: { id: number; time_us: number; who: string; what: string }[] }
      const lines = async (query: Record<string, string>) =>
        (await (await ask(people.get('auditor')!, operationOf('listAudit'), { query })).json()) as Audit
      const own = await lines({ who: 'security', what: 'user.add' })
      expect(own.lines.length).toBeGreaterThan(0)
      for (const line of own.lines) expect([line.who, line.what]).toEqual(['security', 'user.add'])
      const { time_us } = own.lines[0]!
      expect((await lines({ from_us: String(time_us), to_us: String(time_us + 1), what: 'user.add' })).lines.length).toBeGreaterThan(0)
      expect((await lines({ to_us: '1' })).lines).toEqual([])
      const first = await lines({ limit: '2' })
      expect(first.next_before).toBe(first.lines[1]!.id)
      const second = await lines({ limit: '2', before: String(first.next_before) })
      expect(second.lines[0]!.id).toBeLessThan(first.lines[1]!.id)
      const all = await lines({ limit: '1000', what: 'user.add' })
      expect(all.next_before).toBeNull()
    })

    test.runIf(name === 'edge')('a case at the window, its files and papers', async () => {
      const clerk = people.get('clerk')!
      const of = (id: string, given: Parameters<typeof ask>[2] = {}) => ask(clerk, operationOf(id), given)
      const body = async <T>(id: string, given: Parameters<typeof ask>[2] = {}): Promise<T> => {
        const answer = await of(id, given)
        expect(answer.status(), `${id} ${await answer.text()}`).toBe(200)
        return (await answer.json()) as T
      }
      const verdicts = ['91350200776049653A', '91350100M0001TGQXM', '150203189001011011'].map(async (text) =>
        (await body<{ verdict: string }>('checkCode', { body: { kind: text.startsWith('9') ? 'credit_code' : 'identity_number', text } })).verdict)
      expect(await Promise.all(verdicts)).toEqual(['good', 'warning', 'wrong']) // domain: valid, early and in use, invalid

      const draft = '0195a000-0000-7000-8000-0000000000ff'
      await body('saveDraft', { path: { draft }, body: { title: '合同', body: { step: 1 }, writer: draft } })
      expect((await of('saveDraft', { path: { draft }, body: { title: '合同', body: { step: 2 }, writer: crypto.randomUUID() } })).status()).toBe(409)
      expect((await body<{ body: unknown }>('getDraft', { path: { draft } })).body).toEqual({ step: 1 })
      await body('throwAwayDraft', { path: { draft } })
      expect((await of('getDraft', { path: { draft } })).status()).toBe(404)

      const applicant = { kind: 'company', name: '合同测试公司', code: '91150203MA0N000164', agent: '王合同', phone: '13800008000' }
      const twins = async () => (await body<{ rows: unknown[] }>('findDuplicates', { body: { item: 'planning-permit', code: applicant.code } })).rows.length
      const before = await twins()
      const form = { project_name: '合同测试厂房', building_site: '合同路 1 号' }
      const wish = { item: 'planning-permit', applicant, form, area_m2: '4860.50', idempotency_key: `contract-${Date.now()}` }
      type Answer = { case: { case: string; receipt_no: string; phase: string; masked: boolean } }
      const received = (await body<Answer>('receiveCase', { body: wish })).case
      expect((await body<Answer>('receiveCase', { body: wish })).case.case).toBe(received.case)
      expect((await of('receiveCase', { body: { ...wish, applicant: { ...applicant, kind: 'person', code: '150203189001011011' }, idempotency_key: 'x' } })).status()).toBe(400)
      expect(await twins()).toBe(before + 1)
      const at = { case: received.case }
      expect((await body<Answer>('getCase', { path: at })).case).toMatchObject({ phase: 'received', masked: true, correction: null,
        form: [{ key: 'project_name', text: form.project_name }, { key: 'building_site', text: form.building_site }] })
      expect((await body<{ rows: { case: string }[] }>('searchCases', { body: { text: received.receipt_no } })).rows.map((row) => row.case)).toEqual([received.case])

      const content = Buffer.from('%PDF-1.4 contract')
      const { upload } = await body<{ upload: string }>('beginUpload', { body: { name: '申请表.pdf', bytes: content.length } })
      expect((await body<{ received: number }>('getUpload', { path: { upload } })).received).toBe(0)
      const put = operationOf('putUploadPiece')
      const piece = await clerk.put(`/api/v1/uploads/${upload}/0`, { data: content, headers: { 'Content-Type': 'application/octet-stream' } })
      const { file } = (await (await checked(put, piece, piece.url())).json()) as { file: string }
      expect(file).toMatch(/^[0-9a-f]{64}$/)
      await body('actOnCase', { path: at, body: { act: 'put_material', material: 'application', file, name: '申请表.pdf' } })
      expect(await (await of('getCaseFile', { path: { ...at, file } })).body()).toEqual(content)

      expect((await body<{ folder: string }>('listScans')).folder).toContain('scans')
      const scan = `contract-${Date.now()}.pdf`
      writeFileSync(`${process.env['YB_E2E_DEMO_DIR']!}/${site}/scans/${scan}`, '%PDF-1.7 scanned')
      await vi.waitFor(async () => {
        expect((await of('takeScan', { path: { name: scan } })).status()).toBe(200)
      }, { timeout: 20_000, interval: 500 })

      expect((await of('unmaskCase', { path: at, body: { reason: '' } })).status()).toBe(400)
      expect(await body('unmaskCase', { path: at, body: { reason: '核对证照' } })).toMatchObject({ applicant })
      expect((await of('actOnCase', { path: at, body: { act: 'accept' } })).status()).toBe(409) // materials are missing
      await body('actOnCase', { path: at, body: { act: 'decline', text: '不属于本园区' } })
      const { job } = await body<{ job: string }>('printPaper', { path: at, body: { paper: 'declining' } })
      await vi.waitFor(async () => {
        expect((await body<{ state: string }>('getPrintJob', { path: { job } })).state).toBe('done')
      }, { timeout: 60_000, interval: 250 })
      expect((await (await of('getPrintedPaper', { path: { job } })).body()).subarray(0, 5).toString()).toBe('%PDF-')
      const security = people.get('security')!
      expect((await ask(security, operationOf('erasePerson'), { path: at, body: { reason: '本人申请' } })).status()).toBe(200)
      expect((await of('unmaskCase', { path: at, body: { reason: '核对证照' } })).status()).not.toBe(200)
    }, 120_000)

    // The demonstration city has a user of central for this park: the directory has come, or comes within half a minute.
    test.runIf(name === 'edge')('the term of the city’s users', async () => {
      await vi.waitFor(async () => {
        expect((await ask(people.get('security')!, operationOf('extendDirectory'))).status()).toBe(200)
      }, { timeout: 60_000, interval: 1_000 })
    }, 70_000)

    test.runIf(name === 'central')('what central alone is asked', async () => {
      expect((await ask(admin, operationOf('resend'), { body: { first_seq: 1, last_seq: 1 } })).status()).toBe(202)
      expect((await ask(admin, operationOf('resend'), { body: { epoch: 1, first_seq: 1, last_seq: 1 } })).status()).toBe(404)
      expect((await ask(admin, operationOf('enroll'), { body: { code: 'YB1-0000-0000', csr_pem: 'none' } })).status()).toBeGreaterThanOrEqual(400)
      const catalogue = readFileSync(new URL('../../firmware-config/cases/catalogue.toml', import.meta.url), 'utf8')
      expect((await ask(admin, operationOf('checkDocument'), { body: { kind: 'catalogue', text: 'version = "x"' } })).status()).toBe(400)
      expect((await ask(admin, operationOf('checkDocument'), { body: { kind: 'catalogue', text: catalogue } })).status()).toBe(200)
      expect((await ask(admin, operationOf('publishDocument'), { body: { kind: 'catalogue', text: 'version = "x"' } })).status()).toBe(400)
      expect((await ask(admin, operationOf('publishDocument'), { body: { kind: 'catalogue', text: catalogue } })).status()).toBe(200)
    })

    test.runIf(name === 'edge')('what a line is asked by hand', async () => {
      type Lines = { lines: { line: string; meters: { protocol: string; address: string; meter: string }[] }[] }
      const { lines } = (await (await ask(admin, operationOf('listLines'))).json()) as Lines
      const { line, meters } = lines.find((one) => one.meters.length > 0)!
      const { protocol, address } = meters[0]!
      const at = { path: { line } }
      type Job = { job: { no: number; state: string; proposal?: unknown } | null }
      const done = (no: number) => vi.waitFor(async () => {
        const { job } = (await (await ask(admin, operationOf('getLineJob'), at)).json()) as Job
        if (job?.no !== no || job.state === 'waiting' || job.state === 'running') throw new Error(`job ${no} goes on`)
        return job
      }, { timeout: 40_000, interval: 250 })
      const read = await ask(admin, operationOf('readMeter'), { ...at, body: { protocol, address } })
      expect(read.status()).toBe(202)
      const job = await done(((await read.json()) as { job: number }).job)
      expect(job.state).toBe('done')
      expect(job.proposal).toBeTruthy()
      const scan = await ask(admin, operationOf('scanLine'), { ...at, body: { protocols: [protocol] } })
      expect(scan.status()).toBe(202)
      expect((await ask(admin, operationOf('stopLineJob'), at)).status()).toBe(202)
      await done(((await scan.json()) as { job: number }).job)
      expect((await ask(admin, operationOf('readMeter'), { path: { line: 'no-such-line' }, body: { protocol, address } })).status()).toBe(404)
      await ask(admin, operationOf('listFrames'), at)
      const meter = { key: 'contract-1', name: '合同', profile: 'cjt188-water', protocol: '', address: '99999999999999' }
      expect((await ask(admin, operationOf('proposeMeter'), { ...at, body: meter })).status()).toBe(200)
      expect((await ask(admin, operationOf('proposeMeter'), { ...at, body: { ...meter, address, protocol } })).status()).toBe(409)
    }, 120_000)

    test.runIf(name === 'edge')('a configuration that waits to be kept, and the alarm of a line that goes nowhere', async () => {
      type Running = { running: number; text: string; waiting: { version: number; back_to: number } | null }
      const running = async () => (await (await ask(admin, operationOf('getConfiguration'))).json()) as Running
      const before = await running()
      const check = (text: string, who = admin) => ask(who, operationOf('checkConfiguration'), { body: { text } })
      type Check = { fault: { where: string; message: string; hint: string } | null; difference: { needs_keeping: boolean } | null }

      const wrong = `${before.text}\n[[line]]\nkey = "contract"\nkind = "tcp"\nhost = "127.0.0.1"\nport = "one"\n`
      const chinese = await contextOf('zh-CN')
      expect((await ask(chinese, operationOf('logIn'), { body: { name: process.env['YB_E2E_USER'], password: process.env['YB_E2E_PASSWORD'] } })).status()).toBe(200)
      const inEnglish = (await (await check(wrong)).json()) as Check
      expect(inEnglish.fault!.where).toMatch(/field\.toml:\d+: line 'contract': port/)
      expect(inEnglish.fault!.message).toBe('found the text "one"')
      const inChinese = (await (await check(wrong, chinese)).json()) as Check
      expect([inChinese.fault!.where, inChinese.fault!.message, inChinese.fault!.hint]).toEqual(
        [inEnglish.fault!.where, '写的是文本“one”', '应为 1 至 65535 的整数'])
      await chinese.dispose()

      // A new line cuts nothing off: it needs no keeping, and may be given it.
      const text = `${before.text}\n[[line]]\nkey = "contract"\nkind = "tcp"\nhost = "127.0.0.1"\nport = 9\n`
      expect(((await (await check(text)).json()) as Check).difference!.needs_keeping).toBe(false)
      const apply = (body: object) => ask(admin, operationOf('applyConfiguration'), { body: { text, running: before.running, note: 'contract', ...body } })
      expect((await apply({ confirm_within_s: -1 })).status()).toBe(400)
      expect((await apply({ running: before.running + 7 })).status()).toBe(409)
      const applied = await apply({ confirm_within_s: 600 })
      expect(applied.status()).toBe(200)
      const { version, keep_until_us } = (await applied.json()) as { version: number; keep_until_us: number }
      expect(Math.abs(keep_until_us / 1e6 - Date.now() / 1000 - 600)).toBeLessThan(30)
      expect((await running()).waiting).toMatchObject({ version, back_to: before.running })
      expect((await apply({ running: version })).status()).toBe(409)
      expect((await ask(admin, operationOf('keepConfiguration'), { body: { version: version + 1 } })).status()).toBe(409)
      expect((await ask(admin, operationOf('keepConfiguration'), { body: { version } })).status()).toBe(200)
      expect((await running()).waiting).toBeNull()

      // After ten seconds the line without connection is an alarm.
      const alarm = await vi.waitFor(async () => {
        type Open = { alarms: { alarm: string; rule: string; subject: string }[] }
        const { alarms } = (await (await ask(admin, operationOf('listAllAlarms'))).json()) as Open
        const found = alarms.find((one) => one.rule === 'line_down' && one.subject === 'contract')
        if (!found) throw new Error('no alarm yet')
        return found.alarm
      }, { timeout: 40_000, interval: 500 })
      const act = (body: object) => ask(admin, operationOf('actOnAlarm'), { path: { alarm }, body })
      expect((await act({ act: 'acknowledge' })).status()).toBe(200)
      expect((await act({ act: 'acknowledge' })).status()).toBe(409)
      expect((await act({ act: 'assign', assignee: '李四' })).status()).toBe(200)
      expect((await act({ act: 'shelve' })).status()).toBe(400)
      expect((await act({ act: 'shelve', reason: '试', until_us: null })).status()).toBe(200)
      expect((await ask(admin, operationOf('getAlarm'), { path: { alarm } })).status()).toBe(200)
      await ask(admin, operationOf('listAllAlarms'), { query: { state: 'shelved' } })
      await ask(admin, operationOf('listAlarms'))

      // The former text again, to be rolled back to what it replaced, and at last for good.
      const back = (more: object) => ask(admin, operationOf('applyConfiguration'), { body: { text: before.text, running: version, note: 'contract', ...more } })
      const second = (await (await back({ confirm_within_s: 600 })).json()) as { version: number }
      const rolled = await ask(admin, operationOf('rollBackConfiguration'), { body: { version: second.version } })
      expect(rolled.status()).toBe(200)
      const third = (await rolled.json()) as { version: number; keep_until_us: null }
      expect(third.keep_until_us).toBeNull()
      expect((await running()).text).toBe(text)
      expect((await back({ running: third.version })).status()).toBe(200)
      expect((await ask(admin, operationOf('getConfigurationVersion'), { path: { version: String(version) } })).status()).toBe(200)
    }, 120_000)
  })
}

describe.skipIf(programs.some(({ url }) => !url))('both programs together', () => {
  test('have answered every route of the contract', () => {
    const never = contract.operations.filter((one) => ![...(answered.get(one.id) ?? [])].some((status) => status < 300)).map((one) => one.id)
    // Both need a code that can be used once only and is used before this test.
    expect(never.sort()).toEqual(['enroll', 'setUp'])
  })
})
