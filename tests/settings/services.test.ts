// Several services in one stack file.
import assert from "node:assert/strict";
import { type Config, complaintsAbout, settingsOf } from "../helpers/settings";

const NAT = { network: { nat: "single" } };
const servicesOf = (config: Config) => settingsOf({ ...NAT, ...config }).services;
const imagesOf = (config: Config) => settingsOf(config).images.map(({ architecture, forceDelete, ...image }) => image);
/** By service, the name of its image. */
const imageOfEach = (config: Config) => Object.fromEntries(settingsOf(config).services.map(({ name, image }) => [name, image]));

describe("services", () => {
  it("are what the stack has, and no other; `service` is one beside them", () => {
    const names = (config: Config) => settingsOf(config).services.map(({ name }) => name);
    assert.deepEqual(names({}), ["web"]);
    assert.deepEqual(names({ services: {} }), ["web"]);
    assert.deepEqual(names({ services: { api: {}, mails: {} } }), ["api", "mails"]);
    assert.deepEqual(names({ service: {}, services: { api: {} } }), ["web", "api"]);
    assert.deepEqual(names({ service: { name: "shop" }, services: { web: {} } }), ["shop", "web"]);
  });

  it("take what `service` takes", () => {
    const given = { cpu: "0.5 vCPU", memory: "1 GB", environment: { A: 1 }, rollout: "canary", path: "/a/*", host: "a.example.com" };
    const [one] = servicesOf({ service: { ...given, name: "api" } });
    const [several] = servicesOf({ services: { api: given } });
    assert.deepEqual({ ...several, image: "api" }, one);
    assert.equal(one!.cpu, 512);
  });

  it("have a route where they name one, `service` always, and a worker none", () => {
    const routes = (config: Config) => servicesOf(config).map(({ route }) => (route ? [route.host, route.path] : undefined));
    assert.deepEqual(
      routes({ services: { a: { path: "/a/*" }, b: { host: "b.example.com" }, c: { route: true }, d: {}, e: { route: false } } }),
      [[undefined, "/a/*"], ["b.example.com", undefined], [undefined, undefined], undefined, undefined],
    );
    assert.deepEqual(routes({ service: { route: false } }), [undefined]);
    assert.deepEqual(routes({ service: {} }), [[undefined, undefined]]);
  });

  it("call others by their names, and nobody by default", () => {
    const services = { web: { path: "/*", calls: ["api", "shop"] }, api: { connect: true } };
    const calls = servicesOf({ service: { name: "shop", connect: { port: 8080 } }, services }).map((each) => [each.name, each.calls]);
    assert.deepEqual(calls, [
      ["shop", []],
      ["web", ["api", "shop"]],
      ["api", []],
    ]);
  });

  it("without any route need no load balancer", () => {
    assert.equal(settingsOf({ services: { a: {}, b: { desiredCount: 1 } } }).loadBalancer, undefined);
    assert.equal(settingsOf({ service: { route: false } }).loadBalancer, undefined);
    assert.ok(settingsOf({ services: { a: {}, b: { path: "/*" } } }).loadBalancer);
  });

  it("are meant without a name where there is but one, or by `service`", () => {
    const main = (config: Config) => settingsOf(config).main;
    assert.deepEqual([main({}), main({ services: { api: {} } })], ["web", "api"]);
    assert.deepEqual(
      [main({ services: { a: {}, b: {} } }), main({ service: { name: "x" }, services: { a: {}, b: {} } })],
      [undefined, "x"],
    );
  });

  it("go on under another name", () => {
    const [api, web] = servicesOf({ services: { api: { formerName: "web" }, front: {} } });
    assert.deepEqual([api!.renamed, web!.renamed], [{ aliases: [{ name: "web" }] }, undefined]);
    assert.deepEqual(settingsOf({ services: { api: { formerName: "api" } } }).main, "api", "the name before is the name now");
  });

  it("run on what the stack runs on, or on something else", () => {
    const services = { a: { capacity: "spot", networkMode: "bridge" }, b: { compute: "fargate", capacity: "mixed" } };
    const [a, b] = servicesOf({ compute: "ec2", services }) as { compute: string; capacity?: string; networkMode?: string }[];
    assert.deepEqual([a!.compute, a!.capacity, a!.networkMode], ["ec2", undefined, "bridge"]);
    assert.deepEqual([b!.compute, b!.capacity], ["fargate", "mixed"]);
  });
});

