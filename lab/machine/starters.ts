import type { Starter } from "./starter.ts";

/** All parts of a lab, in the order they start; they stop in the reverse one. */
export const starters: readonly Starter[] = [];
