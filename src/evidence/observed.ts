/**
 * A fact in one of three states. Unknown is not absent: a forbidden list or a missing log says
 * nothing about the cluster, and no cause may be supported by it.
 */
export type Observed<T> = Present<T> | Absent | Unknown;

export interface Present<T> {
  readonly state: "present";
  readonly value: T;
}

/** We looked, with the right to see it, and it is not there. */
export interface Absent {
  readonly state: "absent";
  /** What was looked for and where, as a sentence fragment: "no Service shop/cart". */
  readonly why: string;
}

/** We could not look, or what we read was not usable. */
export interface Unknown {
  readonly state: "unknown";
  /** The raw evidence that is missing: "pods", "gateway-log", "network-policies". */
  readonly evidence: string;
  /** Why, in words a reader can act on: "forbidden: cannot list pods in shop". */
  readonly reason: string;
}

export const present = <T>(value: T): Present<T> => ({ state: "present", value });
export const absent = (why: string): Absent => ({ state: "absent", why });
export const unknown = (evidence: string, reason: string): Unknown => ({
  state: "unknown",
  evidence,
  reason,
});

/** Applies `f` to a present value and passes the other two states through. */
export function mapObserved<T, U>(observed: Observed<T>, f: (value: T) => U): Observed<U> {
  return observed.state === "present" ? present(f(observed.value)) : observed;
}
