// No false alarm: in an account where all is well, nothing is found for any stack or example, deployed or not.
import assert from "node:assert/strict";
import type { RecordedResource } from "../../../facts/graph";
import { entryOf } from "../../../facts/types";
import { CREATIONS } from "../../../ops/verify/actions";
import type { StateResource } from "../../../tool/state-file";
import { everyGraph } from "../../helpers/every-graph";
import { documented } from "../permissions";
import { deployed, found } from "./graph";

/** What the programs of the template and the examples look up. */
const INVOKES = [{ token: "aws:route53/getZone:getZone", args: { name: "example.com" } }];
const hasRecords = (resources: RecordedResource[]) => resources.some(({ type }) => type === "aws:route53/record:Record");

/** What takes no action but that of what it belongs to, or none of AWS. */
const NOTHING_MORE = [
  "aws:acm/certificateValidation:CertificateValidation",
  "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup",
  "docker:index/registryImage:RegistryImage",
  "docker:index/remoteImage:RemoteImage",
  "docker:index/tag:Tag",
];

describe("berth verify in an account where all is well", function () {
  this.timeout(120_000);

  it("finds nothing for any stack or example: before its first deploy, when it is deployed, and when nobody knows", async () => {
    const { optional } = documented().get("verify")!;
    for (const resources of await everyGraph()) {
      const states: (StateResource[] | undefined)[] = [[], resources.map((one, i) => deployed(one, `id-${i}`)), undefined];
      for (const state of states) {
        const { checks, calls } = await found({ resources, invokes: hasRecords(resources) ? INVOKES : [], state });
        const where = resources[0]!.urn;
        assert.deepEqual(checks, [], where);
        const unknown = calls.map(({ action }) => action).filter((action) => !action.startsWith("sts:") && !optional.includes(action));
        assert.deepEqual(unknown, [], where);
      }
    }
  });

  it("knows what creating each type takes", async () => {
    const made = (await everyGraph()).flat().filter(({ type, custom, read }) => custom && !read && /^(aws|docker)/.test(type));
    const types = [...new Set(made.map(({ type }) => type))];
    const unknown = types.filter((type) => entryOf(CREATIONS, type) === undefined && !NOTHING_MORE.includes(type));
    assert.deepEqual(unknown, [], "a row in ops/verify/actions.ts is missing");
  });
});
