/** One part of a line that a CRI runtime split, or its last ("F"). */
export interface CriPart {
  readonly of: string;
  /** What stands before the whole line: its first part's time, with the tag F. */
  readonly head: string;
  readonly bytes: Buffer;
  readonly more: boolean;
}

const head = /^(\S{20,40} (stdout|stderr)) ([FP])(?::\S{0,60})?(?: |$)/;

/** "TIME stdout P text" (kubernetes pkg/kubelet/kuberuntime/logs); undefined for other lines. */
export function criPartOf(bytes: Buffer, start: number, end: number): CriPart | undefined {
  const m = head.exec(bytes.toString("latin1", start, Math.min(end, start + 120)));
  if (m === null) return undefined;
  const text = bytes.subarray(start + m[0].length, end);
  return { of: `cri ${m[2]}`, head: `${m[1]} F `, bytes: text, more: m[3] === "P" };
}
