/** Container runtimes cut a line that is longer (containerd, max_container_log_line_size). */
const longestLineBytes = 16 * 1024;
const newline = 0x0a;

export interface LineSplitter {
  write(bytes: Buffer): void;
  /** Gives out what has no newline yet. */
  end(): void;
}

/** Gives out lines without their newline; a part of an overlong one is not whole. */
export function openLineSplitter(give: (line: Buffer, isWhole: boolean) => void): LineSplitter {
  let rest = Buffer.alloc(0);
  return {
    write: (bytes) => {
      let left = rest.length === 0 ? bytes : Buffer.concat([rest, bytes]);
      for (let end = left.indexOf(newline); end !== -1 || left.length > longestLineBytes;) {
        const isWhole = end !== -1 && end <= longestLineBytes;
        give(left.subarray(0, isWhole ? end : longestLineBytes), isWhole);
        left = left.subarray(isWhole ? end + 1 : longestLineBytes);
        end = left.indexOf(newline);
      }
      rest = Buffer.from(left);
    },
    end: () => {
      if (rest.length > 0) give(rest, true);
      rest = Buffer.alloc(0);
    },
  };
}
