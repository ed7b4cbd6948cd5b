import type { Limits } from "../../../base/limits.ts";
import type { EvidenceSource } from "../../../evidence/evidence.ts";
import type { Gathered } from "../gathered.ts";
import type { SourceTree } from "../source-tree.ts";

/** One way in which tools lay out what they collected. */
export interface Layout {
  readonly kind: EvidenceSource["kind"];
  /** Whether the files have this layout; `name` is the folder's or archive's own. */
  readonly recognises: (tree: SourceTree) => boolean;
  /** Fills `gathered`. Gives the moment of collection when the tool wrote it down. */
  readonly read: (reading: Reading) => number | undefined;
}

export interface Reading {
  readonly tree: SourceTree;
  /** Base name of the folder or archive. */
  readonly name: string;
  readonly gathered: Gathered;
  readonly limits: Limits;
}
