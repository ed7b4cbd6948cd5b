import type { LogStream } from "../../../src/evidence/evidence.ts";
import { inOrder, type Line } from "../lines.ts";

interface Entry {
  readonly namespace: string;
  readonly pod: string;
  readonly container: string;
  readonly previous: boolean;
  lines: Line[];
  reason?: string;
}

/** The logs of a case, one stream per container, as `kubectl logs` gives them. */
export class LogBook {
  readonly #entries = new Map<string, Entry>();

  stream(namespace: string, pod: string, container: string, previous = false): Entry {
    const key = [namespace, pod, container, String(previous)].join("/");
    let entry = this.#entries.get(key);
    if (entry === undefined) {
      entry = { namespace, pod, container, previous, lines: [] };
      this.#entries.set(key, entry);
    }
    return entry;
  }

  /** Makes streams unreadable, with the reason. Throws when none fits. */
  lose(fits: (entry: Entry) => boolean, reason: string): void {
    const hit = [...this.#entries.values()].filter(fits);
    if (hit.length === 0) throw new Error("no log stream to make unknown");
    for (const entry of hit) entry.reason = reason;
  }

  streams(): LogStream[] {
    return [...this.#entries.values()].map(({ lines, reason, previous, ...where }) => ({
      ...where,
      ...(previous ? { previous } : {}),
      name: `${where.namespace}/${where.pod}/${where.container}${previous ? " (previous)" : ""}`,
      role: "container",
      ...(reason === undefined
        ? {
            bytes: new TextEncoder().encode(
              inOrder(lines)
                .map((l) => `${l.text}\n`)
                .join(""),
            ),
          }
        : { reason }),
    }));
  }
}
