// Whatever the settings of a service: planned, described as AWS would describe it, and adopted, they make the same resources.
import "../../../components"; // Loaded once, before the recordings, which would load them each time.
import assert from "node:assert/strict";
import * as fc from "fast-check";
import { translateServices } from "../../../adopt/ecs/adopt";
import { withoutEmpty } from "../../../adopt/ecs/documents";
import { UserError } from "../../../facts/errors";
import type { JsonObject, RecordedResource } from "../../../facts/graph";
import { loadProject } from "../../../plan/project/project";
import { recordKnown } from "../../../plan/record/record";
import { complaintsOf } from "../../../settings/complaints";
import { legalValues, merge } from "../../helpers/any-settings";
import { asAwsDescribes } from "../../helpers/as-aws-describes";
import { TEMPLATE } from "../../helpers/places";

const ARN = "arn:aws:elasticloadbalancing:eu-west-1:123456789012";
const VPC = "vpc-0a1b2c3d4e5f67890";
const EXISTING = {
  "aws:region": "eu-west-1",
  network: { existing: { vpcId: VPC, privateSubnetIds: ["subnet-0a1b2c3d4e5f6789a", "subnet-0a1b2c3d4e5f6789b"] } },
  cluster: { existing: { clusterArn: "arn:aws:ecs:eu-west-1:123456789012:cluster/shop" } },
  loadBalancer: { existing: { listenerArn: `${ARN}:listener/app/public/50dc6c495c0c9188/f2f7dc8efc522ab2` } },
  image: { imageUri: "123456789012.dkr.ecr.eu-west-1.amazonaws.com/web:1.0" },
};

/** Settings of a service that do not come back, and why. */
const EXCEPTIONS: Record<string, string> = {
  name: "the service is called web here",
  route: "a worker has no load balancer, which stands beside the settings",
  protocol: "streams come by a network load balancer, which cannot be one that exists",
  listener: "it is of a network load balancer, which cannot be one that exists",
  signIn: "AWS does not tell the client's secret of a provider",
  alarms: "alarms are the stack's, and are made anew",
  calls: "other services are called, and there are none",
  sendsTo: "queues of other services are named, and there are none",
  queue: "AWS does not tell that a service works on a queue: its variable and its rights stay",
  connect: "the existing cluster has no namespace here",
  dns: "the existing cluster has no namespace here",
  sidecars: "images of sidecars are copied by the stack; tests/adopt/ecs/descriptions.test.ts has those that are not",
  ports: "their names come back where AWS has a port's name; tests/adopt/ecs/descriptions.test.ts has them",
  secrets: "a value that the stack stores comes back as the ARN of the secret",
  environmentFiles: "a file of the project comes back as the object in S3",
  volumes: "a file system that the stack makes comes back by its id",
  mounts: "it needs volumes",
  logging: "a metric filter is beside the service; options of drivers are in tests/adopt/ecs/descriptions.test.ts",
  telemetry: "the collector comes back as a sidecar with the rights of the role",
  permissions: "rights come back as statements of the role, which only a caller with permissions reads",
  secretsKmsKeyArns: "keys are named in the execution role, which is made anew",
  egress: "security group rules are of the service's own group, which is made anew",
  logRetentionInDays: "it is of the log group, which only a caller with permissions reads",
  exec: "its rights are of the role, which is made anew",
  maintenance: "the page is a listener rule beside the service's own",
  preDeploy: "AWS does not know it",
  redeploy: "AWS does not know it",
  revision: "AWS does not know who deploys",
  formerName: "AWS does not know it",
  sleep: "its scheduled actions stay in AWS until they are settings",
  rollout: "alarms of a rollout come back as alarms of your own; tests/adopt/ecs/descriptions.test.ts has strategies",
  containerHealthCheck: "without one Berth's own check of the image comes back as the user's",
  networkMode: "it is of EC2",
  daemon: "it is of EC2",
  gpu: "it is of EC2",
  rewrite: "it needs a path that ends with *",
  metrics: "a policy of a metric stays in AWS until it is a setting",
  schedule: "scheduled actions stay in AWS until they are settings",
  messages: "it needs a queue",
};

/** What AWS does not tell of a resource, or the plan makes of other things than settings. */
const NOT_COMPARED = ["pulumi", "random", "command"];
/** What says of a target group what AWS has anyway. */
const USUAL = [
  { loadBalancingAlgorithmType: "round_robin" },
  { loadBalancingAnomalyMitigation: "off" },
  { stickiness: { enabled: false, type: "lb_cookie" } },
];
const isUsual = (key: string, value: unknown) => USUAL.some((one) => JSON.stringify(one) === JSON.stringify({ [key]: value }));
/** Inputs as AWS understands them: an empty list says what none says. */
const understood = (inputs: JsonObject) =>
  withoutEmpty(
    Object.fromEntries(
      Object.entries(inputs)
        .filter(([key, value]) => !isUsual(key, value))
        .map(([key, value]) => [key, key === "containerDefinitions" ? (JSON.parse(String(value)) as unknown) : value]),
    ),
  );
const inputsOf = (resources: readonly RecordedResource[]) =>
  Object.fromEntries(
    resources
      .filter(({ custom, type }) => custom && !NOT_COMPARED.includes(type.split(":")[0]!))
      .map(({ type, name, inputs }) => [`${type} ${name}`, understood(inputs)]),
  );
const planned = async (settings: object) =>
  (await recordKnown(loadProject({ cwd: TEMPLATE, stack: "live", settings: { ...settings } }))).resources;

describe("settings of a service, planned, described and adopted", function () {
  this.timeout(600_000);

  const roundTrip = async (service: object) => {
    const settings = { ...EXISTING, service: { name: "web", ...service } };
    const resources = await planned(settings).catch((error: unknown) => {
      if (error instanceof UserError) return undefined;
      throw error;
    });
    if (!resources) return false;
    const { ledger } = translateServices([asAwsDescribes(resources, VPC)]);
    ledger.close(complaintsOf);
    const { tags: _, ...adopted } = ledger.settings;
    assert.deepEqual(inputsOf(await planned({ "aws:region": "eu-west-1", ...adopted })), inputsOf(resources), JSON.stringify(service));
    return true;
  };

  it("make the same resources again", async () => {
    const legal = legalValues().filter(([path]) => path[0] === "service" && !path.some((key) => key in EXCEPTIONS));
    const setting = fc
      .constantFrom(...legal.filter(([, values]) => values.length > 0))
      .chain(([path, values]) => fc.tuple(fc.constant(path.slice(1)), fc.constantFrom(...values)));
    await fc.assert(
      fc.asyncProperty(fc.array(setting, { maxLength: 4 }), async (drawn) => {
        // Settings that do not go together are drawn again.
        fc.pre(await roundTrip(merge(drawn)));
      }),
      { numRuns: 8 },
    );
  });
});
