import type { StoredResource } from "./stored-kinds.ts";
import type { StoredObject } from "./stored-object.ts";

/** One change of the cluster's state, as watches send it. */
export interface Change {
  readonly type: "ADDED" | "MODIFIED" | "DELETED";
  readonly resource: StoredResource;
  readonly object: StoredObject;
  /** The object before a MODIFIED or DELETED. */
  readonly before?: StoredObject;
}

/** The newest changes, for watches that begin in the past, and the listeners of those that are open. */
export interface ChangeHistory {
  record(change: Change): void;
  /** Changes after a revision; undefined when some of them are no longer remembered (410 Gone). */
  changesSince(revision: number): readonly Change[] | undefined;
  /** Calls back at every change until the returned function is called. */
  subscribe(listener: (change: Change) => void): () => void;
}

const rememberedChanges = 1000;

/** @param firstRevision the revision of the state before any change */
export function openHistory(firstRevision: number): ChangeHistory {
  const changes: Change[] = [];
  const listeners = new Set<(change: Change) => void>();
  /** From this revision on, nothing is missing. */
  let complete = firstRevision;
  /** Changes that listeners have yet to hear of: a listener that writes must not make others hear of it first. */
  const untold: Change[] = [];
  let isTelling = false;
  const tell = (): void => {
    if (isTelling) return;
    isTelling = true;
    try {
      for (let change = untold.shift(); change !== undefined; change = untold.shift())
        for (const listener of listeners) listener(change);
    } finally {
      isTelling = false;
    }
  };
  return {
    record: (change) => {
      changes.push(change);
      if (changes.length > rememberedChanges) complete = changes.shift()?.object.revision ?? complete;
      untold.push(change);
      tell();
    },
    changesSince: (since) =>
      since < complete ? undefined : changes.filter((change) => change.object.revision > since),
    subscribe: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
