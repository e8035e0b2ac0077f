// Agents on managed instances in a stack file.
import assert from "node:assert/strict";
import { asReview } from "../../settings/review";
import { type Config, complaintsAbout, settingsOf } from "../helpers/settings";

const IMAGE = "agent:1.2.3";
const MANAGED = { compute: "managed-instances", network: { nat: "single" } };

describe("daemons in a stack file", () => {
  it("are these, each with the architecture of the stack", () => {
    const [own, ...others] = settingsOf({
      ...MANAGED,
      architecture: "arm64",
      daemons: { agent: { image: IMAGE, user: "0", bakeTime: 5 } },
    }).daemons;
    assert.deepEqual(others, []);
    assert.deepEqual({ ...own }, { name: "agent", image: IMAGE, user: "0", bakeTime: 5, architecture: "arm64", ...originOf(own!) });
  });

  it("need nothing but an instance of any service or task", () => {
    const daemons = { agent: { image: IMAGE } };
    const network = { nat: "single" };
    for (const work of [{ services: { a: {}, b: { compute: "managed-instances" } } }, { tasks: { a: { compute: "managed-instances" } } }])
      assert.equal(settingsOf({ ...work, network, daemons }).daemons.length, 1);
  });

  it("need the endpoints of what they read", () => {
    const secrets = { KEY: "arn:aws:ssm:us-east-1:111122223333:parameter/key" };
    const { network } = settingsOf({
      compute: "managed-instances",
      network: { endpoints: "private" },
      daemons: { agent: { image: IMAGE, secrets, permissions: { read: ["arn:aws:sqs:us-east-1:111122223333:jobs"] } } },
    });
    const { endpointServices } = network as { endpointServices: string[] };
    assert.deepEqual(
      endpointServices.filter((one) => !one.startsWith("ecs")),
      ["ssm", "sqs"],
    );
  });

  it("are not of a review stack, whose instances are the platform's", () => {
    const review = { pullRequest: 7, platform: "acme/platform/dev", domain: "preview.example.com" };
    assert.ok(!("daemons" in asReview({ compute: "managed-instances", daemons: { agent: { image: IMAGE } }, review })));
  });

  it("say what is wrong with them", async () => {
    const REFUSED: [Config, string][] = [
      [
        { daemons: { agent: { image: IMAGE } } },
        "daemons: nothing runs on Managed Instances, so there is no instance to run them on; set compute: managed-instances, or with compute: ec2 make it a service with daemon: true.",
      ],
      [{ ...MANAGED, daemons: { web: { image: IMAGE } } }, "daemons.web: a service or a task has that name; choose another."],
      [
        { ...MANAGED, tasks: { report: {} }, daemons: { report: { image: IMAGE } } },
        "daemons.report: a service or a task has that name; choose another.",
      ],
      [{ ...MANAGED, daemons: { agent: {} } }, "daemons.agent.image: it is missing, and there is no default for it."],
      [{ ...MANAGED, daemons: { agent: { image: IMAGE, port: 80 } } }, "daemons.agent.port: there is no such key."],
    ];
    for (const [config, message] of REFUSED) {
      const [complaint] = await complaintsAbout(config);
      assert.ok(complaint?.startsWith(message), complaint);
    }
  });
});

/** Where what is said of it stands. */
const originOf = (own: object) => Object.fromEntries(Object.getOwnPropertySymbols(own).map((key) => [key, Reflect.get(own, key)]));
