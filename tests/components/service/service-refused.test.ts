import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { Cluster } from "../../../components/cluster/cluster";
import { AppImage } from "../../../components/image/image";
import { LoadBalancer } from "../../../components/load-balancer/load-balancer";
import { FargateService } from "../../../components/service/fargate-service";
import { refusal } from "../../helpers/deploy";
import { plainNetwork } from "../../helpers/network";
import { IMAGE, makeService, type ServiceGiven } from "../../helpers/service";

describe("a service that AWS would refuse", () => {
  const PLAIN = "and a task definition shows its environment to everyone who may look at it. Store it in Secrets Manager";
  const refused: [what: string, args: () => ServiceGiven, message: string][] = [
    [
      "memory for another CPU",
      () => ({ memory: 4096 }),
      "memory: 4 GB does not go with 0.25 vCPU on Fargate; allowed are 512 MB, 1 GB or 2 GB; the nearest is",
    ],
    ["a CPU in words", () => ({ cpu: "half" }), 'cpu: "half" is not a CPU size; write "0.25 vCPU" or 256'],
    [
      "a port out of range",
      () => ({ port: 70_000 }),
      "web.port: 70000 is out of range; allowed are whole numbers from 1 to 65535; the nearest is 65535.",
    ],
    [
      "too small a disk",
      () => ({ ephemeralStorage: 20 }),
      "ephemeralStorage: 20 is out of range; allowed are whole numbers from 21 to 200 GiB (20 are there anyway); the nearest is 21.",
    ],
    ["min above max", () => ({ scaling: { min: 5, max: 3 } }), "scaling.min: 5 is above scaling.max (3); the nearest is 3."],
    ["more tasks than AWS runs", () => ({ scaling: { max: 6000 } }), "scaling.max: 6000 is not a number of tasks; allowed are 0 to 5000"],
    ["no percentage", () => ({ scaling: { cpu: 0 } }), "scaling.cpu: 0 is not a percentage to keep; allowed are 1 to 100, or false."],
    [
      "requests without a route",
      () => ({ path: false, scaling: { requests: 5 } }),
      "scaling.requests: requests are counted by the load balancer, and this service has no route;",
    ],
    ["a number and a range", () => ({ desiredCount: 1, scaling: {} }), "desiredCount: desiredCount and scaling are both given;"],
    ["half a task", () => ({ desiredCount: 1.5 }), "desiredCount: 1.5 is not a number of tasks."],
    [
      "a check that outlasts its interval",
      () => ({ healthCheck: { timeout: 10 } }),
      "healthCheck.timeout: 10 is not less than healthCheck.interval (10); the nearest is 9.",
    ],
    [
      "a shell without a writable disk",
      () => ({ exec: true }),
      "exec: ECS Exec writes its agent into the container, which a read-only root file system forbids;",
    ],
    ["a moving image", () => ({ image: "web:latest" }), 'web.image: "web:latest" is a moving tag;'],
    ["a moving sidecar", () => ({ sidecars: { agent: { image: "agent" } } }), 'agent.image: "agent" has neither tag nor digest;'],
    [
      "a password",
      () => ({ environment: { DB_PASSWORD: "hunter2" } }),
      `web.environment.DB_PASSWORD: its name says it holds a password, ${PLAIN}`,
    ],
    [
      "a password from elsewhere",
      () => ({ environment: { X: pulumi.output("redis://:hunter2@x") } }),
      `web.environment.X: its value has the form of a credential, ${PLAIN}`,
    ],
    [
      "a range that follows nothing",
      () => ({ scaling: { cpu: false, memory: false } }),
      "scaling: cpu and memory are false and requests is not given, so nothing would change the number of tasks; give one of them,",
    ],
    [
      "a sidecar named like the app",
      () => ({ sidecars: { web: { image: "proxy:1" } } }),
      "sidecars.web: the app's own container has this name;",
    ],
    [
      "two folders of one volume",
      () => ({ writablePaths: ["/var/cache", "/var-cache"] }),
      'writablePaths: "/var/cache" and "/var-cache" would be one volume, var-cache;',
    ],
    [
      "more environment than a task definition holds",
      () => ({ environment: { MANUAL: "word ".repeat(14_000) } }),
      "web.environment: the containers' definitions have 70 KiB, AWS takes 64; keep long values in Parameter Store",
    ],
    ["a Pulumi secret", () => ({ environment: { X: pulumi.secret("hunter2") } }), `web.environment.X: it is a Pulumi secret, ${PLAIN}`],
    [
      "a sidecar's password",
      () => ({ sidecars: { agent: { image: "agent:1", environment: { API_KEY: "hunter2" } } } }),
      `agent.environment.API_KEY: its name says it holds a api key, ${PLAIN}`,
    ],
    ["a secret by value", () => ({ secrets: { DB: "hunter2" } }), "web.secrets.DB: this is not the ARN of a secret;"],
    [
      "a secret by value from elsewhere",
      () => ({ secrets: { DB: pulumi.output("hunter2") } }),
      "web.secrets.DB: this is not the ARN of a secret;",
    ],
    [
      "an image of another architecture",
      () => ({ image: new AppImage("web", { context: "./app" }), architecture: "arm64" }),
      "architecture: the image is built for x86_64, the task asks for arm64;",
    ],
    [
      "a sidecar of another architecture",
      () => ({ sidecars: { agent: { image: new AppImage("agent", { imageUri: "agent:1", architecture: "arm64" }) } } }),
      "sidecars.agent: its image is for arm64, the task runs on x86_64;",
    ],
  ];
  for (const [what, args, message] of refused) {
    it(what, async () => {
      const given = await refusal(() => makeService(args()));
      assert.equal(given.slice(0, message.length), message);
      assert.doesNotMatch(given, /hunter2/);
    });
  }

  it("a name that leaves no room", async () => {
    assert.equal(
      await refusal(() => makeService({}, "a-name-of-more-than-twenty-four")),
      'name: "a-name-of-more-than-twenty-four" has 31 characters; a target group\'s name has room for 24; the nearest is "a-name-of-more-than-twen".',
    );
  });

  it("a load balancer of another network", async () => {
    const message = await refusal(() => {
      const cluster = new Cluster("apps", { network: plainNetwork() });
      const route = new LoadBalancer("public", { network: plainNetwork(), accessLogs: false }).route({ path: "/*" });
      new FargateService("web", { cluster, image: IMAGE, route });
    });
    assert.equal(
      message,
      "route: the load balancer of the route /* is in another network than the cluster; both must be made with the same one.",
    );
  });
});
