import type { Pattern, PatternKind } from "../../logs/patterns/pattern.ts";
import type { Weight } from "../clue.ts";

type OfKind<K extends PatternKind> = Extract<Pattern, { readonly kind: K }>;

/** What one pattern says about one cause. */
export interface Trait {
  readonly for: boolean;
  readonly weight: Weight;
  /** Shared with the cause's own clue about the same observation, so that it counts once. */
  readonly group: string;
  /** What the pattern means for the cause; the end of the clue's sentence. */
  readonly means: string;
  readonly shownBy: (pattern: Pattern) => boolean;
}

/** Traits by cause id. */
export type Fingerprints = Readonly<Record<string, readonly Trait[]>>;

const trait =
  (isFor: boolean) =>
  <K extends PatternKind>(
    kind: K,
    weight: Weight,
    group: string,
    means: string,
    when: (pattern: OfKind<K>) => boolean = () => true,
  ): Trait => ({
    for: isFor,
    weight,
    group,
    means,
    shownBy: (pattern) => pattern.kind === kind && when(pattern as OfKind<K>),
  });

/** `fits("memoryless", "moderate", "scatter", "a race knows no moment")` */
export const fits = trait(true);
export const denies = trait(false);
