import type { Transform } from "node:stream";
import { constants, createInflateRaw, createZstdDecompress } from "node:zlib";

/**
 * Of damaged data zlib gives back nothing of the piece it was fed last, so pieces are small; with half
 * of this, the round trips to its thread cost a quarter more CPU, with twice of it nothing is gained.
 */
export const fedBytes = 128 * 1024;
const chunkBytes = 512 * 1024;
/** Chunks that may wait for the reader: enough that decoding goes on while a chunk is scanned. */
const waitingChunks = 4;

export type Engine = Transform & { readonly bytesWritten: number };

export const inflateEngine = (): Engine =>
  createInflateRaw({ chunkSize: chunkBytes, finishFlush: constants.Z_SYNC_FLUSH });

export const zstdEngine = (): Engine => createZstdDecompress({ chunkSize: chunkBytes });

export interface EngineEnding {
  /** "complete": the format's own end was seen; "fed": the pieces ran out first; "damaged": it refused one. */
  readonly kind: "complete" | "fed" | "damaged";
  readonly fedBytes: number;
}

/**
 * Runs zlib's stream on pieces, in its own thread while the reader works on earlier chunks. Nothing
 * decoded is lost when a later piece is refused.
 */
export async function* run(
  engine: Engine,
  nextPiece: () => Promise<Buffer | undefined>,
): AsyncGenerator<Buffer, EngineEnding, undefined> {
  const ready: Buffer[] = [];
  let changed = Promise.withResolvers<void>();
  const signal = (): void => {
    changed.resolve();
    changed = Promise.withResolvers();
  };
  let kind: EngineEnding["kind"] | undefined;
  let releaseWrite: (() => void) | undefined;
  const finish = (how: EngineEnding["kind"]): void => {
    kind ??= how;
    releaseWrite?.();
    signal();
  };
  const isFinished = (): boolean => kind !== undefined;
  engine.on("data", (chunk: Buffer) => {
    if (ready.push(chunk) >= waitingChunks) engine.pause();
    signal();
  });
  engine.on("end", () => finish("complete"));
  engine.on("error", () => finish("damaged"));
  engine.on("close", () => finish("fed"));
  const until = async (isSo: () => boolean): Promise<void> => {
    while (!isSo()) await changed.promise;
  };
  let fed = 0;
  let failure: unknown;
  const feed = async (): Promise<void> => {
    while (!isFinished()) {
      const piece = await nextPiece();
      if (piece === undefined) return finish("fed");
      fed += piece.length;
      await new Promise<void>((resolve) => {
        // An engine that has seen its end never calls back for the piece that held it.
        releaseWrite = resolve;
        engine.write(piece, () => resolve());
      });
      // What a paused stream holds back would be lost with an error of the next piece.
      await until(() => !engine.isPaused() || isFinished());
    }
  };
  const feeding = feed().catch((error: unknown) => {
    failure = error;
    finish("fed");
  });
  try {
    for (;;) {
      const chunk = ready.shift();
      if (chunk !== undefined) {
        if (engine.isPaused() && ready.length < waitingChunks / 2) engine.resume();
        signal();
        yield chunk;
      } else if (kind !== undefined) {
        await feeding;
        if (failure !== undefined) throw failure;
        return { kind, fedBytes: fed };
      } else {
        await changed.promise;
      }
    }
  } finally {
    finish("fed");
    engine.destroy();
    await feeding;
  }
}
