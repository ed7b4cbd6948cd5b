import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A headless Chromium that is spoken to by the DevTools protocol (https://chromedevtools.github.io/devtools-protocol). */
export interface Browser {
  open(options: OpenOptions): Promise<Page>;
  close(): Promise<void>;
}

interface OpenOptions {
  readonly url: string;
  readonly scheme?: "light" | "dark";
  readonly width?: number;
  readonly height?: number;
}

interface Page {
  /** Until the page had loaded, as the browser measures it. */
  readonly loadMs: number;
  /** What the page asked for beside itself. */
  readonly requests: readonly string[];
  /** Messages of the console, and what the browser logged about the page. */
  readonly messages: readonly string[];
  send(method: string, params?: object): Promise<Answer>;
  evaluate<T>(expression: string): Promise<T>;
  /** The name and role of every node of the accessibility tree that is not left out of it. */
  accessibilityTree(): Promise<readonly AccessibleNode[]>;
  close(): Promise<void>;
}

interface AccessibleNode {
  readonly role: string;
  readonly name: string;
  readonly level?: number;
}

type Answer = Readonly<Record<string, unknown>>;

interface Message {
  readonly id?: number;
  readonly method?: string;
  readonly params?: Answer;
  readonly result?: Answer;
  readonly error?: { readonly message: string };
  readonly sessionId?: string;
}

/** @throws when no chromium is installed or it says no address within 30 s */
export async function startBrowser(): Promise<Browser> {
  const profile = mkdtempSync(join(tmpdir(), "why5xx-chromium-"));
  const child = spawn(
    "chromium",
    [
      "--headless",
      "--no-sandbox",
      "--disable-gpu",
      "--disable-dev-shm-usage",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--remote-debugging-port=0",
      `--user-data-dir=${profile}`,
      "about:blank",
    ],
    { stdio: ["ignore", "ignore", "pipe"] },
  );
  const ended = new Promise<void>((done) => void child.once("close", () => done()));
  const address = await new Promise<string>((found, fail) => {
    let said = "";
    child.once("error", fail);
    child.once("close", () => fail(new Error(`chromium ended: ${said.slice(-400)}`)));
    const timer = setTimeout(() => fail(new Error(`chromium says no address: ${said.slice(-400)}`)), 30_000);
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      said += text;
      const [, url] = /DevTools listening on (ws:\/\/\S+)/.exec(said) ?? [];
      if (url !== undefined) {
        clearTimeout(timer);
        found(url);
      }
    });
  });
  const wire = await connect(address);
  return {
    open: (options) => openPage(wire, options),
    close: async () => {
      wire.socket.close();
      child.kill();
      await ended;
      rmSync(profile, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

interface Wire {
  readonly socket: WebSocket;
  readonly listeners: Set<(message: Message) => void>;
  send(method: string, params: object, sessionId?: string): Promise<Answer>;
}

async function connect(address: string): Promise<Wire> {
  const socket = new WebSocket(address);
  await new Promise<void>((done, fail) => {
    socket.addEventListener("open", () => done());
    socket.addEventListener("error", () => fail(new Error("no DevTools connection")));
  });
  const waiting = new Map<number, { done: (a: Answer) => void; fail: (e: Error) => void }>();
  const listeners = new Set<(message: Message) => void>();
  let last = 0;
  socket.addEventListener("message", ({ data }) => {
    const message = JSON.parse(String(data)) as Message;
    const asked = message.id === undefined ? undefined : waiting.get(message.id);
    if (asked === undefined) for (const listener of listeners) listener(message);
    else if (message.error === undefined) asked.done(message.result ?? {});
    else asked.fail(new Error(message.error.message));
  });
  const send: Wire["send"] = (method, params, sessionId) =>
    new Promise((done, fail) => {
      const id = ++last;
      waiting.set(id, { done, fail });
      socket.send(JSON.stringify({ id, method, params, ...(sessionId === undefined ? {} : { sessionId }) }));
    });
  return { socket, listeners, send };
}

async function openPage(wire: Wire, options: OpenOptions): Promise<Page> {
  const { url, scheme = "light", width = 1100, height = 1400 } = options;
  const { targetId } = await wire.send("Target.createTarget", { url: "about:blank" });
  const { sessionId } = await wire.send("Target.attachToTarget", { targetId, flatten: true });
  const session = String(sessionId);
  const send = (method: string, params: object = {}): Promise<Answer> => wire.send(method, params, session);
  const requests: string[] = [];
  const messages: string[] = [];
  const loaded = Promise.withResolvers<void>();
  const listener = ({ method, params = {}, sessionId: from }: Message): void => {
    if (from !== session) return;
    if (method === "Page.loadEventFired") loaded.resolve();
    if (method === "Network.requestWillBeSent") requests.push((params["request"] as { url: string }).url);
    if (method === "Log.entryAdded") messages.push((params["entry"] as { text: string }).text);
    if (method === "Runtime.consoleAPICalled" || method === "Runtime.exceptionThrown")
      messages.push(JSON.stringify(params));
  };
  wire.listeners.add(listener);
  for (const domain of ["Page", "Network", "Log", "Runtime", "Accessibility"])
    // oxlint-disable-next-line no-await-in-loop -- one after the other, before anything is loaded
    await send(`${domain}.enable`);
  await send("Emulation.setDeviceMetricsOverride", { width, height, deviceScaleFactor: 1, mobile: false });
  await send("Emulation.setEmulatedMedia", { features: [{ name: "prefers-color-scheme", value: scheme }] });
  await send("Page.navigate", { url });
  await loaded.promise;
  const evaluate = async <T>(expression: string): Promise<T> => {
    const { result } = await send("Runtime.evaluate", { expression, returnByValue: true });
    return (result as { value: T }).value;
  };
  const timing = "performance.getEntriesByType('navigation')[0].loadEventEnd";
  await new Promise((done) => void setTimeout(done, 50));
  return {
    loadMs: await evaluate<number>(timing),
    requests,
    messages,
    send,
    evaluate,
    accessibilityTree: async () => nodesOf(await send("Accessibility.getFullAXTree")),
    close: async () => {
      wire.listeners.delete(listener);
      await wire.send("Target.closeTarget", { targetId });
    },
  };
}

interface AxNode {
  readonly ignored: boolean;
  readonly role?: { readonly value: string };
  readonly name?: { readonly value: string };
  readonly properties?: readonly { readonly name: string; readonly value: { readonly value: unknown } }[];
}

const nodesOf = ({ nodes }: Answer): AccessibleNode[] =>
  (nodes as readonly AxNode[])
    .filter((node) => !node.ignored)
    .map(({ role, name, properties = [] }) => {
      const level = properties.find((p) => p.name === "level")?.value.value;
      return {
        role: role?.value ?? "",
        name: name?.value ?? "",
        ...(typeof level === "number" ? { level } : {}),
      };
    });
