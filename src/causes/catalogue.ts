import type { Cause } from "./define-cause.ts";
import { noEndpointsSelectorMismatch } from "./service/no-endpoints-selector-mismatch.ts";

/** Every cause the tool knows, by hop from the client inwards. */
export const catalogue: readonly Cause[] = [
  // service
  noEndpointsSelectorMismatch,
];
