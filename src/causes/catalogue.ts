import type { Cause } from "./define-cause.ts";

/** Every cause the tool knows, by hop from the client inwards. */
export const catalogue: readonly Cause[] = [];
