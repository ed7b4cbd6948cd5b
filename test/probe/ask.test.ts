import { createServer as createTlsServer } from "node:https";
import { type AddressInfo, connect, createServer, type Server, type Socket } from "node:net";
import { afterEach, describe, expect, test } from "vitest";
import { makeCertificates } from "../../lab/api-server/certificates.ts";
import { type ServeOptions, serveCluster } from "../../lab/api-server/serve.ts";
import { connect as connectCluster } from "../../src/gather/cluster/connection.ts";
import { openPortForward } from "../../src/gather/cluster/port-forward.ts";
import { ask, direct, type ProbeRequest } from "../../src/gather/probe/ask.ts";
import { shopCluster } from "../gather-live/shop.ts";
import { lacks, openssl } from "../support/programs.ts";
import { listening } from "./scene.ts";

const open: { close(): unknown }[] = [];
const sockets = new Set<Socket>();
afterEach(async () => {
  for (const socket of sockets) socket.destroy();
  await Promise.all(open.splice(0).map((each) => each.close()));
});

async function port(server: Server): Promise<number> {
  server.on("connection", (socket) => {
    sockets.add(socket);
    socket.on("error", () => {}).on("close", () => sockets.delete(socket));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  open.push(server);
  return (server.address() as AddressInfo).port;
}

const raw = (onConnection: (socket: Socket) => void): Promise<number> => port(createServer(onConnection));

const request = (more: Partial<ProbeRequest> = {}): ProbeRequest => ({
  method: "GET",
  url: new URL("http://shop.example.com/cart"),
  isInsecure: false,
  deadlineMs: 5000,
  ...more,
});

const asked = (at: number, more: Partial<ProbeRequest> = {}) =>
  ask(request(more), { open: direct("127.0.0.1", at), isSecure: more.url?.protocol === "https:" });

describe("one request tells how far it came", () => {
  test("when nobody listens", async () => {
    const { problem, answer } = await asked(1);
    expect(problem).toMatchObject({ phase: "connect", code: "ECONNREFUSED" });
    expect(answer).toBeUndefined();
  });

  test("when it is taken and not answered", async () => {
    const at = await raw(() => {});
    const { problem } = await asked(at, { deadlineMs: 300 });
    expect(problem).toEqual({ phase: "answer", code: "deadline", text: "nothing came in 0.3 s" });
  });

  test("when the connection is closed instead of an answer", async () => {
    const at = await raw((socket) => socket.on("data", () => socket.destroy()));
    expect((await asked(at)).problem).toMatchObject({ phase: "answer" });
  });

  test("when what comes is no HTTP", async () => {
    const at = await raw((socket) => socket.end("SSH-2.0-OpenSSH_9.6\r\n"));
    expect((await asked(at)).problem).toMatchObject({
      phase: "answer",
      code: expect.stringMatching(/^HPE_/) as string,
    });
  });

  test("when the answer breaks off", async () => {
    const at = await raw((socket) =>
      socket.on("data", () => {
        socket.write("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf");
        setTimeout(() => socket.destroy(), 20);
      }),
    );
    const { problem, answer } = await asked(at);
    expect(problem).toMatchObject({ phase: "body" });
    expect(answer?.status).toBe(200);
  });

  test("and reads no more of a body without end than it needs", async () => {
    const at = await listening((_, response) => {
      const more = (): void => {
        while (!response.destroyed && response.write("x".repeat(65_536)));
        if (!response.destroyed) response.once("drain", more);
      };
      more();
    });
    const { answer, problem } = await asked(at);
    expect(problem).toBeUndefined();
    expect(answer?.bodyBytes).toBe(65_536);
  });
});

describe.skipIf(lacks("probes through TLS", openssl))("certificates", () => {
  const url = new URL("https://localhost/");

  test("that are not trusted stop the request, and are shown", async () => {
    const { certificate, key, authority } = makeCertificates("nobody");
    let requests = 0;
    const server = createTlsServer({ key, cert: `${certificate}${authority}` }, (_, response) => {
      requests++;
      response.end("inside");
    });
    const at = await port(server as unknown as Server);
    const stopped = await asked(at, { url });
    expect(stopped.problem).toMatchObject({ phase: "tls", code: "SELF_SIGNED_CERT_IN_CHAIN" });
    expect(stopped.tls).toMatchObject({
      serverName: "localhost",
      isVerified: false,
      why: expect.stringContaining("does not trust") as string,
      chain: [
        { subject: "localhost", issuer: "why5xx-lab", names: ["localhost", "127.0.0.1"] },
        { subject: "why5xx-lab" },
      ],
    });
    expect(requests).toBe(0);
    const taken = await asked(at, { url, isInsecure: true });
    expect(taken).toMatchObject({ answer: { status: 200, bodyStart: "inside" }, tls: { isVerified: false } });
  });

  test("are waited for no longer than the deadline, and a server that speaks no TLS is told", async () => {
    const silent = await raw(() => {});
    expect((await asked(silent, { url, deadlineMs: 300 })).problem).toMatchObject({
      phase: "tls",
      code: "deadline",
    });
    const plain = await listening((_, response) => response.end());
    expect((await asked(plain, { url })).problem).toMatchObject({ phase: "tls" });
  });
});

describe("a port-forward", () => {
  const place = { namespace: "shop", name: "cart-7d9c-1", port: 8080 };

  async function forwardTo(at: number, options: ServeOptions = {}) {
    const cluster = await serveCluster(shopCluster(), {
      ...options,
      connectInPod: () => connect({ host: "127.0.0.1", port: at }),
    });
    open.push(cluster);
    const connection = await connectCluster({ kubeconfig: cluster.kubeconfigPath });
    open.push({ close: () => connection.agent.destroy() });
    const pod = cluster.store.list("pods")[0]?.object as { metadata: { name: string; namespace: string } };
    const { name, namespace } = pod.metadata;
    return { cluster, connection, pod: { ...place, name, namespace } };
  }

  test.skipIf(lacks("port-forwards through TLS", openssl)).each(["server", "mutual"] as const)(
    "carries an answer of a megabyte through an API server with %s TLS and a token",
    async (tls) => {
      const body = Buffer.alloc(1 << 20, "why5xx ");
      const at = await listening((_, response) => response.end(body));
      const { connection, pod, cluster } = await forwardTo(at, { tls, token: "t0ken" });
      const stream = await openPortForward(connection, pod, 5000);
      stream.write("GET / HTTP/1.0\r\n\r\n");
      const chunks: Buffer[] = [];
      for await (const chunk of stream) chunks.push(chunk as Buffer);
      const whole = Buffer.concat(chunks);
      expect(whole.subarray(-body.length).equals(body)).toBe(true);
      expect(cluster.requests.find((r) => r.resource === "pods/portforward")?.code).toBe(101);
    },
  );

  test("of a pod that is gone, of a cluster without kubelets, and to nobody, each says so", async () => {
    const { connection, pod } = await forwardTo(1);
    const failing = (name: string) => openPortForward(connection, { ...pod, name }, 5000);
    await expect(failing("nobody")).rejects.toMatchObject({ kind: "gone" });
    const refused = await ask(request(), {
      open: () => openPortForward(connection, pod, 5000),
      isSecure: false,
    });
    expect(refused.problem).toMatchObject({ phase: "connect", code: "ECONNREFUSED" });
    const without = await serveCluster(shopCluster());
    open.push(without);
    const other = await connectCluster({ kubeconfig: without.kubeconfigPath });
    open.push({ close: () => other.agent.destroy() });
    const unasked = await ask(request(), { open: () => openPortForward(other, pod, 5000), isSecure: false });
    expect(unasked.unasked?.reason).toContain("answered 500");
  });

  test("acts as who is impersonated", async () => {
    const at = await listening((_, response) => response.end("hello"));
    const { cluster, pod } = await forwardTo(at);
    const connection = await connectCluster({ kubeconfig: cluster.kubeconfigPath, as: "jane" });
    open.push({ close: () => connection.agent.destroy() });
    const { answer } = await ask(request(), {
      open: () => openPortForward(connection, pod, 5000),
      isSecure: false,
    });
    expect(answer?.bodyStart).toBe("hello");
    expect(cluster.requests.at(-1)?.impersonated).toBe("jane");
  });
});
