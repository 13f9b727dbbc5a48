import type { Socket } from 'node:net';
import { Duplex } from 'node:stream';

/** What the parser takes in a turn of the event loop, in bytes: the requests that fit in so few delay nobody. */
const PIECE = 1024;

const NOTHING = Buffer.alloc(0);

/**
 * A connection as it is shown to the HTTP server: in small pieces, each in its turn, and no further than its first
 * request. Left to itself, Node's parser takes 64 KiB at once, and a server answers thousands of requests in them before
 * it looks at anything else; and of sixty clients that say something at the same time, each is heard before that.
 */
export class SingleRequestSocket extends Duplex {
  readonly #socket: Socket;
  readonly #complete: () => boolean;
  readonly #turn: () => Promise<void>;
  #unread: Buffer = NOTHING;
  #wanted = false;
  /** Whether a turn is to come. */
  #due = false;
  /** Whether the client says no more, and whether that was shown. */
  #over = false;
  #ended = false;
  #whenEnded: (() => void) | undefined;

  /**
   * @param socket a connection that is paused
   * @param complete whether the first request has been read: what follows it is left in the connection
   * @param turn resolves when something may be done for this client
   */
  constructor(socket: Socket, complete: () => boolean, turn: () => Promise<void>) {
    // Nothing is read ahead: a piece may complete the request.
    super({ readableHighWaterMark: 0, allowHalfOpen: true });
    this.#socket = socket;
    this.#complete = complete;
    this.#turn = turn;
    socket.on('data', (chunk: Buffer) => {
      socket.pause();
      this.#unread = chunk;
      this.#next();
    });
    // It may come with the data, and be told although the connection is paused.
    socket.once('end', () => {
      this.#over = true;
      this.#next();
    });
    socket.once('error', (error) => this.destroy(error));
    socket.once('close', () => this.destroy());
  }

  /** Calls once the client says no more: it may wait for the rest of the answer, or be gone. */
  whenEnded(listener: () => void): void {
    if (this.#ended) {
      listener();
    } else {
      this.#whenEnded = listener;
    }
  }

  /** Hangs up once what was written is on its way. */
  destroySoon(): void {
    this.end(() => this.destroy());
  }

  override _read(): void {
    this.#wanted = true;
    this.#next();
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: (error?: Error | null) => void): void {
    this.#socket.write(chunk, done);
  }

  /** Head, body and what is around a piece of it: one system call. */
  override _writev(
    chunks: readonly { readonly chunk: Buffer }[],
    done: (error?: Error | null) => void,
  ): void {
    this.#socket.write(Buffer.concat(chunks.map(({ chunk }) => chunk)), done);
  }

  override _final(done: (error?: Error | null) => void): void {
    this.#socket.end(() => done());
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    this.#socket.destroy();
    done(error);
  }

  /** One thing at a time, each in its turn: a piece, or the end behind the last of them. */
  #next(): void {
    if (this.#due) {
      return;
    }
    const piece = this.#hasPiece();
    if (piece ? this.#wanted : this.#over && !this.#ended) {
      this.#due = true;
      void this.#turn().then(() => {
        this.#due = false;
        this.#show();
      });
    } else if (this.#wanted && this.#unread.byteLength === 0) {
      this.#socket.resume();
    }
  }

  #hasPiece(): boolean {
    return this.#unread.byteLength > 0 && !this.#complete();
  }

  #show(): void {
    if (this.destroyed) {
      return;
    }
    if (this.#hasPiece()) {
      const piece = this.#unread.subarray(0, PIECE);
      this.#unread = this.#unread.subarray(PIECE);
      this.#wanted = false;
      this.push(piece);
      this.#next();
    } else if (this.#over) {
      this.#end();
    }
  }

  /** The HTTP server drops a client that has said all it has to say: only one in the middle of a request is dropped. */
  #end(): void {
    this.#ended = true;
    if (this.#complete()) {
      this.#whenEnded?.();
    } else {
      this.push(null);
    }
  }
}
