import { once } from "node:events";
import { runInside } from "../../../lab/machine/run-inside.ts";
import type { Starter } from "../../../lab/machine/starter.ts";

/** A client of the same pod would do: what counts is that all labs use the same names and addresses. */
const startGreeter: Starter = async ({ network }, { open, notice, options }) => {
  await network.attach("shop/cart", "10.42.1.5");
  const script = `require("node:net").createServer((s) => s.on("error", () => {}).end("lab ${options.seed}"))
    .listen(8080, "10.42.1.5", () => console.log("up"))`;
  const child = network.spawn("shop/cart", process.execPath, ["-e", script], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  await once(child.stdout!, "data");
  await open("gateway", { host: "10.42.1.5", port: 8080 });
  notice("greeting");
  return async () => {
    child.kill();
    await once(child, "exit");
  };
};

const answerSteps: Starter = (machine, { answer }) => {
  answer({
    step: ({ name }) => {
      if (name === "crash")
        setTimeout(() => {
          throw new Error("a step went wrong");
        });
      if (name === "hang")
        setTimeout(() => {
          for (;;);
        });
      if (name === "refuse") throw new Error("not this one");
      return null;
    },
    tally: () => [],
    log: ({ pod }) => `${pod} in ${machine.folder}`,
  });
  return async () => {};
};

runInside([startGreeter, answerSteps]);
