// A serial server between a box and its meters that can be cut, and on which one meter can be silenced.
import { createServer, connect, type Server, type Socket } from 'node:net'
import type { AddressInfo } from 'node:net'

// A CJ/T 188 address as it stands on the wire: two digits a byte, the last first.
const onTheWire = (address: string) => Buffer.from(address, 'hex').reverse()

export class Relay {
  private server: Server | null = null
  private readonly sockets = new Set<Socket>()
  private silent: Buffer | null = null
  port = 0

  constructor(private readonly target: number) {}

  // Listens, on the port of last time where there was one.
  async open(): Promise<void> {
    const server = createServer((box) => this.join(box))
    await new Promise<void>((ready, failed) => server.once('error', failed).listen(this.port, '127.0.0.1', ready))
    this.server = server
    this.port = (server.address() as AddressInfo).port
  }

  // Whoever connects now is refused.
  async cut(): Promise<void> {
    const closed = new Promise<void>((done) => (this.server ? this.server.close(() => done()) : done()))
    this.server = null
    for (const socket of this.sockets) socket.destroy()
    await closed
  }

  // Requests to this meter do not reach it; null: all do.
  silence(address: string | null): void {
    this.silent = address === null ? null : onTheWire(address)
  }

  private join(box: Socket): void {
    const meters = connect(this.target, '127.0.0.1')
    for (const [socket, other] of [[box, meters], [meters, box]] as const) {
      this.sockets.add(socket)
      socket.on('close', () => {
        this.sockets.delete(socket)
        other.destroy()
      })
      socket.on('error', () => socket.destroy())
    }
    // One request is outstanding on a line, so what arrives together is one request.
    box.on('data', (request) => {
      if (!this.silent || !request.includes(this.silent)) meters.write(request)
    })
    meters.on('data', (answer) => box.write(answer))
  }
}
