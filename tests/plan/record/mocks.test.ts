import assert from "node:assert/strict";
import type { JsonObject } from "../../../facts/graph";
import { answer } from "../../../plan/record/lookups";
import { computeState } from "../../../plan/record/mocks";
import type { Location } from "../../../plan/record/region";
import { messageOf } from "../projects";

const EUROPE: Location = { account: "123456789012", region: "eu-west-1", partition: "aws", dnsSuffix: "amazonaws.com", assumed: false };
const CHINA: Location = {
  account: "123456789012",
  region: "cn-north-1",
  partition: "aws-cn",
  dnsSuffix: "amazonaws.com.cn",
  assumed: false,
};

const make = (type: string, inputs: JsonObject = {}, place = EUROPE) =>
  computeState({ urn: `urn:pulumi:dev::shop::${type}::web`, type, name: "web", inputs, place });

describe("an answer to a lookup", () => {
  it("says what in it is made up: all that the program does not ask by", () => {
    assert.deepEqual(answer("aws:ec2/getSubnet:getSubnet", { id: "subnet-1", vpcId: "vpc-1" }, EUROPE).madeUp, [
      "arn",
      "availabilityZone",
      "cidrBlock",
      "mapPublicIpOnLaunch",
      "availableIpAddressCount",
    ]);
    assert.deepEqual(answer("aws:index/getCallerIdentity:getCallerIdentity", {}, EUROPE).madeUp, ["id", "accountId", "arn", "userId"]);
  });

  it("is told where the stack says it, and made up where the plan assumes it", () => {
    for (const token of [
      "aws:index/getRegion:getRegion",
      "aws:index/getPartition:getPartition",
      "aws:iam/getPolicyDocument:getPolicyDocument",
    ])
      assert.deepEqual(answer(token, {}, EUROPE).madeUp, [], token);
    const assumed = answer("aws:index/getRegion:getRegion", {}, { ...EUROPE, assumed: true });
    assert.ok((assumed.madeUp as string[]).includes("region"));
  });
});

describe("what AWS would compute", () => {
  it("is the same every time, and differs between resources", () => {
    const [a, b] = ["a", "b"].map(
      (name) => computeState({ urn: `urn:${name}`, type: "aws:ec2/vpc:Vpc", name, inputs: {}, place: EUROPE }).id,
    );
    assert.match(a!, /^vpc-0[0-9a-f]{16}$/);
    assert.notEqual(a, b);
    assert.deepEqual(make("aws:ec2/vpc:Vpc"), make("aws:ec2/vpc:Vpc"));
  });

  it("has the partition and region of the stack", () => {
    assert.match(
      make("aws:ecs/cluster:Cluster", {}, CHINA).state.arn as string,
      /^arn:aws-cn:ecs:cn-north-1:123456789012:cluster\/web-[0-9a-f]{7}$/,
    );
    assert.equal(
      make("aws:ecr/repository:Repository", { name: "app" }, CHINA).state.repositoryUrl,
      "123456789012.dkr.ecr.cn-north-1.amazonaws.com.cn/app",
    );
    assert.match(make("aws:iam/role:Role", {}, CHINA).state.arn as string, /^arn:aws-cn:iam::123456789012:role\/web-/);
    assert.match(make("aws:sqs/queue:Queue", { region: "eu-north-1" }).state.url as string, /^https:\/\/sqs\.eu-north-1\./);
  });

  it("fits together: a listener's ARN holds its load balancer's, a service's its cluster", () => {
    const { id } = make("aws:lb/loadBalancer:LoadBalancer", { name: "public" });
    assert.match(id, /^arn:aws:elasticloadbalancing:eu-west-1:123456789012:loadbalancer\/app\/public\/[0-9a-f]{16}$/);
    const listener = make("aws:lb/listener:Listener", { loadBalancerArn: id }).id;
    assert.ok(listener.startsWith(`${id.replace("loadbalancer/", "listener/")}/`));
    assert.ok(
      make("aws:lb/listenerRule:ListenerRule", { listenerArn: listener }).id.startsWith(
        `${listener.replace("listener/", "listener-rule/")}/`,
      ),
    );
    const service = make("aws:ecs/service:Service", { cluster: "arn:aws:ecs:eu-west-1:123456789012:cluster/apps", name: "web" }).id;
    assert.equal(service, "arn:aws:ecs:eu-west-1:123456789012:service/apps/web");
  });

  it("validates each name of a certificate once", () => {
    const { domainValidationOptions } = make("aws:acm/certificate:Certificate", {
      domainName: "a.com",
      subjectAlternativeNames: ["*.a.com", "a.com"],
    }).state;
    assert.deepEqual(
      (domainValidationOptions as JsonObject[]).map((option) => option.domainName),
      ["a.com", "*.a.com"],
    );
  });

  it("gives an image its digest", () => {
    assert.match(
      make("docker-build:index:Image", { tags: ["repo/web:latest"] }).state.ref as string,
      /^repo\/web:latest@sha256:[0-9a-f]{64}$/,
    );
  });

  it("never overrides an input", () => {
    assert.deepEqual(
      [make("aws:ec2/vpc:Vpc", { cidrBlock: "10.9.0.0/16" }).state.cidrBlock, make("aws:iam/role:Role", { name: "mine" }).state.name],
      ["10.9.0.0/16", "mine"],
    );
  });

  it("is an id, a name and an ARN for a type it does not know, and no more than an id for other providers", () => {
    assert.deepEqual(Object.keys(make("aws:moon/base:Base").state).sort(), ["arn", "name"]);
    assert.deepEqual(make("moon:index:Base", { a: 1 }).state, { a: 1 });
  });
});

