import type { OnLoss } from "./log-input.ts";

const shownNames = 3;

/** Files left out, told as one loss a reason: a folder may hold thousands that are no logs. */
export class LeftOut {
  readonly #byReason = new Map<string, { count: number; names: string[] }>();

  add(name: string, reason: string): void {
    const seen = this.#byReason.get(reason) ?? { count: 0, names: [] };
    seen.count++;
    if (seen.names.length < shownNames) seen.names.push(name);
    this.#byReason.set(reason, seen);
  }

  tell(onLoss: OnLoss): void {
    for (const [reason, { count, names }] of this.#byReason) {
      const more = count - names.length;
      const what = more === 0 ? names.join(", ") : `${names.join(", ")} and ${more} more`;
      onLoss({ what, why: `${count === 1 ? "" : "each "}${reason}` });
    }
    this.#byReason.clear();
  }
}
