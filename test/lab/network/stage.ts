import { once } from "node:events";
import { existsSync, readFileSync, readdirSync } from "node:fs";
import { networkInterfaces } from "node:os";
import { connectFrom, greet, longMs, output, withNetwork } from "./inside.ts";

/** A gateway and a pod, and everything that can be between them. */
export const betweenPods = (): Promise<Record<string, unknown>> =>
  withNetwork(async (network) => {
    await network.attach("ingress/nginx", "10.42.250.7");
    await network.attach("shop/cart", "10.42.1.5");
    const server = await greet(network, "shop/cart", 8080);
    const toCart = (patienceMs = longMs): Promise<string> =>
      connectFrom(network, "ingress/nginx", "10.42.1.5", 8080, patienceMs);
    const refused = await connectFrom(network, "ingress/nginx", "10.42.1.5", 8081);

    const seen: Record<string, unknown> = { heard: await toCart(), refused };
    const undoCut = await network.cut("ingress/nginx", "shop/cart");
    seen["cut"] = await toCart(1000);
    await undoCut();
    seen["mended"] = await toCart();
    const undoIsolate = await network.isolate(["shop/cart"]);
    seen["isolated"] = await toCart(1000);
    seen["isolatedOwnLoopback"] = await connectFrom(network, "shop/cart", "127.0.0.1", 9);
    seen["isolatedOut"] = await connectFrom(network, "shop/cart", "10.42.250.7", 80, 1000);
    await undoIsolate();
    seen["rejoined"] = await toCart();
    [seen["nobodysAddress"], seen["outsideThePlan"]] = await Promise.all([
      connectFrom(network, "ingress/nginx", "10.42.9.9", 8080),
      connectFrom(network, "ingress/nginx", "192.0.2.1", 8080, 4000),
    ]);
    server.kill();
    await network.detach("shop/cart");
    seen["detachedSoon"] = await toCart(500);
    seen["detachedLater"] = await toCart();
    return seen;
  });

/** What a program in a pod sees of itself. */
export const ownView = (): Promise<Record<string, unknown>> =>
  withNetwork(async (network) => {
    await network.attach("shop/cart", "10.42.1.5");
    const say = (...args: string[]): Promise<string> =>
      output(
        network.spawn("shop/cart", args[0]!, args.slice(1), {
          stdio: ["ignore", "pipe", "pipe"],
          cwd: "/usr",
        }),
      );
    const signalled = network.spawn("shop/cart", "sh", ["-c", "echo up; exec sleep 100"], {
      stdio: ["ignore", "pipe", "ignore"],
    });
    await once(signalled.stdout!, "data");
    signalled.kill("SIGTERM");
    const signal = await new Promise((resolve) => signalled.once("exit", (_code, name) => resolve(name)));
    const missing = network.spawn("shop/cart", "no-such-program", [], { stdio: ["ignore", "pipe", "pipe"] });
    const missingText = await output(missing);
    return {
      folder: await say("pwd"),
      name: await say("hostname"),
      resolver: await say("cat", "/etc/resolv.conf"),
      missing: missingText,
      missingCode: missing.exitCode,
      signal,
    };
  });

/** Cuts by names that are attached later, and again. */
export const cutsByName = (): Promise<Record<string, unknown>> =>
  withNetwork(async (network) => {
    const undo = await network.cut("ingress/nginx", "shop/cart");
    await network.attach("shop/cart", "10.42.1.5");
    await network.attach("ingress/nginx", "10.42.250.7");
    await greet(network, "shop/cart", 8080);
    const heldBack = await connectFrom(network, "ingress/nginx", "10.42.1.5", 8080, 1000);
    await undo();
    const undone = await connectFrom(network, "ingress/nginx", "10.42.1.5", 8080);
    const undoRange = await network.cut("10.42.250.0/24", "shop/cart");
    const range = await connectFrom(network, "ingress/nginx", "10.42.1.5", 8080, 1000);
    await undoRange();
    await network.addRootAddress("10.96.3.3");
    const service = await connectFrom(network, "ingress/nginx", "10.96.3.3", 80);
    const undoService = await network.cut("ingress/nginx", "10.96.3.3");
    const cutService = await connectFrom(network, "ingress/nginx", "10.96.3.3", 80, 1000);
    await undoService();
    return { heldBack, undone, range, service, cutService };
  });

/** Whether anything is left after close. */
export const leftovers = async (): Promise<Record<string, unknown>> => {
  const folder = await withNetwork(async (network, folder) => {
    await Promise.all(
      Array.from({ length: 8 }, (_, n) => network.attach(`shop/cart-${n}`, `10.42.1.${n + 1}`)),
    );
    return folder;
  });
  const processes = readdirSync("/proc").filter((name) => /^\d+$/.test(name));
  const commands = processes.flatMap((pid) => {
    try {
      return [readFileSync(`/proc/${pid}/comm`, "utf8").trim()];
    } catch {
      // It has just ended.
      return [];
    }
  });
  return {
    folderIsThere: existsSync(folder),
    devices: Object.keys(networkInterfaces()),
    sleeping: commands.filter((c) => c === "sleep"),
  };
};
