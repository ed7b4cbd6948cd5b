import {
  type Document,
  isMap,
  isNode,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  parseAllDocuments,
} from "yaml";
import { defaultLimits } from "../../base/limits.ts";
import type { ObjectRef } from "../../evidence/object-ref.ts";

/** Line and column of an object's field, from 1. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

/** Finds fields in the text of one file; nothing in one that is too large to parse with positions. */
export function positionsIn(
  text: string,
): (object: ObjectRef, path: readonly (string | number)[]) => Position | undefined {
  if (text.length > defaultLimits.yamlBytes) return () => undefined;
  const lines = new LineCounter();
  const found = new Map<string, Node>();
  for (const document of documentsOf(text, lines)) {
    for (const object of objectsIn(document.contents)) {
      const key = keyOf(object);
      if (key !== undefined && !found.has(key)) found.set(key, object);
    }
  }
  return ({ kind, namespace, name }, path) => {
    const node = found.get(`${kind} ${namespace ?? ""}/${name}`);
    const offset = node === undefined ? undefined : offsetOf(node, path);
    if (offset === undefined) return undefined;
    const { line, col } = lines.linePos(offset);
    return { line, column: col };
  };
}

function documentsOf(text: string, lineCounter: LineCounter): readonly Document.Parsed[] {
  try {
    const options = { lineCounter, uniqueKeys: false, logLevel: "silent", prettyErrors: false } as const;
    const documents = parseAllDocuments(text, options);
    return "empty" in documents ? [] : documents;
  } catch {
    return [];
  }
}

/** Lists do not nest in real files. */
const maxNesting = 4;

function objectsIn(node: unknown, nesting = 0): Node[] {
  if (nesting > maxNesting) return [];
  if (isSeq(node)) return node.items.flatMap((item) => objectsIn(item, nesting + 1));
  if (!isMap(node)) return [];
  const items = node.get("items", true);
  return isSeq(items) ? objectsIn(items, nesting + 1) : [node];
}

function keyOf(node: Node): string | undefined {
  if (!isMap(node)) return undefined;
  const kind = node.get("kind");
  const metadata = node.get("metadata", true);
  const name = isMap(metadata) ? metadata.get("name") : undefined;
  const namespace = (isMap(metadata) ? metadata.get("namespace") : undefined) ?? "default";
  return typeof kind === "string" && name !== undefined
    ? `${kind} ${String(namespace)}/${String(name)}`
    : undefined;
}

/** Where the field's key stands, or the key of the nearest part around it that is written. */
function offsetOf(object: Node, path: readonly (string | number)[]): number | undefined {
  let node: unknown = object;
  let offset = object.range?.[0];
  for (const step of path) {
    if (isMap(node)) {
      const pair = node.items.find((p) => isScalar(p.key) && p.key.value === step);
      if (pair === undefined) break;
      offset = isNode(pair.key) ? (pair.key.range?.[0] ?? offset) : offset;
      node = pair.value;
    } else if (isSeq(node) && typeof step === "number") {
      const item: unknown = node.items[step];
      if (!isNode(item)) break;
      offset = item.range?.[0] ?? offset;
      node = item;
    } else break;
  }
  return offset;
}
