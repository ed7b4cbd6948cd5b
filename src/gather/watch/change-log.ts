import type { Change, ChangeType, WatchedResource } from "../../evidence/change-record.ts";
import type { KindMap } from "../../evidence/kinds.ts";
import { cutObject } from "./cut-object.ts";

/** The changes so far, in bounded memory. What a change leaves as it was is no change. */
export interface ChangeLog {
  put(type: ChangeType, list: ListName, object: KindMap[WatchedResource]): void;
  /** The whole list was read, for the first time or anew: what is no more in it was deleted meanwhile. */
  relist(list: ListName, objects: readonly KindMap[WatchedResource][], isFirst: boolean): void;
  changes(): readonly Change[];
  dropped(): number;
}

/** Of JSON as it would be written: some 20,000 changes of pods. */
const defaultMaxBytes = 24 << 20;

interface Known {
  readonly text: string;
  readonly list: string;
  readonly object: KindMap[WatchedResource];
}

/** A watched list; one that is read anew speaks for its own objects only. */
interface ListName {
  readonly resource: WatchedResource;
  readonly key: string;
}

export function openChangeLog(
  nowMs: () => number,
  onChange: (change: Change) => void,
  maxBytes = defaultMaxBytes,
): ChangeLog {
  let kept: Kept[] = [];
  const known = new Map<string, Known>();
  let sizeBytes = 0;
  let dropped = 0;
  const keep = (change: Change, size: number): void => {
    onChange(change);
    if (sizeBytes + size > maxBytes) {
      const before = kept.length;
      kept = withoutOld(kept);
      dropped += before - kept.length;
      sizeBytes = kept.reduce((sum, each) => sum + each.size, 0);
    }
    if (sizeBytes + size > maxBytes) {
      dropped += 1;
      return;
    }
    sizeBytes += size;
    kept.push({ change, key: keyOf(change.resource, change.object), size });
  };
  const put: ChangeLog["put"] = (type, { resource, key: list }, whole) => {
    const object = cutObject(resource, whole);
    const key = keyOf(resource, object);
    const before = known.get(key);
    const text = JSON.stringify(object);
    if (type === "deleted") known.delete(key);
    else if (before?.text === text) return;
    // Events are many and soon gone; that one is there says nothing.
    else if (resource !== "events") known.set(key, { text, list, object });
    const told = type === "added" && before !== undefined ? "modified" : type;
    keep({ atMs: nowMs(), type: told, resource, object } as Change, text.length);
  };
  return {
    put,
    relist: (list, objects, isFirst) => {
      const there = new Set(objects.map((object) => keyOf(list.resource, object)));
      for (const [key, gone] of known)
        if (gone.list === list.key && !there.has(key)) put("deleted", list, gone.object);
      for (const object of objects) put(isFirst ? "listed" : "added", list, object);
    },
    changes: () => kept.map(({ change }) => change),
    dropped: () => dropped,
  };
}

interface Kept {
  readonly change: Change;
  readonly key: string;
  readonly size: number;
}

/** Of the older half only how each object that is still there was last; what is left of each begins as it came. */
function withoutOld(kept: readonly Kept[]): Kept[] {
  const half = Math.ceil(kept.length / 2);
  const first = new Map<string, Change["type"]>();
  const last = new Map<string, number>();
  kept.forEach(({ key, change }, i) => {
    if (!first.has(key)) first.set(key, change.type);
    last.set(key, i);
  });
  const left = kept.filter(
    ({ change: { type, resource }, key }, i) =>
      i >= half || (last.get(key) === i && type !== "deleted" && resource !== "events"),
  );
  const begun = new Set<string>();
  return left.map((each): Kept => {
    const { change, key } = each;
    const isFirst = !begun.has(key);
    begun.add(key);
    if (!isFirst || change.type !== "modified") return each;
    return { ...each, change: { ...change, type: first.get(key) ?? change.type } };
  });
}

/** A pod of the same name with another uid is another pod. */
const keyOf = (resource: WatchedResource, { metadata }: KindMap[WatchedResource]): string =>
  `${resource} ${metadata?.namespace ?? ""}/${metadata?.name ?? ""} ${metadata?.uid ?? ""}`;
