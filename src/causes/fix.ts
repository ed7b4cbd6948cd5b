import type { ObjectRef } from "../evidence/object-ref.ts";

/**
 * safe: cannot make things worse and undoes itself by applying the old value. unsafe: changes
 * behaviour, restarts pods or needs a human's value. display-only: advice, no command can do it.
 */
type Applicability = "safe" | "unsafe" | "display-only";

export interface Fix {
  /** Imperative, with the concrete values: "Set targetPort of Service shop/cart to 8080". */
  readonly title: string;
  readonly applicability: Applicability;
  /** Shell commands; every name that comes from the cluster is quoted. */
  readonly commands: readonly string[];
  readonly patch?: {
    readonly object: ObjectRef;
    /** create: `body` is the whole object, which is not there yet. */
    readonly type: "merge" | "json" | "strategic" | "create";
    readonly body: unknown;
  };
  /** What it does beside the change: "restarts every pod of the Deployment". */
  readonly effect?: string;
}
