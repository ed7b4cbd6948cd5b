import type { Failure } from "../cluster/answer.ts";
import type { Connection } from "../cluster/connection.ts";

/** Whether it is worth asking again after a failure, as the credentials have just been renewed. */
export type Renewal = (failure: Failure) => Promise<boolean>;

/** Several streams are refused at once when a token ends: it is renewed for all of them. */
const togetherMs = 30_000;

export function renewalOf({ renew }: Connection): Renewal {
  let lastMs = Number.NEGATIVE_INFINITY;
  let last: Promise<boolean> = Promise.resolve(false);
  return (failure) => {
    if (failure.kind !== "unauthorized" || renew === undefined) return Promise.resolve(false);
    if (performance.now() - lastMs > togetherMs) {
      lastMs = performance.now();
      last = renew().then(
        () => true,
        () => false,
      );
    }
    return last;
  };
}
