/**
 * Empties every `"managedFields":[…]` of a JSON text before it is parsed: who set which field is a
 * third of a list's bytes and half of its objects, and says nothing about a 502.
 *
 * Only works on compact JSON as API servers write it; other text passes through unchanged. Inside a
 * JSON string the pattern cannot occur, because its quotes would be escaped.
 */
export function cutManagedFields(json: Buffer): Buffer {
  let from = 0;
  const kept: Buffer[] = [];
  for (;;) {
    const at = json.indexOf(pattern, from);
    if (at < 0) break;
    const open = at + pattern.length;
    const close = closingBracket(json, open);
    if (close < 0) break; // cut text: JSON.parse will say so
    kept.push(json.subarray(from, open));
    from = close;
  }
  if (kept.length === 0) return json;
  kept.push(json.subarray(from));
  return Buffer.concat(kept);
}

const pattern = Buffer.from('"managedFields":[');
const quote = 0x22;
const backslash = 0x5c;
const openBracket = 0x5b;
const closeBracket = 0x5d;

/** Index of the bracket that closes the array whose content starts at `from`, or -1. */
function closingBracket(json: Buffer, from: number): number {
  let depth = 1;
  for (let i = from; i < json.length; i += 1) {
    const byte = json[i];
    if (byte === quote) {
      i = endOfString(json, i + 1);
      if (i < 0) return -1;
    } else if (byte === openBracket) depth += 1;
    else if (byte === closeBracket && --depth === 0) return i;
  }
  return -1;
}

function endOfString(json: Buffer, from: number): number {
  for (let end = json.indexOf(quote, from); end >= 0; end = json.indexOf(quote, end + 1)) {
    let slashes = 0;
    while (json[end - 1 - slashes] === backslash) slashes += 1;
    if (slashes % 2 === 0) return end;
  }
  return -1;
}