describe("images of services", () => {
  it("are one that all share, made only where one shares it", () => {
    assert.deepEqual(imageOfEach({ services: { a: {}, b: {} } }), { a: "shared", b: "shared" });
    assert.deepEqual(imageOfEach({ service: {}, services: { a: {} } }), { web: "web", a: "web" });
    assert.deepEqual(imagesOf({ services: { a: { image: { context: "./a" } } } }), [{ name: "a", renamed: undefined, context: "./a" }]);
  });

  it("are the stack's with what a service says over it, and nothing of its source where it has another", () => {
    const image = { context: "./shop", target: "web", dockerfile: "shop/Dockerfile", keep: 50, buildArgs: { A: "1" } };
    const services = {
      web: {},
      jobs: { image: { target: "jobs" } },
      api: { image: { context: "./api", buildArgs: { B: "2" } } },
      ads: { image: { imageUri: "repo/ads:1" } },
    };
    const [web, jobs, api, ads, ...others] = imagesOf({ image, services });
    const renamed = undefined;
    assert.deepEqual(web, { name: "shared", renamed: { aliases: [{ name: "web" }] }, ...image });
    assert.deepEqual(jobs, { name: "jobs", renamed, ...image, target: "jobs" });
    assert.deepEqual(api, { name: "api", renamed, context: "./api", keep: 50, buildArgs: { B: "2" } });
    assert.deepEqual(ads, { name: "ads", renamed, imageUri: "repo/ads:1", keep: 50, buildArgs: { A: "1" } });
    assert.deepEqual(others, []);
    assert.deepEqual(imageOfEach({ image, services }), { web: "shared", jobs: "jobs", api: "api", ads: "ads" });
  });

  it("stay the same where a service moves from `service` to `services`, is renamed, or gets `service` beside it", () => {
    const former = (config: Config) => settingsOf(config).images[0]!.renamed?.aliases.map(({ name }) => name);
    assert.deepEqual(former({ services: { web: {}, mails: { formerName: "post" } } }), ["web", "mails", "post"]);
    assert.deepEqual(former({ services: { web: { image: { context: "./web" } }, mails: { formerName: "web2" } } }), ["mails", "web2"]);
    assert.deepEqual(former({ service: { formerName: "shop" }, services: { a: {} } }), ["shop", "shared"]);
    assert.deepEqual(former({ service: { formerName: "shop" } }), ["shop"]);
  });

  it("have build secrets of their own", () => {
    const services = { a: { image: { context: ".", secrets: { npm: "[secret]" } } } };
    const [image] = settingsOf({ services }, ["services"]).images;
    assert.deepEqual(Object.keys(image!.secrets ?? {}), ["npm"]);
  });
});

describe("tasks beside several services", () => {
  const ARN = "arn:aws:ssm:eu-west-3:123456789012:parameter/db";
  const services = { api: { environment: { MODE: "api" }, secrets: { DB: ARN }, image: { context: "./api" } }, web: {} };

  it("have the image and the variables of the service that they name", () => {
    const tasks = { one: { service: "api" }, two: { service: "web" }, three: { service: "api", inherit: false } };
    assert.deepEqual(settingsOf({ services, tasks }).tasks, [
      { name: "one", image: "api", compute: "fargate", environment: { MODE: "api" }, secrets: { DB: ARN } },
      { name: "two", image: "shared", compute: "fargate" },
      { name: "three", image: "api", compute: "fargate" },
    ]);
  });

  it("have those of `service`, or of the only one, where they name none", () => {
    const of = (config: Config) => settingsOf({ ...config, tasks: { one: {} } }).tasks[0]!;
    assert.equal(of({ service: { name: "shop" }, services }).image, "shop");
    assert.equal(of({ services: { api: services.api } }).image, "api");
    assert.deepEqual(of({ services: { api: services.api } }).environment, { MODE: "api" });
  });
});

describe("instances of several services", () => {
  const clusterOf = (config: Config) => settingsOf({ ...NAT, ...config }).cluster as { ec2?: { ec2: object }; managedInstances?: object };
  const instanceTypes = ["t3.medium"];

  it("are there where a service or a task runs on them", () => {
    assert.deepEqual(clusterOf({ compute: "ec2", services: { a: { compute: "fargate" } } }), {});
    assert.deepEqual(Object.keys(clusterOf({ services: { a: { compute: "ec2" }, b: { compute: "managed-instances" } } })), [
      "ec2",
      "managedInstances",
    ]);
    assert.deepEqual(clusterOf({ tasks: { a: { compute: "ec2" } } }), { ec2: { ec2: { instanceTypes } } });
  });

  it("are bought as all services on them say, and sleep when all do", () => {
    const sleep = { stop: "20:00", start: "07:00" };
    const ec2 = (services: object) => clusterOf({ compute: "ec2", services }).ec2?.ec2;
    const bought = { capacity: "spot" };
    assert.deepEqual(ec2({ a: { ...bought, sleep }, b: { ...bought, sleep } }), { instanceTypes, spotPercent: 100, sleep });
    assert.deepEqual(ec2({ a: { ...bought, sleep }, b: bought }), { instanceTypes, spotPercent: 100 });
    assert.deepEqual(ec2({ a: { sleep }, b: { compute: "fargate", capacity: "spot" } }), { instanceTypes, sleep });
    const managed = clusterOf({ compute: "managed-instances", services: { a: bought, b: bought } }).managedInstances;
    assert.deepEqual(managed, { capacity: "spot", architecture: "x86_64" });
  });
});

