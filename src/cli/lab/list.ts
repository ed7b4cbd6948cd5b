import { faults } from "../../../lab/faults/all.ts";
import type { Call } from "../command.ts";
import { writeOut } from "../output.ts";
import { isJson } from "./asked.ts";

/** Faults and innocents that the lab can make. */
export async function list({ values }: Call): Promise<number> {
  const told = faults.map(({ id, title, causes, gateways }) => ({ id, title, causes, gateways }));
  if (isJson(values)) {
    await writeOut(`${JSON.stringify(told, null, 2)}\n`);
    return 0;
  }
  const idWidth = Math.max(...told.map(({ id }) => id.length));
  const gatewayWidth = Math.max(...told.map(({ gateways }) => gateways.join(" ").length));
  const row = ({ id, title, gateways }: (typeof told)[number]): string =>
    `  ${id.padEnd(idWidth)}  ${gateways.join(" ").padEnd(gatewayWidth)}  ${title}`;
  const wrong = told.filter(({ causes }) => causes.length > 0);
  const innocent = told.filter(({ causes }) => causes.length === 0);
  await writeOut(
    `${["Faults:", ...wrong.map(row), "", "Innocent, and not to be accused:", ...innocent.map(row)].join("\n")}\n`,
  );
  return 0;
}
