import { type FileHandle, open, stat } from "node:fs/promises";
import { failureOf, fileIdOf } from "./file-id.ts";

const chunkBytes = 256 * 1024;

/** The file under a name, whichever it is: what is new in it since the last look. */
export class FollowedFile {
  readonly #path: string;
  readonly #note: (why: string) => void;
  #handle: FileHandle | undefined;
  #fileId: string | undefined;
  #atBytes = 0;
  /** Renamed away: writers that have not reopened it yet may still append, so it is looked at once more. */
  #retired: { handle: FileHandle; atBytes: number } | undefined;
  #lastTrouble: string | undefined;

  constructor(path: string, note: (why: string) => void) {
    this.#path = path;
    this.#note = note;
  }

  /** Opens the file at `fromBytes`, by default at its end; one that is not there yet is read from its start. */
  async start(fromBytes: number | undefined): Promise<void> {
    await this.#openNew();
    if (this.#handle === undefined) return;
    const { size } = await this.#handle.stat();
    this.#atBytes = Math.min(fromBytes ?? size, size);
  }

  /** What was appended, and what is in the files that came under the name, oldest first. */
  async *news(): AsyncGenerator<Buffer, void, undefined> {
    yield* this.#restOfRetired();
    yield* this.#restOfCurrent();
    if (!(await this.#isReplaced())) return;
    // What was appended between the last read and the rename.
    yield* this.#restOfCurrent();
    if (this.#handle !== undefined) this.#retired = { handle: this.#handle, atBytes: this.#atBytes };
    this.#handle = undefined;
    await this.#openNew();
    yield* this.#restOfCurrent();
  }

  async close(): Promise<void> {
    await this.#handle?.close();
    await this.#retired?.handle.close();
    this.#handle = undefined;
    this.#retired = undefined;
  }

  async *#restOfRetired(): AsyncGenerator<Buffer, void, undefined> {
    const retired = this.#retired;
    if (retired === undefined) return;
    this.#retired = undefined;
    try {
      yield* this.#rest(retired.handle, retired.atBytes);
    } finally {
      await retired.handle.close();
    }
  }

  async *#restOfCurrent(): AsyncGenerator<Buffer, void, undefined> {
    if (this.#handle === undefined) return;
    const sizeBytes = await this.#sizeOf(this.#handle);
    if (sizeBytes < this.#atBytes) {
      this.#note("was truncated: read on from its start");
      this.#atBytes = 0;
    }
    for await (const chunk of this.#rest(this.#handle, this.#atBytes)) {
      this.#atBytes += chunk.length;
      yield chunk;
    }
  }

  async *#rest(handle: FileHandle, fromBytes: number): AsyncGenerator<Buffer, void, undefined> {
    for (let at = fromBytes; ;) {
      const buffer = Buffer.allocUnsafeSlow(chunkBytes);
      const bytesRead = await handle.read(buffer, 0, chunkBytes, at).then(
        (result) => result.bytesRead,
        (error: unknown) => this.#trouble(error),
      );
      if (bytesRead === 0) return;
      at += bytesRead;
      yield buffer.subarray(0, bytesRead);
    }
  }

  /** Whether another file has the name now. While none has it, the one that is open may still grow. */
  async #isReplaced(): Promise<boolean> {
    try {
      return fileIdOf(await stat(this.#path, { bigint: true })) !== this.#fileId;
    } catch (error) {
      this.#trouble(error);
      return false;
    }
  }

  async #openNew(): Promise<void> {
    try {
      this.#handle = await open(this.#path);
      const fileId = fileIdOf(await this.#handle.stat({ bigint: true }));
      if (this.#fileId !== undefined) this.#note("was rotated: the new file is read from its start");
      this.#fileId = fileId;
      this.#atBytes = 0;
      this.#lastTrouble = undefined;
    } catch (error) {
      this.#trouble(error);
    }
  }

  async #sizeOf(handle: FileHandle): Promise<number> {
    return handle.stat().then(
      ({ size }) => size,
      () => this.#atBytes,
    );
  }

  /** Told once, not at every look. Gives 0: nothing could be read. */
  #trouble(error: unknown): 0 {
    const why = failureOf(error);
    if (why !== this.#lastTrouble) this.#note(`${why}: waiting for it`);
    this.#lastTrouble = why;
    return 0;
  }
}
