import { atMs } from "./time.ts";

/** One line of a log with the time it was written (whole seconds for nginx's formats). */
export interface Line {
  readonly atMs: number;
  readonly text: string;
}

/** Lines in order of time; lines of one instant keep the order in which they were given. */
export const inOrder = (lines: readonly Line[]): Line[] => [...lines].sort((a, b) => a.atMs - b.atMs);

/** A line of the controller itself, as klog writes it: klog("W", "-5m", "controller.go:1225", "Service …"). */
export function klog(level: "I" | "W" | "E", when: string, where: string, message: string): Line {
  const ms = atMs(when);
  const iso = new Date(ms).toISOString();
  const stamp = `${iso.slice(5, 7)}${iso.slice(8, 10)} ${iso.slice(11, 19)}.${iso.slice(20, 23)}417`;
  return { atMs: ms, text: `${level}${stamp}       7 ${where}] ${message}` };
}

/** The warning that the controller repeats while a Service has no ready endpoint. */
export const noActiveEndpoint = (when: string, service: string): Line =>
  klog("W", when, "controller.go:1225", `Service "${service}" does not have any active Endpoint.`);

export const serviceNotFound = (when: string, service: string): Line =>
  klog(
    "W",
    when,
    "controller.go:1135",
    `Error obtaining Endpoints for Service "${service}": no object matching key "${service}" in local store`,
  );

export const reloaded = (when: string): Line[] => [
  klog("I", when, "controller.go:215", '"Configuration changes detected, backend reload required"'),
  klog("I", when, "controller.go:231", '"Backend successfully reloaded"'),
];
