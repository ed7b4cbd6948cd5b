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
      for (let end = left.indexOf(newline); end !== -1; end = left.indexOf(newline)) {
        give(left.subarray(0, end), true);
        left = left.subarray(end + 1);
      }
      while (left.length > longestLineBytes) {
        give(left.subarray(0, longestLineBytes), false);
        left = left.subarray(longestLineBytes);
      }
      rest = Buffer.from(left);
    },
    end: () => {
      if (rest.length > 0) give(rest, true);
      rest = Buffer.alloc(0);
    },
  };
}
