export type KlogSeverity = "I" | "W" | "E" | "F";

/** Process id that the lines name: the controller's in its container, behind dumb-init. */
const processId = 7;

/**
 * A line of klog: "W1124 11:22:33.123456       7 controller.go:1241] text".
 * @param place file and line that write it upstream
 */
export function klogLine(severity: KlogSeverity, place: string, text: string, nowMs: number): string {
  const at = new Date(nowMs).toISOString();
  const micros = String(Math.floor((nowMs % 1) * 1000)).padStart(3, "0");
  const time = `${at.slice(5, 7)}${at.slice(8, 10)} ${at.slice(11, 23)}${micros}`;
  return `${severity}${time} ${String(processId).padStart(7)} ${place}] ${text}`;
}

/** Text of a structured line (klog.InfoS): the message quoted, then key="value" pairs. */
export const structured = (message: string, pairs: Readonly<Record<string, string>> = {}): string =>
  [
    JSON.stringify(message),
    ...Object.entries(pairs).map(([key, value]) => `${key}=${JSON.stringify(value)}`),
  ].join(" ");
