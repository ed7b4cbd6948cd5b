/** Time as the API writes it (metav1.Time): whole seconds, UTC. */
export const kubeTime = (ms: number): string => `${new Date(ms).toISOString().slice(0, 19)}Z`;

const pad = (value: number, digits: number): string => String(value).padStart(digits, "0");

/** RFC 3339 with nine digits, as container runtimes stamp log lines; the machine tells microseconds. */
export function stampOf(ms: number): string {
  const wholeMs = Math.floor(ms);
  const nanos = Math.floor((ms - wholeMs) * 1e6);
  return `${new Date(wholeMs).toISOString().slice(0, 23)}${pad(nanos, 6)}Z`;
}
