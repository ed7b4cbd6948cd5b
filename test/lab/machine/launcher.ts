import { launchTestLab } from "./launched.ts";

/** Run as a process that is killed: launches a lab and says where it is. */
const lab = await launchTestLab({ takeSignals: true });
process.stdout.write(`${lab.folder}\n`);
if (process.argv[2] === "hang") {
  await lab.ask("step", { name: "hang" });
  process.stdout.write("hangs\n");
}
await lab.closed;
process.stdout.write("closed\n");
