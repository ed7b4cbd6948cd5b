/** One piece of evidence for or against a cause, with a reference a person can check. */
export interface Clue {
  readonly for: boolean;
  readonly weight: Weight;
  /** One sentence with the observed values in it. */
  readonly text: string;
  /** Object and field, or log and time: "Service shop/cart .spec.selector". */
  readonly source: string;
  /** A command that shows it; names from the cluster go through `see.ts`, which quotes them. */
  readonly see?: string;
  /** Clues drawn from the same observation share a group, and the group counts once. */
  readonly group?: string;
}

/**
 * decisive: hardly possible unless the cause is true (or false). strong: rarely seen otherwise.
 * moderate: common with it, also seen without. weak: fits.
 */
export type Weight = "decisive" | "strong" | "moderate" | "weak";

type ClueText = Pick<Clue, "text" | "source"> & { readonly see?: string; readonly group?: string };

const clue =
  (isFor: boolean, weight: Weight) =>
  (text: string, source: string, more: { see?: string; group?: string } = {}): Clue => ({
    for: isFor,
    weight,
    ...({ text, source, ...more } satisfies ClueText),
  });

/** `speaksFor.decisive("…", "Service shop/cart .spec.selector", { see })` */
export const speaksFor = {
  decisive: clue(true, "decisive"),
  strong: clue(true, "strong"),
  moderate: clue(true, "moderate"),
  weak: clue(true, "weak"),
};

export const speaksAgainst = {
  decisive: clue(false, "decisive"),
  strong: clue(false, "strong"),
  moderate: clue(false, "moderate"),
  weak: clue(false, "weak"),
};
