import assert from "node:assert/strict";
import type { JsonObject } from "../../facts/graph";
import { planOf } from "../../plan/plan";
import { loadProject } from "../../plan/project/project";
import { record } from "../../plan/record/record";
import { asReview } from "../../settings/review";
import type { StackSettings } from "../../settings/stack";
import { Deployed } from "../helpers/deploy";
import { TEMPLATE } from "../helpers/places";
import { complaintsAbout } from "../helpers/settings";

const REVIEW = { domain: "preview.example.com", platform: "organization/platform/dev", pullRequest: 12 };

describe("the settings of a review stack", () => {
  const its = (given: StackSettings) => asReview({ review: REVIEW, ...given });

  it("are those of the stack file where no pull request is named", () => {
    const given: StackSettings = { review: { domain: "preview.example.com" }, service: { scaling: { min: 3 } } };
    assert.equal(asReview(given), given);
    assert.deepEqual(asReview({ compute: "ec2" }), { compute: "ec2" });
  });

  it("stand on the platform, protected from nothing, with one task on Spot that sleeps", () => {
    const given: StackSettings = {
      deletionProtection: true,
      encryption: "own",
      tags: { Team: "shop" },
      network: { nat: "perZone" },
      cluster: { containerInsights: "enhanced" },
      loadBalancer: { domain: "app.example.com" },
      service: { cpu: 512, scaling: { min: 2 }, rollout: { strategy: "blueGreen" }, formerName: "old", priority: 7 },
    };
    assert.deepEqual(its(given), {
      review: REVIEW,
      platform: "organization/platform/dev",
      deletionProtection: false,
      tags: { Team: "shop", Review: "pr-12" },
      service: {
        cpu: 512,
        desiredCount: 1,
        capacity: "spot",
        sleep: { stop: "20:00", start: "07:00" },
        host: "pr-12.preview.example.com",
        priority: undefined,
      },
      services: {},
      tasks: {},
    });
  });

  it("sleep when they are told to, or never, and use the stack's own platform where no other is named", () => {
    const sleep = { stop: "18:00", start: "08:00", timezone: "Europe/Berlin" };
    assert.deepEqual(its({ review: { ...REVIEW, sleep } }).service?.sleep, sleep);
    assert.equal(its({ review: { ...REVIEW, sleep: false } }).service?.sleep, undefined);
    const { platform: _, ...review } = REVIEW;
    assert.equal(asReview({ review, platform: "acme/shared/dev" }).platform, "acme/shared/dev");
  });

  it("give each route a host of the pull request, and what has none no host", () => {
    const { service, services = {} } = its({
      services: {
        web: { path: "/*" },
        api: { host: "api.example.com", path: "/v1/*", ports: { grpc: { port: 50051, path: "/a/*" }, metrics: { port: 9090 } } },
        all: { host: ["*.example.com", "example.com", "shop.example.com"] },
        mails: { command: ["mails"] },
      },
    });
    assert.equal(service, undefined);
    const { web, api, all, mails } = services;
    assert.equal(web?.host, "pr-12.preview.example.com");
    assert.equal(api?.host, "api-pr-12.preview.example.com");
    assert.deepEqual(api?.ports, {
      grpc: { port: 50051, path: "/a/*", host: "pr-12.preview.example.com", priority: undefined },
      metrics: { port: 9090 },
    });
    assert.deepEqual(all?.host, ["pr-12.preview.example.com", "example-pr-12.preview.example.com", "shop-pr-12.preview.example.com"]);
    assert.equal(mails?.host, undefined);
    assert.equal(mails?.desiredCount, 1);
  });

  it("leave services on instances what they run on, and a daemon its place on each", () => {
    const { services = {} } = its({ compute: "ec2", services: { web: { path: "/*" }, agent: { daemon: true } } });
    assert.deepEqual([services.web?.capacity, services.web?.desiredCount], [undefined, 1]);
    assert.deepEqual(services.agent, { daemon: true });
  });

  it("give a worker a queue of its own, and a task while there is something in it", () => {
    const queue = { arn: "arn:aws:sqs:us-east-1:111122223333:jobs" };
    const { services = {} } = its({ services: { made: { queue: { maxReceiveCount: 2 }, scaling: { max: 50 } }, there: { queue } } });
    const worker = { capacity: "spot", scaling: { min: 0, max: 1 } };
    assert.deepEqual(services, { made: { ...worker, queue: { maxReceiveCount: 2 } }, there: { ...worker, queue: {} } });
  });

  it("start tasks by hand only", () => {
    const { tasks } = its({
      tasks: { report: { command: ["report"], schedule: "rate(1 day)", timezone: "Europe/Berlin", retries: 2, enabled: true } },
    });
    assert.deepEqual(tasks, { report: { command: ["report"] } });
  });
});

describe("a review stack", () => {
  const load = (config: string[], outputs?: JsonObject) => ({
    ...loadProject({ cwd: TEMPLATE, stack: "dev", config, configPath: true }),
    ...(outputs && { platform: { file: "platform.json", outputs } }),
  });

  it("is made of the template's dev stack, at its own host, and costs less than 5 USD a month while nobody uses it", async () => {
    const platform = await record(load(["loadBalancer.domain=preview.example.com"]));
    const config = ["review.platform=organization/platform/dev", "review.domain=preview.example.com", "review.pullRequest=12"];
    const made = new Deployed(await record(load(config, platform.known.outputs)));
    const rule = made.inputs("ListenerRule");
    assert.deepEqual(rule.conditions, [{ hostHeader: { values: ["pr-12.preview.example.com"] } }]);
    assert.equal(made.recording.known.outputs.url, "https://pr-12.preview.example.com");
    for (const type of ["aws:ec2/vpc:Vpc", "aws:ecs/cluster:Cluster", "aws:lb/loadBalancer:LoadBalancer"])
      assert.deepEqual(made.names(type), [], type);
    assert.equal(made.inputs("aws:ecr/repository:Repository", "web").forceDelete, true);
    assert.equal((made.inputs("aws:ecs/service:Service").tags as JsonObject).Review, "pr-12");
    const { monthlyIdle, unknown } = planOf(made.recording).plan.cost;
    assert.deepEqual(unknown, []);
    assert.ok(monthlyIdle > 0 && monthlyIdle < 5, String(monthlyIdle));
  });

  it("needs a platform, a domain and the number of a pull request", async () => {
    assert.deepEqual(await complaintsAbout({ review: { domain: "preview.example.com" } }), [
      "review.platform: it is missing, and review stacks have no load balancer of their own; name the stack whose they use: organization/platform/dev.",
    ]);
    const wrong = {
      domain: "no domain",
      platform: "a/b/c",
      pullRequest: 0,
      expiresAfterDays: 91,
      sleep: { stop: "25:00", start: "07:00" },
    };
    assert.deepEqual(
      (await complaintsAbout({ review: wrong })).map((one) => one.split(":")[0]),
      ["review.domain", "review.sleep.stop", "review.expiresAfterDays", "review.pullRequest"],
    );
    assert.deepEqual(
      (await complaintsAbout({ review: { platform: "a/b/c" } })).map((one) => one.split(":")[0]),
      ["review.domain"],
    );
  });
});
