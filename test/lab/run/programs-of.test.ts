import { expect, it } from "vitest";
import { deploymentOf, shopOf } from "../../../lab/faults/shop.ts";
import { seededRandom } from "../../../lab/faults/random.ts";
import { programsOf } from "../../../lab/run/programs-of.ts";

const shop = shopOf(seededRandom(1));

it("asks for what the images of the pods need, and for no more", () => {
  expect(programsOf([deploymentOf(shop)])).toEqual([]);
  expect(
    programsOf([
      deploymentOf(shop, { image: "lab/nginx:1.2" }),
      deploymentOf(shop, { image: "lab/python-server:2" }),
    ]),
  ).toEqual(["python3", "nginx"]);
});
