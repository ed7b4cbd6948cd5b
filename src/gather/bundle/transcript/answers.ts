/** What a server or kubectl answers in place of objects. */
export type Refusal =
  /** There are none, and one was allowed to look. */
  | { readonly kind: "none" }
  /** The object asked for by name does not exist. */
  | { readonly kind: "not-found"; readonly names: readonly string[] }
  | { readonly kind: "failed"; readonly reason: string };

/** Reads the sentences of kubectl that stand where a table or a text would be. */
export function refusalIn(output: string): Refusal | undefined {
  const text = output.trim();
  if (/^No resources found\b/.test(text)) return { kind: "none" };
  if (text.startsWith("error: the server doesn't have a resource type ")) return { kind: "none" };
  const missing = Array.from(
    text.matchAll(/^Error from server \(NotFound\): \S+ "([^"]+)" not found$/gm),
    (match) => match[1]!,
  );
  if (missing.length > 0) return { kind: "not-found", names: missing };
  const failed =
    /^(?:Error from server|error:|Unable to connect to the server|The connection to the server)[^\n]*/.exec(
      text,
    );
  return failed === null ? undefined : { kind: "failed", reason: failed[0].slice(0, 300) };
}
