import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import type { Pod } from "kubernetes-types/core/v1";
import type { Cluster } from "./cluster.ts";
import { loggedRequest, type LoggedRequest } from "./request-log.ts";
import { type ApiRequest, parseRequest, type ResourcePath } from "./request.ts";
import { authorize } from "./route.ts";
import { badRequest, failure, internalError, objectNotFound, StatusError, unauthorized } from "./status.ts";
import { openWebSocket, upgradeText } from "./web-socket.ts";

/**
 * Connects to a port of the loopback device of a pod ("namespace/name"), as the kubelet's runtime does.
 * @throws Error, also later as an error of the stream, with what the runtime says
 */
export type ConnectInPod = (pod: string, port: number) => Duplex;

interface PortForwardOptions {
  readonly requests: LoggedRequest[];
  readonly token?: string;
  readonly connectInPod?: ConnectInPod;
}

/**
 * What the kubelet takes of a WebSocket (kubernetes/kubernetes pkg/kubelet/cri/streaming/portforward/websocket.go);
 * a client that asks for none gets none. kubectl's own "SPDY/3.1+portforward.k8s.io" is not among them.
 */
const protocol = "v4.channel.k8s.io";
const data = 0;
const errors = 1;

/** Answers upgrades of GET .../pods/NAME/portforward?ports=PORT: the bytes of a TCP connection on numbered channels. */
export function openPortForwards(
  cluster: Cluster,
  options: PortForwardOptions,
): (incoming: IncomingMessage, socket: Duplex, head: Buffer) => void {
  return (incoming, socket, head) => {
    const { url = "/", headers, method = "GET" } = incoming;
    socket.on("error", () => socket.destroy());
    let logged: LoggedRequest | undefined;
    try {
      const impersonated = headers["impersonate-user"]?.toString();
      const request = parseRequest(method, url, headers.accept ?? "", impersonated);
      logged = loggedRequest(request, url, headers["user-agent"] ?? "");
      options.requests.push(logged);
      if (options.token !== undefined && headers.authorization !== `Bearer ${options.token}`)
        throw unauthorized();
      const { pod, port } = wantedOf(cluster, request, headers.upgrade);
      if (options.connectInPod === undefined)
        throw internalError("no kubelet answers port-forwards of this cluster");
      const chosen = protocolOf(headers["sec-websocket-protocol"]);
      logged.code = 101;
      socket.write(upgradeText(headers["sec-websocket-key"] ?? "", chosen));
      passOn(socket, head, pod, port, options.connectInPod);
    } catch (error) {
      const { status } = error instanceof StatusError ? error : internalError(String(error));
      if (logged !== undefined) logged.code = status.code;
      const body = JSON.stringify(status);
      socket.end(
        `HTTP/1.1 ${status.code} ${status.reason}\r\nContent-Type: application/json\r\nContent-Length: ${Buffer.byteLength(body)}\r\nConnection: close\r\n\r\n${body}`,
      );
    }
  };
}

function wantedOf(cluster: Cluster, request: ApiRequest, upgrade: string | undefined) {
  const path = request.resource;
  if (path?.resource !== "pods" || path.subresource !== "portforward" || path.group !== "")
    throw badRequest("only pods/portforward is upgraded");
  permit(cluster, request, path);
  if (upgrade?.toLowerCase() !== "websocket") throw badRequest("Upgrade request required");
  const name = path.name ?? "";
  const pod = cluster.store.get("pods", name, path.namespace)?.object as Pod | undefined;
  if (pod === undefined) throw objectNotFound("pods", "", name);
  // kubernetes/kubernetes pkg/registry/core/pod/strategy.go, streamLocation.
  if ((pod.spec?.nodeName ?? "") === "") throw badRequest(`pod ${name} does not have a host assigned`);
  // kubernetes/kubernetes pkg/kubelet/kubelet_pods.go, GetPortForward: only pods with a sandbox.
  if (pod.status?.phase !== "Running")
    throw failure(
      500,
      "InternalError",
      `unable to forward port because pod is not running. Current status=${pod.status?.phase ?? "Pending"}`,
    );
  const port = Number(request.query.get("ports"));
  if (!Number.isInteger(port) || port < 1 || port > 65_535)
    throw badRequest(
      `query parameter "ports" is required: unable to parse "${request.query.get("ports") ?? ""}" as a port`,
    );
  return { pod: `${path.namespace ?? ""}/${name}`, port };
}

/**
 * An upgrade is a GET and so is judged as "get"; since 1.35 "create" is needed too (gate
 * AuthorizePodWebsocketUpgradeCreatePermission, kubernetes/kubernetes#134577).
 */
function permit(cluster: Cluster, request: ApiRequest, path: ResourcePath): void {
  authorize(cluster, request, path);
  const minor = Number(/^v1\.(\d+)/.exec(cluster.settings.version)?.[1] ?? 0);
  if (minor >= 35) authorize(cluster, { ...request, verb: "create" }, path);
}

/** Undefined: none was asked for. */
function protocolOf(asked: string | undefined): string | undefined {
  if (asked === undefined) return undefined;
  if (asked.split(",").some((name) => name.trim() === protocol)) return protocol;
  throw badRequest(`unable to upgrade: none of the protocols is spoken here: ${asked}`);
}

function passOn(socket: Duplex, head: Buffer, pod: string, port: number, connectInPod: ConnectInPod): void {
  const inside = connectInPod(pod, port);
  const near = openWebSocket(socket, head, {
    onMessage: (message) => {
      if (message[0] === data && message.length > 1) inside.write(message.subarray(1));
    },
    onClose: () => inside.destroy(),
  });
  // Each channel begins with the port it is of, little-endian.
  const portBytes = [port & 0xff, port >> 8];
  near.send(Buffer.from([data, ...portBytes]));
  near.send(Buffer.from([errors, ...portBytes]));
  inside.on("data", (bytes: Buffer) => near.send(Buffer.concat([Buffer.from([data]), bytes])));
  inside.on("error", (error) => {
    const text = `error forwarding port ${port} to pod ${pod.split("/")[1]}, uid : ${error.message}`;
    near.send(Buffer.concat([Buffer.from([errors]), Buffer.from(text)]));
    near.close();
  });
  inside.on("end", () => near.close());
}
