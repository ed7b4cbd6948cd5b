const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
const digits = /^\d+$/;
const hex = /^[0-9a-f]{8,}$/i;
const opaque = /^[\w.~%@:+=-]{16,}$/;
const prefixedId = /^[A-Za-z]{1,12}[-_]?\d{3,}$/;
export const maxSegments = 8;
export const maxSegmentChars = 64;

/** Folds ids in a path so that its requests can be counted together: /orders/4711?x=1 → /orders/{id}. */
export function pathTemplate(path: string): string {
  const end = endOfPath(path);
  if (end === 1) return "/";
  const segments = path.slice(0, end).split("/");
  const kept = segments.slice(0, maxSegments + 1).map(foldSegment);
  if (segments.length > maxSegments + 1) kept.push("{more}");
  return kept.join("/");
}

/** Where the path ends: at "?", "#" or a matrix parameter. */
export function endOfPath(path: string): number {
  for (let i = 0; i < path.length; i++) {
    const c = path.charCodeAt(i);
    if (c === 63 || c === 35 || c === 59) return i;
  }
  return path.length;
}

function foldSegment(segment: string): string {
  if (segment.length === 0) return segment;
  if (isId(segment)) return "{id}";
  return segment.length > maxSegmentChars ? `${segment.slice(0, maxSegmentChars)}…` : segment;
}

/** Whether a segment names one thing of many. Without a digit only a UUID of letters does. */
export function isId(segment: string): boolean {
  if (digits.test(segment) || uuid.test(segment) || prefixedId.test(segment)) return true;
  if (hex.test(segment) && hasDigit(segment)) return true;
  return opaque.test(segment) && digitShare(segment) > 0.15;
}

const hasDigit = (text: string): boolean => /\d/.test(text);

function digitShare(text: string): number {
  let count = 0;
  for (let i = 0; i < text.length; i++) {
    const c = text.charCodeAt(i);
    if (c >= 48 && c <= 57) count++;
  }
  return count / text.length;
}
