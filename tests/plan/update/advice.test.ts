import assert from "node:assert/strict";
import { adviceFor } from "../../../plan/update/serving/advice";
import type { Hazard } from "../../../plan/update/serving/hazard";

const advice = (kind: Hazard["kind"], type: string, text = "") =>
  adviceFor({ kind, urn: `urn:pulumi:prod::shop::${type}::web`, what: "", text });

describe("what can be done about a hazard", () => {
  const REPOSITORY = "aws:ecr/repository:Repository";
  const cases: [what: string, said: string, meant: RegExp][] = [
    ["another range", advice("replaced", "aws:ec2/vpc:Vpc"), /^Nothing in a network moves to another\. Make a second stack/],
    ["a new load balancer", advice("replaced", "aws:lb/loadBalancer:LoadBalancer"), /^It gets another DNS name\./],
    ["a repository replaced", advice("replaced", REPOSITORY), /^The images in it go, .* built and pushed again/],
    ["a log group replaced", advice("replaced", "aws:cloudwatch/logGroup:LogGroup"), /^Export what you need of its logs first\.$/],
    [
      "anything else replaced",
      advice("replaced", "aws:efs/fileSystem:FileSystem"),
      /^Keep the property as it is, or make another resource/,
    ],
    ["a service that goes", advice("removed", "aws:ecs/service:Service"), /`formerName` in a stack file, `aliases` in a program/],
    ["anything else that goes", advice("removed", "aws:efs/fileSystem:FileSystem"), /^Keep a copy of what you need from it first\.$/],
    [
      "requests that fail",
      advice("traffic", "aws:ecs/service:Service"),
      /^Requests fail meanwhile\. Deploy in a quiet hour, or in two updates/,
    ],
    [
      "callers that keep an old name",
      advice("traffic", "aws:ecs/service:Service", "its callers know it as api:80, which is gone"),
      /^Calls fail meanwhile\. Keep the name/,
    ],
    [
      "another protocol of a name",
      advice("refused", "aws:ecs/service:Service", "its name api speaks http"),
      /^Make a service of another name beside it/,
    ],
    ["idle tasks", advice("idle", "aws:ecs/service:Service"), /^The other tasks take over\./],
    [
      "protection by a component's setting",
      advice("refused", `berth:index:AppImage$${REPOSITORY}`, "it is protected, and would be deleted"),
      /^In three updates: set `deletionProtection: false` and deploy; make this change and deploy; set `deletionProtection: true` again/,
    ],
    [
      "protection by an option",
      advice("refused", REPOSITORY, "it is protected, and would be replaced"),
      /^Take `protect` off and deploy; then make this change\.$/,
    ],
    [
      "a taken priority",
      advice("refused", "aws:lb/listenerRule:ListenerRule", "its priority still belongs to ListenerRule web"),
      /^Make the change in two updates: the new one beside the old one first/,
    ],
  ];
  for (const [what, said, meant] of cases) it(what, () => assert.match(said, meant));
});
