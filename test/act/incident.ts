import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach } from "vitest";
import { evidenceOf, frozenCases } from "../../corpus/frozen-cases.ts";
import { type ServedCluster, serveCluster } from "../../lab/api-server/serve.ts";
import type { JournalEntry } from "../../src/act/journal.ts";
import { type Ran, runProgram } from "../cli/run-program.ts";

const closers: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  await Promise.all(closers.splice(0).map((close) => close()));
});

export interface Incident {
  readonly cluster: ServedCluster;
  /** "127.0.0.1:PORT" of a gateway that answers by what the Service says now. */
  readonly gateway: string;
  run(args: readonly string[]): Promise<Ran>;
  journal(): JournalEntry[];
  port(): unknown;
}

/** The recorded incident of a wrong targetPort as a cluster that takes writes, with a gateway in front of it. */
export async function incident(answer: (targetPort: unknown) => number): Promise<Incident> {
  const recorded = frozenCases().find((c) => c.id === "target-port-nobody-listens-on");
  if (recorded === undefined) throw new Error("the recorded incident is gone");
  const evidence = await evidenceOf(recorded);
  // The time of the recording, or its logs would be too old to be read.
  const nowMs = (): number => Date.parse(evidence.collectedAt);
  const cluster = await serveCluster(evidence, { writable: true, nowMs });
  const state = mkdtempSync(join(tmpdir(), "why5xx-state-"));
  const port = (): unknown => {
    const service = cluster.store.get("services", "cart", "shop")?.object as
      | { spec?: { ports?: { targetPort?: unknown }[] } }
      | undefined;
    return service?.spec?.ports?.[0]?.targetPort;
  };
  const server = createServer((_, response) => response.writeHead(answer(port())).end());
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  closers.push(
    () => cluster.close(),
    () => closed(server),
    () => rmSync(state, { recursive: true, force: true }),
  );
  const folder = join(state, "why5xx", "journal");
  return {
    cluster,
    gateway: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    run: (args) => runProgram(args, { env: { KUBECONFIG: cluster.kubeconfigPath, XDG_STATE_HOME: state } }),
    journal: () =>
      readdirSync(folder).map((name) => JSON.parse(readFileSync(join(folder, name), "utf8")) as JournalEntry),
    port,
  };
}

function closed(server: Server): Promise<void> {
  server.closeAllConnections();
  return new Promise((resolve) => void server.close(() => resolve()));
}