describe("what AWS would answer", () => {
  const ask = (token: string, args: JsonObject = {}, place = EUROPE) => answer(token, args, place);

  it("about the account and the place", () => {
    assert.equal(ask("aws:index/getCallerIdentity:getCallerIdentity").accountId, "123456789012");
    assert.equal(ask("aws:index/getRegion:getRegion").region, "eu-west-1");
    assert.deepEqual((({ partition, dnsSuffix }) => [partition, dnsSuffix])(ask("aws:index/getPartition:getPartition", {}, CHINA)), [
      "aws-cn",
      "amazonaws.com.cn",
    ]);
    assert.deepEqual(ask("aws:index/getAvailabilityZones:getAvailabilityZones", { region: "us-west-2" }).names, [
      "us-west-2a",
      "us-west-2b",
      "us-west-2c",
    ]);
  });

  it("about subnets: each in a zone of its own", () => {
    const zones = ["subnet-a", "subnet-b", "subnet-c"].map((id) => ask("aws:ec2/getSubnet:getSubnet", { id }).availabilityZone);
    assert.deepEqual(zones, ["eu-west-1a", "eu-west-1b", "eu-west-1c"]);
  });

  it("about images: an id, or AWS's JSON", () => {
    const name = "/aws/service/ecs/optimized-ami/amazon-linux-2023/arm64/recommended";
    assert.match(ask("aws:ssm/getParameter:getParameter", { name: `${name}/image_id` }).value as string, /^ami-0[0-9a-f]{16}$/);
    assert.match(
      (JSON.parse(ask("aws:ssm/getParameter:getParameter", { name }).value as string) as JsonObject).image_id as string,
      /^ami-0/,
    );
  });

  it("about instance types: memory and architecture", () => {
    const of = (instanceType: string) => {
      const { memorySize, defaultVcpus, supportedArchitectures } = ask("aws:ec2/getInstanceType:getInstanceType", { instanceType });
      return [memorySize, defaultVcpus, supportedArchitectures];
    };
    assert.deepEqual(of("t4g.small"), [2048, 2, ["arm64"]]);
    assert.deepEqual(of("m7i.4xlarge"), [65536, 16, ["x86_64"]]);
  });

  it("about policy documents: the document itself", () => {
    const { json } = ask("aws:iam/getPolicyDocument:getPolicyDocument", {
      statements: [
        {
          actions: ["s3:GetObject"],
          resources: ["a", "b"],
          principals: [{ type: "Service", identifiers: ["ecs-tasks.amazonaws.com"] }],
          conditions: [{ test: "StringEquals", variable: "aws:SourceAccount", values: ["1"] }],
        },
      ],
    });
    assert.deepEqual(JSON.parse(json as string), {
      Version: "2012-10-17",
      Statement: [
        {
          Effect: "Allow",
          Action: "s3:GetObject",
          Resource: ["a", "b"],
          Principal: { Service: "ecs-tasks.amazonaws.com" },
          Condition: { StringEquals: { "aws:SourceAccount": "1" } },
        },
      ],
    });
  });

  it("nothing it does not know", async () => {
    assert.match(
      await messageOf(() => ask("aws:moon/getPhase:getPhase")),
      /^The program looks up aws:moon\/getPhase:getPhase, which the offline plan cannot answer;/,
    );
  });
});
