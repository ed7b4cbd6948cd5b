/** What is known of a line once its wrappers are off. */
export interface Peeled {
  text: string;
  /** Kubernetes names as the wrapper has them; empty when it names none. */
  namespace: string;
  pod: string;
  container: string;
  /** Time that a wrapper gives, milliseconds since the epoch; NaN without one. */
  timeMs: number;
  /**
   * Set when the line may have been split: whether more of it follows, and which lines belong together. Not sure when
   * only a missing newline says so.
   */
  part?: { readonly more: boolean; readonly of: string; readonly isSure: boolean };
}

export const newPeeled = (text: string): Peeled => ({
  text,
  namespace: "",
  pod: "",
  container: "",
  timeMs: Number.NaN,
});

/** Names that can stand between brackets and slashes; Kubernetes has no others. */
const name = /^[A-Za-z0-9][A-Za-z0-9._-]{0,252}$/;

/**
 * What `walkLines` takes off again: "[pod/NAMESPACE/NAME/CONTAINER] TIME ", each part only when it is known.
 * The shape is that of `kubectl logs --prefix --timestamps`, with the namespace.
 */
export function headOf(peeled: Peeled): string {
  const time = Number.isNaN(peeled.timeMs) ? "" : `${isoText(peeled.timeMs)} `;
  if (!name.test(peeled.pod)) return time;
  const namespace = name.test(peeled.namespace) ? `${peeled.namespace}/` : "";
  const container = name.test(peeled.container) ? peeled.container : "-";
  return `[pod/${namespace}${peeled.pod}/${container}] ${time}`;
}

const maxDateMs = 253_402_300_799_999;

let lastMs = Number.NaN;
let lastText = "";

/** Lines that follow each other often have one time. */
function isoText(ms: number): string {
  if (ms !== lastMs) lastText = new Date(Math.min(Math.max(ms, 0), maxDateMs)).toISOString();
  lastMs = ms;
  return lastText;
}

/** One message, one line: what a client or an application put into it begins no line of its own. */
export function oneLine(text: string): string {
  const trimmed = text.replace(/[\r\n]+$/, "");
  return trimmed.includes("\n") ? trimmed.replaceAll("\n", "\\n") : trimmed;
}
