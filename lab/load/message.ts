import type { Traffic, TriedRequest } from "./tried-request.ts";

/** To the process that sends the requests. */
export type LoadOrder =
  | {
      readonly type: "start";
      readonly traffic: readonly Traffic[];
      readonly seed: number;
      /** Absent: until it is told to finish. */
      readonly seconds?: number;
      readonly targets: readonly string[];
    }
  /** Where new requests go, in turn. */
  | { readonly type: "targets"; readonly targets: readonly string[] }
  /** Nothing more is sent; what is under way may end. */
  | { readonly type: "finish" };

/** From it: what has ended since the last message. */
export interface LoadReport {
  readonly tried: readonly TriedRequest[];
  readonly isOver: boolean;
}
