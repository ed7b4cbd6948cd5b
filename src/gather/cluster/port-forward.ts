import { Duplex, PassThrough, Writable } from "node:stream";
import type { Connection } from "./connection.ts";
import { quoteWord } from "./problem.ts";

/** Why nothing could be forwarded. */
export class ForwardProblem extends Error {
  override readonly name = "ForwardProblem";
  /**
   * "refused" and "unreachable": the node reached the pod and nothing listens there; "forbidden": the right is missing;
   * "failed": anything else, which says nothing of the pod.
   */
  readonly kind: "refused" | "unreachable" | "forbidden" | "gone" | "failed";
  /** What somebody with more rights can type to grant what is missing. */
  readonly next?: string;

  constructor(kind: ForwardProblem["kind"], message: string, next?: string) {
    super(message);
    this.kind = kind;
    if (next !== undefined) this.next = next;
  }
}

export interface PodPlace {
  readonly namespace: string;
  readonly name: string;
  readonly port: number;
}

/**
 * A connection to a port of a pod's own loopback device, through the API server and the kubelet. It is open before
 * the kubelet has connected: that nothing listens comes as an error of the stream.
 * @throws ForwardProblem
 */
export async function openPortForward(
  connection: Connection,
  { namespace, name, port }: PodPlace,
  deadlineMs: number,
): Promise<Duplex> {
  const { PortForward } = await import("@kubernetes/client-node");
  const forward = new PortForward(await asKubeConfig(connection, deadlineMs));
  const input = new PassThrough();
  const duplex = new Duplex({
    write: (chunk, _, done) => void input.write(chunk, () => done()),
    read: () => {},
    // The WebSocket has no half-closed state: it is closed when the answer is read.
    final: (done) => done(),
    destroy: (error, done) => {
      socket?.close();
      done(error);
    },
  });
  // An error may come before anybody listens; it is then told below, or by `errored`.
  duplex.on("error", () => {});
  const output = new Writable({
    write: (chunk: Buffer, _, done) => {
      if (!duplex.destroyed) duplex.push(chunk);
      done();
    },
  });
  let said = "";
  const errors = new Writable({
    write: (chunk: Buffer, _, done) => {
      said += chunk.toString("utf8");
      if (said !== "") duplex.destroy(problemOfText(said));
      done();
    },
  });
  let socket: { close(): void } | undefined;
  try {
    const path = [encodeURIComponent(namespace), encodeURIComponent(name)] as const;
    const opened = await forward.portForward(...path, [port], output, errors, input);
    if (typeof opened === "function") throw new Error("it is not to be reopened, and is");
    socket = opened;
    const end = (): void => void (duplex.destroyed || duplex.push(null));
    opened.addEventListener("close", end);
    if (opened.readyState > opened.OPEN) end();
    if (duplex.errored !== null) throw duplex.errored;
    return duplex;
  } catch (error) {
    throw error instanceof ForwardProblem ? error : handshakeProblem(error, connection, namespace, name);
  }
}

/** What client-node asks of a KubeConfig, answered from a connection whose credentials are there already. */
async function asKubeConfig({ server, agent, headers, auth }: Connection, handshakeTimeout: number) {
  const { KubeConfig } = await import("@kubernetes/client-node");
  class Connected extends KubeConfig {
    override getCurrentCluster() {
      return { name: "", server: server.href.replace(/\/$/, ""), skipTLSVerify: false };
    }

    override applyToHTTPSOptions(options: object): Promise<void> {
      Object.assign(options, { agent, headers: { ...headers, "User-Agent": "why5xx" }, handshakeTimeout });
      if (auth !== undefined) Object.assign(options, { auth });
      return Promise.resolve();
    }
  }
  return new Connected();
}

/** ws tells a refused handshake by its status alone: "Unexpected server response: 403". */
function handshakeProblem(
  error: unknown,
  connection: Connection,
  namespace: string,
  name: string,
): ForwardProblem {
  const said = messageOf(error);
  const status = Number(/Unexpected server response: (\d{3})/.exec(said)?.[1] ?? 0);
  const who = connection.user === "" ? "" : `${connection.user} `;
  if (status === 403)
    return new ForwardProblem(
      "forbidden",
      `forbidden: ${who}may not get and create pods/portforward in namespace ${namespace}`,
      grantText(connection, namespace),
    );
  if (status === 401)
    return new ForwardProblem("failed", "unauthorized: the API server does not accept the credentials");
  if (status === 404) return new ForwardProblem("gone", `there is no pod ${namespace}/${name} any more`);
  if (status > 0)
    return new ForwardProblem(
      "failed",
      `the API server answered ${status} instead of opening a port-forward`,
    );
  return new ForwardProblem("failed", `no port-forward could be opened: ${said}`);
}

/** A WebSocket is a GET, and since Kubernetes 1.35 "create" is asked for as well (kubernetes/kubernetes#134577). */
function grantText({ kubectl }: Connection, namespace: string): string {
  const where = `-n ${quoteWord(namespace)}`;
  const role = `create role why5xx-probe --verb=get,create --resource=pods/portforward ${where}`;
  return `${kubectl(role)} && ${kubectl(`create rolebinding why5xx-probe --role=why5xx-probe --user=USER ${where}`)}`;
}

const messageOf = (error: unknown): string =>
  typeof error === "object" && error !== null && "message" in error && error.message !== ""
    ? String(error.message)
    : String(error);

/** The runtime's words: "dial tcp4 127.0.0.1:8080: connect: connection refused" (containerd, CRI-O). */
function problemOfText(said: string): ForwardProblem {
  const text = said.trim().slice(0, 500);
  if (/connection refused|ECONNREFUSED/i.test(text)) return new ForwardProblem("refused", text);
  if (/timed? ?out|no route|unreachable/i.test(text)) return new ForwardProblem("unreachable", text);
  if (/not found|not running|no such/i.test(text)) return new ForwardProblem("gone", text);
  return new ForwardProblem("failed", text);
}
