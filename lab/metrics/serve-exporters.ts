import type { Pod } from "kubernetes-types/core/v1";
import { createServer, get, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { Store } from "../api-server/store.ts";
import type { ContainerReading } from "../kubelet/reading.ts";
import type { Stop } from "../machine/machine.ts";
import { cadvisorFamilies } from "./cadvisor.ts";
import { expositionText, expositionType } from "./exposition.ts";
import { kubeStateFamilies } from "./kube-state/kube-state-metrics.ts";

interface ExporterParts {
  readonly store: Store;
  readonly readings: () => readonly ContainerReading[];
}

/** Where a gateway's pod tells its metrics, by its label app.kubernetes.io/name. */
const gatewayPorts: Readonly<Record<string, number>> = { "ingress-nginx": 10254, "haproxy-ingress": 9101 };

const isRunning = ({ status }: Pod): boolean => status?.phase === "Running" && status.podIP !== undefined;

/**
 * All that is to be scraped of a lab behind one port of the loopback device:
 *
 *     /targets             what there is, for Prometheus' http_sd_configs
 *     /kube-state-metrics  the cluster's objects
 *     /cadvisor/NODE       containers of a node
 *     /pods/NAMESPACE/POD  what a gateway's pod tells itself
 */
export async function serveExporters(
  parts: ExporterParts,
): Promise<{ readonly port: number; readonly stop: Stop }> {
  const server = createServer((request, response) => void answer(parts, request, response));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    port: (server.address() as AddressInfo).port,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function answer(
  { store, readings }: ExporterParts,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const [, what = "", ...rest] = new URL(request.url ?? "/", "http://lab").pathname.split("/");
  const tell = (text: string | undefined, type = expositionType): void => {
    response.writeHead(text === undefined ? 404 : 200, { "content-type": type }).end(text ?? "not found\n");
  };
  if (what === "targets") tell(JSON.stringify(targets(store)), "application/json");
  else if (what === "kube-state-metrics") tell(expositionText(kubeStateFamilies(store)));
  else if (what === "cadvisor")
    tell(expositionText(cadvisorFamilies(readings().filter(({ node }) => node === rest[0]))));
  else if (what === "pods") tell(await ofGatewayPod(store, rest));
  else tell(undefined);
}

const gatewayPods = (store: Store): Pod[] =>
  store
    .list("pods")
    .map(({ object }) => object as Pod)
    .filter((pod) => portOf(pod) !== undefined && isRunning(pod));

const portOf = ({ metadata }: Pod): number | undefined =>
  gatewayPorts[metadata?.labels?.["app.kubernetes.io/name"] ?? ""];

interface TargetGroup {
  readonly targets: readonly [string];
  readonly labels: Readonly<Record<string, string>>;
}

/** Target labels as the usual ServiceMonitors make them; the address is the scraper's to fill in. */
function targets(store: Store): TargetGroup[] {
  const group = (job: string, path: string, labels: TargetGroup["labels"]): TargetGroup => ({
    targets: ["lab:80"],
    labels: { job, __metrics_path__: path, ...labels },
  });
  return [
    group("kube-state-metrics", "/kube-state-metrics", { instance: "kube-state-metrics:8080" }),
    ...store
      .list("nodes")
      .map(({ name }) => group("kubelet", `/cadvisor/${name}`, { instance: `${name}:10250`, node: name })),
    ...gatewayPods(store).map((pod) => {
      const { namespace = "", name = "", labels } = pod.metadata ?? {};
      const instance = `${pod.status?.podIP}:${portOf(pod)}`;
      const job = labels?.["app.kubernetes.io/name"] ?? "";
      return group(job, `/pods/${namespace}/${name}`, { instance, namespace, pod: name });
    }),
  ];
}

/** Undefined when there is no such pod, or it does not answer: the scrape fails, as it would. */
async function ofGatewayPod(store: Store, [namespace, name]: readonly string[]): Promise<string | undefined> {
  const pod = gatewayPods(store).find(
    ({ metadata }) => metadata?.namespace === namespace && metadata?.name === name,
  );
  const host = pod?.status?.podIP;
  const port = pod === undefined ? undefined : portOf(pod);
  if (host === undefined || port === undefined) return undefined;
  return new Promise((resolve) => {
    const sent = get({ host, port, path: "/metrics", agent: false, timeout: 2000 }, (answered) => {
      let text = "";
      answered.setEncoding("utf8").on("data", (part: string) => (text += part));
      answered.once("end", () => resolve(text)).once("error", () => resolve(undefined));
    });
    sent.once("timeout", () => sent.destroy());
    sent.once("error", () => resolve(undefined));
  });
}
