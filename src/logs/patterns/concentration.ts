/** Where the pod that has an address of the log runs, and of which revision it is. */
export interface Place {
  readonly node?: string;
  /** Hash of its template. */
  readonly revision?: string;
}

/** By address as the log writes it: "10.42.3.17:8080". */
export type Places = ReadonlyMap<string, Place>;
