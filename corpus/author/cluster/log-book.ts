import type { Pod } from "kubernetes-types/core/v1";
import type { LogStream } from "../../../src/evidence/evidence.ts";
import { inOrder, type Line } from "../lines.ts";

interface Entry {
  readonly namespace: string;
  readonly pod: string;
  readonly container: string;
  readonly previous: boolean;
  lines: Line[];
}

/** The logs of a case, one stream per container, as `kubectl logs` gives them. */
export class LogBook {
  readonly #entries = new Map<string, Entry>();
  readonly #lost: { readonly fits: (entry: Entry) => boolean; readonly reason: string }[] = [];

  stream(namespace: string, pod: string, container: string, previous = false): Entry {
    const key = [namespace, pod, container, String(previous)].join("/");
    let entry = this.#entries.get(key);
    if (entry === undefined) {
      entry = { namespace, pod, container, previous, lines: [] };
      this.#entries.set(key, entry);
    }
    return entry;
  }

  /** Every container of these pods has a log, if only an empty one. */
  openFor(pods: readonly Pod[]): void {
    for (const { metadata, spec } of pods) {
      for (const c of spec?.containers ?? [])
        this.stream(metadata?.namespace ?? "", metadata?.name ?? "", c.name);
    }
  }

  /** Makes streams unreadable, with the reason. */
  lose(fits: (entry: Entry) => boolean, reason: string): void {
    this.#lost.push({ fits, reason });
  }

  streams(): LogStream[] {
    return [...this.#entries.values()].map((entry) => this.#finished(entry));
  }

  #finished(entry: Entry): LogStream {
    const { lines, previous, ...where } = entry;
    const reason = this.#lost.find((l) => l.fits(entry))?.reason;
    return {
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
    };
  }
}
