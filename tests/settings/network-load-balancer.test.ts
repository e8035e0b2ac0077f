// Services of a stack file behind a network load balancer.
import assert from "node:assert/strict";
import type { JsonObject } from "../../facts/graph";
import { type Config, complaintsAbout, settingsOf } from "../helpers/settings";
import { stack } from "../helpers/stacks";

const planned = (config: Config, undo: string[] = []) =>
  stack("dev", [...undo.map((key) => `${key}=`), ...Object.entries(config).map(([key, value]) => `${key}=${JSON.stringify(value)}`)]);

const listeners = (config: Config) => {
  const { services, networkLoadBalancer, loadBalancer } = settingsOf(config);
  return {
    balancers: [loadBalancer !== undefined, networkLoadBalancer !== undefined],
    services: services.map(({ name, route, listener, ports }) => [
      name,
      route !== undefined,
      listener,
      ports.map(([port, its]) => [port, its.route !== undefined, its.listener]),
    ]),
  };
};

describe("a network load balancer in a stack file", () => {
  it("is there for a service that speaks TCP, on its own port", () => {
    assert.deepEqual(listeners({ service: { protocol: "tcp", port: 5432 } }), {
      balancers: [false, true],
      services: [["web", false, { port: 5432, protocol: "tcp" }, []]],
    });
    assert.deepEqual(listeners({ service: { protocol: "udp" } }).services, [["web", false, { port: 8000, protocol: "udp" }, []]]);
  });

  it("is not there for a service without a route, nor for one of HTTP", () => {
    assert.deepEqual(listeners({ service: { protocol: "tcp", route: false } }).balancers, [false, false]);
    assert.deepEqual(listeners({}).balancers, [true, false]);
  });

  it("has the listeners of services and of ports that ask for one", () => {
    const listener = { port: 8883, protocol: "tls" };
    assert.deepEqual(
      listeners({
        service: { ports: { mqtt: { port: 1883, protocol: "tcp", listener }, stats: { port: 9000, protocol: "tcp" } } },
        services: { db: { protocol: "tcp", port: 5432, listener: {} }, jobs: { protocol: "tcp" } },
      }),
      {
        balancers: [true, true],
        services: [
          [
            "web",
            true,
            undefined,
            [
              ["mqtt", false, listener],
              ["stats", false, undefined],
            ],
          ],
          ["db", false, { port: 5432, protocol: "tcp" }, []],
          ["jobs", false, undefined, []],
        ],
      },
    );
  });

  it("leads to the service, whose address is host and port", async () => {
    const made = await planned({
      service: { protocol: "tcp", port: 5432 },
      networkLoadBalancer: { domain: "db.example.com" },
      loadBalancer: {},
    });
    assert.deepEqual(
      made
        .all("aws:lb/loadBalancer:LoadBalancer")
        .map(({ name, inputs }) => [name, inputs.loadBalancerType, inputs.enableDeletionProtection]),
      [["network", "network", false]],
    );
    const [target] = made.inputs("aws:ecs/service:Service").loadBalancers as JsonObject[];
    assert.equal(target!.containerPort, 5432);
    assert.equal(made.recording.known.outputs.url, "db.example.com:5432");
  });

  it("is told of by its keys", async () => {
    assert.deepEqual(await complaintsAbout({ service: { protocol: "tcp", path: "/x", listener: { port: 0, protocol: "http" } } }), [
      "service.listener.port: 0 is out of range; allowed: 1 to 65535; the nearest is 1.",
      'service.listener.protocol: "http" is not a valid value; allowed: tcp, tls, udp.',
    ]);
    assert.deepEqual(await complaintsAbout({ service: { protocol: "tcp", path: "/x" } }), [
      "service.path: with tcp there are connections, which have no path; leave it out, or choose another protocol.",
    ]);
    assert.deepEqual(await complaintsAbout({ service: { ports: { a: { port: 1, listener: {} } } } }), [
      "service.ports.a.listener: it is of the network load balancer, and http comes by the other one; leave it out, or set protocol to tcp, tls or udp.",
    ]);
    assert.deepEqual(await complaintsAbout({ networkLoadBalancer: { internal: true } }), [
      "networkLoadBalancer: no service has a listener, so there is no network load balancer; leave it out, or set service.protocol to tcp, tls or udp.",
    ]);
    await assert.rejects(planned({ service: { ports: { a: { port: 1, protocol: "tcp", listener: { protocol: "tls" } } } } }), {
      message:
        "Pulumi.dev.yaml: service.ports.a.listener.protocol: a TLS listener has a certificate; give the load balancer a domain or a certificateArn.",
    });
  });
});
