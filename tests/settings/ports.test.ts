// Several ports of a service in a stack file.
import assert from "node:assert/strict";
import type { JsonObject } from "../../facts/graph";
import { type Config, complaintsAbout } from "../helpers/settings";
import { stack } from "../helpers/stacks";

const planned = (config: Config) =>
  stack(
    "dev",
    Object.entries(config).map(([key, value]) => `${key}=${JSON.stringify(value)}`),
  );

describe("the ports of a service in a stack file", () => {
  it("have the routes that they say, and none where they say nothing of requests", async () => {
    const made = await planned({
      loadBalancer: { certificateArn: "arn:aws:acm:us-east-1:111122223333:certificate/x" },
      service: {
        route: false,
        ports: { orders: { port: 50051, protocol: "grpc", path: "/shop.Orders/*" }, metrics: { port: 9090 } },
      },
    });
    const { loadBalancers } = made.inputs("aws:ecs/service:Service") as { loadBalancers: JsonObject[] };
    assert.deepEqual(
      loadBalancers.map(({ containerPort }) => containerPort),
      [50051],
    );
    assert.deepEqual(made.inputs("ListenerRule", "web-orders").conditions, [{ pathPattern: { values: ["/shop.Orders/*"] } }]);
    assert.equal(made.all("aws:lb/loadBalancer:LoadBalancer").length, 1);
  });

  it("lead to a proxy in front of an app without a route", async () => {
    const made = await planned({
      service: {
        route: false,
        sidecars: { proxy: { image: "proxy:1" } },
        ports: { proxy: { port: 8080, container: "proxy", path: "/*" } },
      },
    });
    const { loadBalancers } = made.inputs("aws:ecs/service:Service") as { loadBalancers: JsonObject[] };
    assert.deepEqual(
      loadBalancers.map(({ containerName, containerPort }) => [containerName, containerPort]),
      [["proxy", 8080]],
    );
  });

  it("are told of by their keys", async () => {
    const ports = { Admin: { port: 9000 }, green: { port: 9001 }, jobs: { port: 70000, path: "jobs", rewrite: "/" } };
    assert.deepEqual(await complaintsAbout({ service: { ports } }), [
      'service.ports: "Admin" cannot name a port; allowed: 1 to 22 small letters, digits and "-", a letter first.',
      'service.ports: "green" is a name that the service itself uses, as http, https, tcp, tls, udp, green, production, test, maintenance; choose another.',
      "service.ports.jobs.port: 70000 is out of range; allowed: 1 to 65535; the nearest is 65535.",
      'service.ports.jobs.path: "jobs" is not a path pattern; write one like "/api/*".',
    ]);
  });

  for (const [place, config] of [
    ["service", { service: { ports: { admin: { port: 9000, container: "proxy" } } } }],
    ["services.api", { services: { api: { ports: { admin: { port: 9000, container: "proxy" } } } } }],
  ] as const)
    it(`name a container of ${place}`, async () =>
      await assert.rejects(planned(config), {
        message: new RegExp(
          `^Pulumi\\.\\w+\\.yaml: ${place.replace(".", "\\.")}\\.ports\\.admin\\.container: "proxy" is not a container of the task; allowed: `,
        ),
      }));
});
