import { join } from "node:path";
import type { Evidence } from "../../src/evidence/evidence.ts";
import { openSource } from "../../src/gather/open-source.ts";
import { onDisk } from "./disk.ts";
import * as texts from "./transcript-text.ts";

/** Commands and answers from which tests put transcripts together. */

export const pods = `NAME                    READY   STATUS             RESTARTS      AGE    IP         NODE     NOMINATED NODE   READINESS GATES
web-5d9c7b6f4-k2x7p     0/1     CrashLoopBackOff   3 (9s ago)    100s   10.9.0.7   node-a   <none>           <none>
web-5d9c7b6f4-zzzzz     1/1     Running            0             2d3h   10.9.0.8   node-b   <none>           <none>
`;
export const services = `NAME   TYPE       CLUSTER-IP   EXTERNAL-IP   PORT(S)                       AGE   SELECTOR
web    NodePort   10.8.0.4     <none>        80:30080/TCP,9090:30090/TCP   40h   app=web,tier=front
api    ClusterIP  None         <none>        8080/TCP                      40h   app=api
`;

export const read = (text: string): Promise<Evidence> =>
  openSource(join(onDisk({ "session.txt": text }), "session.txt"));
export const asked = (...parts: readonly (readonly [command: string, output: string])[]): string =>
  parts.map(([command, output]) => `$ ${command}\n${output}\n`).join("\n");

export const date = ["date --iso-8601=seconds", "2026-11-18T11:31:00+01:00"] as const;
export const getPods = ["kubectl get pods -n store -o wide", pods] as const;
export const describePod = ["kubectl describe pod web-5d9c7b6f4-k2x7p -n store", texts.podText] as const;
