import { createServer as createHttp2Server } from "node:http2";
import { createServer, type Server, type Socket } from "node:net";
import { createServer as createTlsServer } from "node:tls";
import type { Certificates } from "./certificates.ts";
import { type Network, splitAddress } from "./network.ts";
import { PodConnection } from "./pod-connection.ts";
import type { PodScript, PodState, ServingState } from "./script.ts";

/** One scripted pod: listens, refuses, vanishes and answers by its script. */
export class PodServer {
  readonly #address: string;
  readonly #port: number;
  readonly #phases: readonly (readonly [number, PodState])[];
  readonly #network: Network;
  readonly #certificates: Certificates;
  readonly #open = new Set<Socket>();
  #server: Server | undefined;
  #serving: ServingState | undefined;
  #waiting: (() => void)[] = [];
  #working = 0;

  constructor(target: string, script: PodScript, network: Network, certificates: Certificates) {
    ({ address: this.#address, port: this.#port } = splitAddress(target));
    this.#phases = "state" in script ? [[0, script]] : script;
    this.#network = network;
    this.#certificates = certificates;
  }

  /** Enters the first state; call `play` when the clock of the recording starts. */
  async start(): Promise<void> {
    await this.#enter(this.#phases[0]?.[1] ?? { state: "refusing" });
  }

  play(): void {
    for (const [fromMs, state] of this.#phases.slice(1))
      setTimeout(() => void this.#enter(state), fromMs).unref();
  }

  async #enter(state: PodState): Promise<void> {
    this.#server?.close();
    this.#server = undefined;
    if (state.state === "serving") {
      this.#network.present(this.#address);
      this.#serving = state;
      await this.#listen(state);
    } else if (state.state === "vanished") {
      this.#network.vanished(this.#address);
    } else if (state.state === "unreachable") {
      this.#network.unreachable(this.#address);
    } else {
      this.#network.present(this.#address);
      if (state.state === "refusing") for (const socket of this.#open) socket.destroy();
    }
  }

  async #listen(state: ServingState): Promise<void> {
    const server = this.#make(state);
    this.#server = server;
    server.on("connection", (socket: Socket) => {
      this.#open.add(socket);
      socket.on("close", () => this.#open.delete(socket));
      socket.on("error", () => socket.destroy());
    });
    await new Promise<void>((resolve, reject) => {
      server.once("error", reject);
      server.listen(this.#port, this.#address, resolve);
    });
  }

  #make(state: ServingState): Server {
    // Connections outlive a state: each request is answered by the state of its moment.
    const serve = (socket: Socket): void =>
      void new PodConnection(
        socket,
        () => this.#serving ?? state,
        (work) => this.#queue(work, this.#serving?.workers),
      );
    if (state.protocol === "h2c") {
      return createHttp2Server((_request, response) => void response.end("ok")) as unknown as Server;
    }
    if (state.protocol !== "https") return createServer(serve);
    if (state.tls?.stall === true) return createServer(() => undefined);
    return createTlsServer(
      {
        ...this.#certificates.issue(state.tls ?? {}),
        requestCert: state.tls?.requireClientCertificate === true,
        rejectUnauthorized: state.tls?.requireClientCertificate === true,
      },
      serve,
    );
  }

  /** Runs work when one of the pod's workers is free. */
  #queue(work: (done: () => void) => void, workers: number | undefined): void {
    const run = (): void => {
      this.#working += 1;
      work(() => {
        this.#working -= 1;
        this.#waiting.shift()?.();
      });
    };
    if (workers === undefined || this.#working < workers) run();
    else this.#waiting.push(run);
  }
}