describe("wrong services", () => {
  const refused: [config: Config, ...complaints: string[]][] = [
    [
      { service: { calls: ["ap"] }, services: { api: { calls: ["api", "shop"] } } },
      'service.calls[0]: "ap" is not a service of this stack; allowed: web, api; did you mean "api"? One of another stack is called with connect: true here and its address in environment.',
      'services.api.calls[1]: "shop" is not a service of this stack; allowed: web, api. One of another stack is called with connect: true here and its address in environment.',
    ],
    [{ services: [] }, "services: a list is not an object with keys."],
    [
      { services: { "my api": {} } },
      'services: "my api" cannot be a name; allowed: 1 to 24 letters, digits and "-", a letter first; the nearest is "my-api".',
    ],
    [
      { service: {}, services: { web: {} } },
      "services.web: `service` has that name; choose another, or give that one another by service.name.",
    ],
    [
      { services: { api: {}, web: {} }, tasks: { web: { service: "api" } } },
      "tasks.web: a service has that name, and its revisions would be counted with the task's; choose another.",
    ],
    [{ services: { api: { cpu: 0 } } }, 'services.api.cpu: 0 is not a CPU size; write "0.25 vCPU" or 256 (1024 units are one vCPU).'],
    [
      { services: { api: { cpu: 300 } } },
      'services.api.cpu: 0.29296875 vCPU is not a Fargate size; allowed: 0.25, 0.5, 1, 2, 4, 8, 16, 32 vCPU; the nearest is "0.25 vCPU".',
    ],
    [
      { services: { api: { gpu: 1 } } },
      "services.api.gpu: Fargate has no GPUs; use compute: ec2 with instances that have one, such as g5.xlarge, or managed-instances with gpus, or leave gpu out.",
    ],
    [
      { services: { api: { daemon: true }, b: { networkMode: "bridge" } } },
      "services.b.networkMode: tasks on Fargate always have a network interface of their own; set compute: ec2, or leave it out.",
      "services.api.daemon: Fargate has no instances to run one task on each; set compute: ec2, or leave it out.",
    ],
    [
      { ...NAT, services: { api: { compute: "managed-instances", capacity: "mixed" } } },
      "services.api.capacity: ECS buys managed instances of one kind; allowed: onDemand, spot.",
    ],
    [
      { services: { api: { compute: "ec2" } }, network: { nat: "none" } },
      "network.nat: instances and their tasks have no public IPs, so without NAT they cannot reach ECS and ECR; with compute: ec2 set nat to single or perZone, or endpoints to private.",
    ],
    [
      { ...NAT, compute: "ec2", services: { a: { capacity: "spot" }, b: {} } },
      "services.b.capacity: onDemand, and a has spot; services on instances share them: choose one for all, or set ec2.spotPercent.",
    ],
    [
      { services: { api: { route: false, path: "/api/*", host: "x.example.com" } } },
      "services.api.route: a worker gets no requests, so host, path cannot be chosen; leave out one or the other.",
    ],
    [
      { services: { api: {} }, loadBalancer: { idleTimeout: 70 } },
      "loadBalancer: no service has a route, so there is no load balancer; leave it out, or give a service its path.",
    ],
    [
      { image: { context: "./app", keep: 20 }, services: { api: { image: { context: "./api" } }, b: { image: { imageUri: "repo/b:1" } } } },
      "image.context: every service has an image of its own, so nothing uses this one; leave it out.",
    ],
    [
      { services: { shared: { image: { context: "./x" } }, api: {} } },
      "services.shared.image: the image that the others share is called shared; name this service otherwise.",
    ],
    [
      { services: { api: { formerName: "web" }, web: {} } },
      "services.api.formerName: web is another service of the stack; leave it out, or name that one otherwise.",
    ],
    [{ services: { api: { name: "x" } } }, "services.api.name: there is no such key;"],
    [
      { services: { api: { image: { context: ".", imageUri: "repo/b:1" } } } },
      "services.api.image.imageUri: context and imageUri are both given; an image is either built here or taken as it is.",
    ],
    [
      { services: { api: {}, web: {} }, tasks: { report: {} } },
      "tasks.report.service: it is missing, and there are several services; name the one whose image and variables the task has: api, web.",
    ],
    [
      { services: { api: {}, web: {} }, tasks: { report: { service: "apii" } } },
      'tasks.report.service: "apii" is not a service of this stack; allowed: api, web; did you mean "api"?',
    ],
  ];
  for (const [config, ...complaints] of refused) {
    it(`are refused: ${JSON.stringify(config)}`, async () => {
      const found = await complaintsAbout(config);
      assert.deepEqual(
        found.map((text, i) => text.slice(0, complaints[i]?.length)),
        complaints,
      );
    });
  }

  it("are not where an encrypted value is kept", async () => {
    const services = { api: { environment: { KEY: "[secret]" }, image: { context: ".", secrets: { npm: "[secret]" } } } };
    const [complaint, ...others] = await complaintsAbout({ services }, ["services"]);
    assert.match(
      complaint!,
      /^services\.api\.environment\.KEY: encrypted values are kept secret in image\.secrets, as value in secrets, in signIn\.clientSecret and in notify\.httpsEndpoint alone; this one would /,
    );
    assert.deepEqual(others, []);
    const decrypted = { services: { api: { environment: { KEY: "x" } } } };
    assert.match((await complaintsAbout(decrypted, ["services"]))[0]!, /^services\.api\.environment\.KEY: encrypted/);
  });
});
