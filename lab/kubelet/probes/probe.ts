import type { Container, Probe } from "kubernetes-types/core/v1";
import { execIn } from "../container/exec.ts";
import type { Command } from "../container/process.ts";
import { durationText } from "../back-off.ts";
import { probeHttp } from "./http.ts";
import { failure, probeError, type ProbeOutcome, success } from "./outcome.ts";
import { probeTcp } from "./tcp.ts";

/** A running container, as a probe or a hook finds it. */
export interface RunningContainer {
  readonly spec: Container;
  readonly podIp: string;
  readonly pid: number | undefined;
  readonly command: Command;
}

export const secondsMs = (seconds: number | undefined, standard: number): number =>
  (seconds ?? standard) * 1000;

/** One try (kubernetes/kubernetes pkg/kubelet/prober/prober.go, runProbe). */
export async function runProbe(probe: Probe, target: RunningContainer): Promise<ProbeOutcome> {
  const timeoutMs = secondsMs(probe.timeoutSeconds, 1);
  if (probe.exec !== undefined) return probeExec(probe.exec.command ?? [], target, timeoutMs);
  const action = probe.httpGet ?? probe.tcpSocket;
  if (action !== undefined) {
    const port = portOf(action.port, target.spec);
    if (typeof port === "string") return probeError(port);
    const host = action.host === undefined || action.host === "" ? target.podIp : action.host;
    if (probe.httpGet === undefined) return probeTcp(host, port, timeoutMs);
    return probeHttp({ action: probe.httpGet, host, port, timeoutMs });
  }
  if (probe.grpc !== undefined) return probeTcp(target.podIp, probe.grpc.port, timeoutMs);
  return probeError("missing probe handler");
}

async function probeExec(
  command: readonly string[],
  { pid, command: life }: RunningContainer,
  timeoutMs: number,
): Promise<ProbeOutcome> {
  if (pid === undefined) return probeError("container not running");
  const { code, output, hasTimedOut } = await execIn(pid, command, life, timeoutMs);
  if (hasTimedOut)
    return failure(`command timed out: "${command.join(" ")}" timed out after ${durationText(timeoutMs)}`);
  return code === 0 ? success : failure(output);
}

/** A number, or a text that says why there is none (pkg/probe/util.go, ResolveContainerPort). */
export function portOf(port: string | number, container: Container): number | string {
  const named = (container.ports ?? []).find((p) => p.name === port)?.containerPort;
  const number = named ?? Number(port);
  if (Number.isNaN(number)) return `couldn't find containerPort with name ${JSON.stringify(port)}`;
  return number > 0 && number < 65_536 ? number : `invalid port number: ${number}`;
}
