import type { ByteSource } from "./byte-source.ts";
import type { Utf16 } from "./log-input.ts";

/**
 * UTF-16 with a byte-order mark as UTF-8: what `kubectl logs … > file` writes in Windows PowerShell.
 * Lone surrogates become U+FFFD, and so does half a character at the end.
 */
export async function* fromUtf16(
  source: ByteSource,
  encoding: Utf16,
): AsyncGenerator<Buffer, void, undefined> {
  const decoder = new TextDecoder(encoding);
  for (let chunk = await source.next(); chunk !== undefined; chunk = await source.next()) {
    const text = decoder.decode(chunk, { stream: true });
    if (text !== "") yield Buffer.from(text);
  }
  const rest = decoder.decode();
  if (rest !== "") yield Buffer.from(rest);
}

/** Passes over the mark that some editors put before UTF-8, which would hide the first line's format. */
export async function skipUtf8Mark(source: ByteSource): Promise<void> {
  const head = await source.peek(3);
  if (head[0] === 0xef && head[1] === 0xbb && head[2] === 0xbf) source.skip(3);
}
