import { type Resource, resources } from "../../../evidence/kinds.ts";
import type { Gathered } from "../gathered.ts";

/** What a transcript asked for, and so what its silence says. */
export class Asked {
  readonly #whole = new Set<string>();
  readonly #names = new Map<string, Set<string>>();
  readonly #failed = new Map<string, string>();
  readonly #keys = new Map<string, { resource: Resource; namespace: string | undefined }>();

  #key(resource: Resource, namespace: string | undefined): string {
    const scope = resources[resource].namespaced ? namespace : undefined;
    const key = `${resource} ${scope ?? ""}`;
    this.#keys.set(key, { resource, namespace: scope });
    return key;
  }

  /** The list was shown to its end. */
  whole(resource: Resource, namespace: string | undefined): void {
    this.#whole.add(this.#key(resource, namespace));
  }

  /** These were asked for by name, or seen in part of a list. */
  named(resource: Resource, namespace: string | undefined, names: readonly string[]): void {
    const key = this.#key(resource, namespace);
    const known = this.#names.get(key) ?? new Set();
    this.#names.set(key, known);
    for (const name of names) known.add(name);
  }

  /** A list of which part was not shown after all: only these are known. */
  notWhole(resource: Resource, namespace: string | undefined, names: readonly string[]): void {
    this.#whole.delete(this.#key(resource, namespace));
    this.#names.set(this.#key(resource, namespace), new Set(names));
  }

  failed(resource: Resource, namespace: string | undefined, reason: string): void {
    this.#failed.set(this.#key(resource, namespace), reason);
  }

  /** A list that was shown once is known, whatever another attempt said. */
  cover(gathered: Gathered): void {
    for (const [key, { resource, namespace }] of this.#keys) {
      const names = this.#names.get(key);
      const reason = this.#failed.get(key);
      if (this.#whole.has(key)) gathered.cover(resource, namespace, "whole");
      else if (names !== undefined) gathered.cover(resource, namespace, "selected", [...names].sort());
      else if (reason !== undefined) gathered.fail(resource, namespace, reason);
    }
  }
}
