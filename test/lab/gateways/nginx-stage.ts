import { ingress, ingressClass, service } from "./shop.ts";
import { withGateways } from "./stage.ts";

const image = "registry.k8s.io/ingress-nginx/controller:v1.15.1";
const host = { host: "shop.example.com" };

export const first = () =>
  withGateways(async (stage) => {
    stage.put("ingressclasses", ingressClass("nginx", "k8s.io/ingress-nginx"));
    stage.put("services", service("cart"));
    stage.put("ingresses", ingress("shop", { "/cart": "cart:80" }));
    await stage.serve("cart-1", "10.42.1.5", 8080);
    await stage.serve("cart-2", "10.42.1.6", 8080);
    stage.endpoints("cart", 8080, ["10.42.1.5", "10.42.1.6"]);
    const gateway = await stage.start(image, "ingress-nginx/ingress-nginx-controller-5d8f-x");
    const answers = [];
    for (let n = 0; n < 4; n += 1) answers.push((await gateway.get("/cart", host)).body);
    stage.endpoints("cart", 8080, ["10.42.1.6"]);
    const changedMs = performance.now();
    let lastMs = 0;
    while (performance.now() - changedMs < 2500) {
      if ((await gateway.get("/cart/x", host)).body === "cart-1") lastMs = performance.now() - changedMs;
    }
    stage.endpoints("cart", 8080, []);
    await new Promise((r) => setTimeout(r, 1500));
    const none = await gateway.get("/cart", host);
    const code = await gateway.stop();
    return { answers, lastMs, none, code, log: gateway.log() };
  });
