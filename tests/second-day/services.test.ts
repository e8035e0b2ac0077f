// Several services in one stack, on the second day: what is changed of one leaves the others alone, and a service that keeps its name stays what it is.
import assert from "node:assert/strict";
import * as fc from "fast-check";
import type { RecordedResource } from "../../facts/graph";
import type { Settings } from "./settings";
import { graphOf, metBy, settingOf } from "./updates";

type Services = Record<string, Record<string, unknown>>;

/** The component at the top that a resource belongs to: `FargateService api`. */
function ownerOf(resource: RecordedResource, byUrn: Map<string, RecordedResource>): string {
  const parent = byUrn.get(resource.parent ?? "");
  return parent === undefined || parent.type === "pulumi:pulumi:Stack"
    ? `${resource.type.split(":").pop()} ${resource.name}`
    : ownerOf(parent, byUrn);
}

/** By URN, a resource as the program registers it, and whose it is. */
async function resourcesOf(services: Services) {
  const resources = await graphOf("dev", { services });
  if (typeof resources === "string") throw new Error(resources);
  const byUrn = new Map(resources.map((resource) => [resource.urn, resource]));
  return new Map(resources.map((resource) => [resource.urn, { text: JSON.stringify(resource), owner: ownerOf(resource, byUrn) }]));
}

/** Who has a resource that is not the same before and after. */
async function changed(before: Services, after: Services): Promise<string[]> {
  const [old, now] = [await resourcesOf(before), await resourcesOf(after)];
  const differ = [...new Set([...old.keys(), ...now.keys()])].filter((urn) => old.get(urn)?.text !== now.get(urn)?.text);
  const owners = new Set(differ.map((urn) => (now.get(urn) ?? old.get(urn))!.owner));
  owners.delete("Stack berth-dev");
  return [...owners].sort();
}

const NAMES = ["api", "mails", "orders", "users", "search"];
/** What a service may say, each in another way. */
const CHANGES: Record<string, unknown[]> = {
  path: ["/a/*", "/b/*"],
  host: ["a.example.com", "b.example.com"],
  command: [
    ["node", "one.js"],
    ["node", "two.js"],
  ],
  environment: [{ MODE: "one" }, { MODE: "two" }],
  secrets: [{ DB: "arn:aws:ssm:us-east-1:111122223333:parameter/db" }],
  desiredCount: [1, 3],
  port: [8080, 9000],
  memory: ["1 GB", "2 GB"],
  image: [{ keep: 20 }, { buildArgs: { A: "1" } }, { context: ".", dockerfile: "app/Dockerfile" }],
  sleep: [{ stop: "20:00", start: "07:00" }],
  logRetentionInDays: [7, 30],
  capacity: ["spot", "mixed"],
  rollout: [{ strategy: "rolling", minimumHealthyPercent: 50 }],
  deregistrationDelay: [5],
  preDeploy: [["node", "migrate.js"]],
  securityGroups: [["sg-0123456789abcdef0"]],
};
/** A service that says some of it; each of its routes is its own by the host. */
const oneService = fc
  .dictionary(fc.constantFrom(...Object.keys(CHANGES)), fc.nat(), { maxKeys: 5, noNullPrototype: true })
  .map((chosen) => Object.fromEntries(Object.entries(chosen).map(([key, n]) => [key, CHANGES[key]![n % CHANGES[key]!.length]])));
const hostOf = (name: string, service: Record<string, unknown>) =>
  service.host === undefined && service.path === undefined
    ? service
    : { ...service, host: `${name}.${(service.host as string) ?? "example.com"}` };
const someServices = fc
  .uniqueArray(fc.constantFrom(...NAMES), { minLength: 2 })
  .chain((names) =>
    fc
      .tuple(...names.map(() => oneService))
      .map((all): Services => Object.fromEntries(names.map((name, i) => [name, hostOf(name, all[i]!)]))),
  );

describe("one of several services", function () {
  this.timeout(120_000);

  it("is changed, added and removed without a change of the others", async () => {
    await fc.assert(
      fc.asyncProperty(someServices, oneService, fc.constantFrom(...NAMES), async (services, other, name) => {
        const { [name]: _, ...without } = services;
        const owners = new Set([
          ...(await changed(services, { ...services, [name]: hostOf(name, other) })),
          ...(await changed(services, without)),
        ]);
        const its = [`AppImage ${name}`, `FargateService ${name}`];
        assert.deepEqual(
          [...owners].filter((owner) => !its.includes(owner)),
          [],
        );
      }),
      { numRuns: 12 },
    );
  });

  it("changes when its settings do, and so does the rule see it", async () => {
    const services = { api: { path: "/api/*" }, mails: {} };
    assert.deepEqual(await changed(services, { ...services, mails: { command: ["node", "mails.js"] } }), ["FargateService mails"]);
    const own = { ...services, api: { ...services.api, image: { keep: 20 } } };
    assert.deepEqual(await changed(services, own), ["AppImage api", "FargateService api"]);
  });

  it("stands in any order in the stack file", async () => {
    const [api, mails] = [{ path: "/api/*" }, { image: { keep: 20 } }];
    assert.deepEqual(await changed({ api, mails }, { mails, api }), []);
  });
});

describe("a live service", () => {
  const web = settingOf("dev", {}, "service") as Record<string, unknown>;
  const mails = { command: ["node", "mails.js"] };
  const many = { web: { path: "/*", ...web }, mails };

  /** What an update does to what was there, and whether that is more than a deployment. */
  const update = async (from: Settings, to: Settings) => {
    const met = await metBy({ row: { key: "services", to: {} }, stack: "dev", name: "move", from, to });
    if (typeof met === "string") throw new Error(met);
    const { changes } = met.update;
    const did = changes
      .filter(({ action }) => action !== "create")
      .map(({ action, resource: { type, name } }) => `${action} ${type.split(":").pop()} ${name}`);
    return { did, hazards: met.hazards };
  };
  // Offline the repository has another made-up name, which is in the tag of the image; in AWS it keeps its own.
  const deployment = (image: string, ...services: string[]) => [
    `update Image ${image}`,
    ...services.map((name) => `replace TaskDefinition ${name}`),
    ...services.map((name) => `update Service ${name}`),
    ...services.map((name) => `update Command ${name}-rollout`),
  ];
  const moves: [what: string, from: Settings, to: Settings, did: string[]][] = [
    ["from `service` to `services`", {}, { service: undefined, services: { web: many.web } }, deployment("shared", "web")],
    ["there beside another that shares its image", {}, { service: undefined, services: many }, deployment("shared", "web")],
    [
      "back beside others",
      { service: undefined, services: many },
      { service: web, services: { mails } },
      deployment("web", "mails", "web"),
    ],
  ];
  for (const [what, from, to, did] of moves) {
    it(`moves ${what} with its image, and nothing is replaced`, async () => {
      const met = await update(from, to);
      assert.deepEqual([met.did.sort(), met.hazards], [did.sort(), []]);
    });
  }

  it("gets others beside it untouched", async () => {
    assert.deepEqual(await update({}, { services: { mails } }), { did: [], hazards: [] });
  });

  it("moves there under another name as it is renamed, and nothing is deleted", async () => {
    const { did, hazards } = await update({}, { service: undefined, services: { shop: { ...many.web, formerName: "web" } } });
    const renamed = await update({}, { "service.name": "shop", "service.formerName": "web" });
    assert.deepEqual([did.sort(), hazards], [renamed.did.map((one) => one.replace("Image shop", "Image shared")).sort(), renamed.hazards]);
    assert.deepEqual(
      did.filter((one) => one.startsWith("delete")),
      [],
    );
  });
});
