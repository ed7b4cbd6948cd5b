/** Diagnoses an incident that was recorded for the project, as `npm run demo`. */
import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";

const incident = "corpus/target-port-nobody-listens-on/bundle";
const args = ["shop.example.com/cart", "--from", incident];

console.log(`$ why5xx ${args.join(" ")}\n`);
const main = fileURLToPath(new URL("main.ts", import.meta.url));
const root = fileURLToPath(new URL("../../", import.meta.url));
const { status } = spawnSync(process.execPath, [main, ...args], { cwd: root, stdio: "inherit" });
// The incident has a cause, so 1 is what a good demonstration ends with; npm would call it a failure.
process.exitCode = status === 1 ? 0 : 1;
