import type { ByteSink } from "./byte-sink.ts";

/** Lines that a runtime split in parts, put together again. */
export interface PartStore {
  /** How many lines are open. */
  readonly open: number;
  isOpen(of: string): boolean;
  /**
   * One part of the line `of`. `head` stands before the whole line. The line is written with its last part.
   * `isSure`: false when only a missing newline says that more follows; such parts may be whole lines after all.
   */
  add(
    part: { of: string; head: string; bytes: Buffer; more: boolean; isSure: boolean },
    sink: ByteSink,
  ): void;
  /** Says that a line was seen which ends by itself: a line without end is then a part. */
  sawWhole(): void;
  /** Writes what is open, as far as it goes. */
  end(sink: ByteSink): void;
}

/** Parts of one line are put together up to this length; what follows is left out. */
const maxLineBytes = 1_000_000;
const maxOpen = 1000;
/** All open lines together; the oldest is written when there are more. */
const maxOpenBytes = 16_000_000;
/** So many parts in a row without one that ends: nothing ends a line in this log, every entry is one. */
const maxUnsure = 64;

interface OpenLine {
  readonly heads: string[];
  readonly parts: Buffer[];
  bytes: number;
  isSure: boolean;
}

export function newPartStore(): PartStore {
  const lines = new Map<string, OpenLine>();
  let sawEnd = false;
  let endless = false;
  let openBytes = 0;

  function write(line: OpenLine, sink: ByteSink): void {
    const together = line.isSure || sawEnd;
    line.parts.forEach((part, i) => {
      if (i === 0 || !together) sink.text(line.heads[i] ?? "");
      sink.copy(part, 0, part.length);
      if (!together) sink.text("\n");
    });
    if (together) sink.text("\n");
  }

  function close(of: string, line: OpenLine, sink: ByteSink): void {
    lines.delete(of);
    openBytes -= sizeOf(line);
    write(line, sink);
  }

  return {
    get open() {
      return lines.size;
    },
    isOpen: (of) => lines.has(of),
    add({ of, head, bytes, more, isSure }, sink) {
      if (!more) sawEnd ||= !isSure;
      const line = lines.get(of) ?? { heads: [], parts: [], bytes: 0, isSure };
      line.isSure &&= isSure;
      if (line.bytes < maxLineBytes) {
        line.heads.push(head);
        line.parts.push(Buffer.from(bytes));
        openBytes += bytes.length;
      }
      line.bytes += bytes.length;
      if (!isSure && !sawEnd && line.parts.length >= maxUnsure) endless = true;
      if (!more || (endless && !isSure && !sawEnd)) {
        close(of, line, sink);
        return;
      }
      lines.set(of, line);
      const [oldest] = lines;
      if ((lines.size > maxOpen || openBytes > maxOpenBytes) && oldest !== undefined)
        close(oldest[0], oldest[1], sink);
    },
    sawWhole() {
      sawEnd = true;
    },
    end(sink) {
      for (const [of, line] of lines) close(of, line, sink);
    },
  };
}

const sizeOf = (line: OpenLine): number => line.parts.reduce((sum, part) => sum + part.length, 0);
