import type { JsonMap } from "../json-value.ts";
import { parseDescribed } from "./describe-tree.ts";
import { metadataOf } from "./describe-pod.ts";

/**
 * A ConfigMap (describe.go ConfigMapDescriber): its values are free text between "KEY:", "----" and a blank
 * line, so the text cannot be read by indentation.
 */
export function describedConfigMap(text: string): JsonMap {
  const start = text.search(/(^|\n)Data\n====\n/);
  const head = start < 0 ? text : text.slice(0, start);
  const after = start < 0 ? "" : text.slice(start).replace(/^\n?Data\n====\n/, "");
  const body = after.replace(/\n\nBinaryData\n====\n[^]*$/, "").replace(/\nEvents: {2,}<none>\s*$/, "");
  const lines = body.split("\n");
  const data = new Map<string, string[]>();
  let key: string | undefined;
  for (let at = 0; at < lines.length; at++) {
    const title = /^([-\w.]+):$/.exec(lines[at]!);
    if (title !== null && lines[at + 1] === "----") {
      key = title[1]!;
      data.set(key, []);
      at++;
    } else if (key !== undefined) data.get(key)!.push(lines[at]!);
  }
  const entries = Array.from(data, ([name, value]) => [name, value.join("\n").replace(/\n+$/, "")] as const);
  return { metadata: metadataOf(parseDescribed(head)), data: Object.fromEntries(entries) };
}
