import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { Cluster } from "../../../components/cluster/cluster";
import { AppImage } from "../../../components/image/image";
import { LoadBalancer } from "../../../components/load-balancer/load-balancer";
import { FargateService } from "../../../components/service/fargate-service";
import { deploy, refusal } from "../../helpers/deploy";
import { plainNetwork } from "../../helpers/network";
import { IMAGE, makeService, type ServiceGiven } from "../../helpers/service";

describe("a service that AWS would refuse", () => {
  const SECRET = "arn:aws:ssm:eu-west-3:123456789012:parameter/x";
  const plain = (name: string) =>
    `and a task definition shows its environment to everyone who may read it. Give it as secrets: { ${name}: { value: ... } }, encrypted, or store it in Secrets Manager or as a SecureString parameter and give its name, secrets: { ${name}: "prod/db" }; ECS then hands it to the container as the same variable.`;
  const refused: [what: string, args: () => ServiceGiven, message: string][] = [
    [
      "memory for another CPU",
      () => ({ memory: 4096 }),
      'FargateService "web": memory: 4 GB does not go with 0.25 vCPU on Fargate; allowed: 512 MB, 1 GB or 2 GB; the nearest is "2 GB".',
    ],
    [
      "a CPU in words",
      () => ({ cpu: "half" }),
      'FargateService "web": cpu: "half" is not a CPU size; write "0.25 vCPU" or 256 (1024 units are one vCPU).',
    ],
    [
      "a port out of range",
      () => ({ port: 70_000 }),
      'FargateService "web": port: 70000 is out of range; allowed: 1 to 65535; the nearest is 65535.',
    ],
    [
      "too small a disk",
      () => ({ ephemeralStorage: 20 }),
      'FargateService "web": ephemeralStorage: 20 is out of range; allowed: 21 to 200 GiB; the nearest is 21.',
    ],
    ["min above max", () => ({ scaling: { min: 5, max: 3 } }), 'FargateService "web": scaling.min: 5 is above max (3); the nearest is 3.'],
    [
      "more tasks than AWS runs",
      () => ({ scaling: { max: 6000 } }),
      'FargateService "web": scaling.max: 6000 is out of range; allowed: 1 to 5000 tasks; the nearest is 5000.',
    ],
    [
      "no percentage",
      () => ({ scaling: { cpu: 0 } }),
      'FargateService "web": scaling.cpu: 0 is out of range; allowed: 1 to 100 percent, or false; the nearest is 1.',
    ],
    [
      "requests without a route",
      () => ({ path: false, scaling: { requests: 5 } }),
      'FargateService "web": scaling.requests: requests are counted by the load balancer, and this service has no route; use cpu or memory, or give it a route.',
    ],
    [
      "a number and a range",
      () => ({ desiredCount: 1, scaling: {} }),
      'FargateService "web": desiredCount: desiredCount and scaling are both given; the number of tasks is either fixed or scaled: leave one out.',
    ],
    [
      "no task that sleeps",
      () => ({ desiredCount: 0, sleep: { stop: "20:00", start: "07:00" } }),
      'FargateService "web": desiredCount: 0 leaves no task to sleep and to wake again; the nearest is 1, or leave sleep out.',
    ],
    [
      "half a task",
      () => ({ desiredCount: 1.5 }),
      'FargateService "web": desiredCount: 1.5 is not a whole number; allowed: 0 to 5000 tasks; the nearest is 2.',
    ],
    [
      "a check that outlasts its interval",
      () => ({ healthCheck: { timeout: 10 } }),
      'FargateService "web": healthCheck.timeout: 10 is not less than interval (10); the nearest is 9.',
    ],
    [
      "a shell without a writable disk",
      () => ({ exec: true }),
      'FargateService "web": exec: ECS Exec writes its agent into the container, which a read-only root file system forbids; set readonlyRootFilesystem: false as well, or leave exec off.',
    ],
    [
      "a moving image",
      () => ({ image: "web:latest" }),
      'FargateService "web": image: "web:latest" is a moving tag; give a digest (…@sha256:…) or a tag that is never pushed twice.',
    ],
    [
      "a moving sidecar",
      () => ({ sidecars: { agent: { image: "agent" } } }),
      'FargateService "web": sidecars.agent.image: "agent" has neither tag nor digest; give a digest (…@sha256:…) or a tag that is never pushed twice.',
    ],
    [
      "a password",
      () => ({ environment: { DB_PASSWORD: "hunter2" } }),
      `FargateService "web": environment.DB_PASSWORD: its name says it holds a password, ${plain("DB_PASSWORD")}`,
    ],
    [
      "a password from elsewhere",
      () => ({ environment: { X: pulumi.output("redis://:hunter2@x") } }),
      `FargateService "web": environment.X: its value has the form of a URL with a password, ${plain("X")}`,
    ],
    [
      "a range that begins with no task, and metrics of tasks",
      () => ({ scaling: { min: 0, memory: false } }),
      'FargateService "web": scaling.min: no task has no cpu, memory or requests to measure, so nothing would start one again; the nearest is 1, or scale by the messages of a queue alone, or set cpu: false and memory: false, and add a policy of your own to scaling.target.',
    ],
    [
      "a sidecar named like the app",
      () => ({ sidecars: { web: { image: "proxy:1" } } }),
      'FargateService "web": sidecars.web: the app\'s own container has this name; give the sidecar another.',
    ],
    [
      "two folders of one volume",
      () => ({ writablePaths: ["/var/cache", "/var-cache"] }),
      'FargateService "web": writablePaths: "/var/cache" and "/var-cache" would be one volume, var-cache; write one of them otherwise.',
    ],
    [
      "more environment than a task definition holds",
      () => ({ environment: { MANUAL: "word ".repeat(14_000) } }),
      'FargateService "web": environment: the containers\' definitions have 70 KiB, AWS takes 64; keep long values in Parameter Store or Secrets Manager and name them in secrets, or put them into the image.',
    ],
    [
      "a Pulumi secret",
      () => ({ environment: { X: pulumi.secret("hunter2") } }),
      `FargateService "web": environment.X: it is a Pulumi secret, ${plain("X")}`,
    ],
    [
      "a sidecar's password",
      () => ({ sidecars: { agent: { image: "agent:1", environment: { API_KEY: "hunter2" } } } }),
      `FargateService "web": sidecars.agent.environment.API_KEY: its name says it holds an API key, ${plain("API_KEY")}`,
    ],
    [
      "a secret by value",
      () => ({ secrets: { DB: "hunter2" } }),
      'FargateService "web": secrets.DB: this is neither the name nor the ARN of a secret; allowed: prod/db or prod/db:password (Secrets Manager), /prod/db/password (Parameter Store), an ARN of either, { secret: NAME } for a name without a slash, or { value: ... } for the value itself, encrypted.',
    ],
    [
      "a secret by value from elsewhere",
      () => ({ secrets: { DB: pulumi.output("hunter2") } }),
      'FargateService "web": secrets.DB: this is neither the name nor the ARN of a secret; allowed: prod/db or prod/db:password (Secrets Manager), /prod/db/password (Parameter Store), an ARN of either, { secret: NAME } for a name without a slash, or { value: ... } for the value itself, encrypted.',
    ],
    [
      "an image of another architecture",
      () => ({ image: new AppImage("web", { context: "./app" }), architecture: "arm64" }),
      'FargateService "web": architecture: the image is built for x86_64, the task asks for arm64; give the architecture to the image only.',
    ],
    [
      "a variable of two values",
      () => ({ environment: { DB_HOST: "db" }, secrets: { DB_HOST: SECRET } }),
      'FargateService "web": secrets.DB_HOST: environment has a variable of that name, too; leave out one of them.',
    ],
    [
      "a sidecar's variable of two values",
      () => ({ sidecars: { agent: { image: "agent:1", environment: { A: "b" }, secrets: { A: SECRET } } } }),
      'FargateService "web": sidecars.agent.secrets.A: environment has a variable of that name, too; leave out one of them.',
    ],
    [
      "a secret in place of a variable of the component's own",
      () => ({ secrets: { PORT: SECRET } }),
      'FargateService "web": secrets.PORT: the component sets this variable itself, from port and healthCheck.path; give the secret another name.',
    ],
    [
      "two containers on one port",
      () => ({ sidecars: { agent: { image: "agent:1", port: 8000 } } }),
      'FargateService "web": sidecars.agent.port: 8000 is the port of web, too, and the containers of a task share its network; choose another.',
    ],
    [
      "two sidecars on one port",
      () => ({ sidecars: { a: { image: "agent:1", port: 9000 }, b: { image: "agent:1", port: 9000 } } }),
      'FargateService "web": sidecars.a.port: 9000 is the port of b, too, and the containers of a task share its network; choose another.',
    ],
    [
      "a sidecar of another architecture",
      () => ({ sidecars: { agent: { image: new AppImage("agent", { imageUri: "agent:1", architecture: "arm64" }) } } }),
      'FargateService "web": sidecars.agent: its image is for arm64, the task runs on x86_64; all containers of a task run on the same machine.',
    ],
  ];
  for (const [what, args, message] of refused) {
    it(what, async () => {
      const given = await refusal(() => makeService(args()));
      assert.equal(given, message);
      assert.doesNotMatch(given, /hunter2/);
    });
  }

  it("a name that leaves no room", async () => {
    assert.equal(
      await refusal(() => makeService({}, "a-name-of-more-than-twenty-four")),
      'FargateService "a-name-of-more-than-twenty-four": name: "a-name-of-more-than-twenty-four" has 31 characters; a target group\'s name has room for 24; the nearest is "a-name-of-more-than-twen".',
    );
  });

  it("takes a long name for a worker, which has no target group", async () => {
    const made = await deploy(() => makeService({ path: false }, "customer-notification-worker"));
    assert.deepEqual(made.names("aws:ecs/service:Service"), ["customer-notification-worker"]);
  });

  it("takes the secrets of a worker under any name, and one port twice where there is none", async () => {
    await deploy(() => makeService({ path: false, secrets: { PORT: SECRET }, sidecars: { agent: { image: "agent:1" } } }));
  });

  it("a load balancer of another network", async () => {
    const message = await refusal(() => {
      const cluster = new Cluster("apps", { network: plainNetwork() });
      const route = new LoadBalancer("public", { network: plainNetwork(), accessLogs: false }).route({ path: "/*" });
      new FargateService("web", { cluster, image: IMAGE, route });
    });
    assert.equal(
      message,
      'FargateService "web": route: the load balancer of the route /* is in another network than the cluster; both must be made with the same one.',
    );
  });
});
