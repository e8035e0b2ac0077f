import assert from "node:assert/strict";
import fc from "fast-check";
import { glob } from "../../../policy/engine/glob";
import { Graph } from "../../../policy/graph/graph";
import { toPolicyResources } from "../../../policy/graph/recorded";
import type { TypeName } from "../../../policy/graph/types";
import { id, type Mode, make, type Node, record, text } from "../graphs";

const SUBNET = "aws:ec2/subnet:Subnet";
const [a, b, other] = ["a", "b", "other"].map((name) => make(SUBNET, name)) as [Node, Node, Node];
const associate = (subnet: Node) => make("aws:ec2/routeTableAssociation:RouteTableAssociation", subnet.name, { subnetId: id(subnet) });

/** What a load balancer's list of subnets means in a graph where others tell which id is whose, or do not. */
function targets(subnets: unknown, mode: Mode, told: boolean) {
  const lb = make("aws:lb/loadBalancer:LoadBalancer", "lb", { subnets });
  const graph = new Graph(toPolicyResources(record([lb, ...(told ? [a, b, other].map(associate) : [])], mode).resources));
  const [balancer] = graph.of("aws:lb/loadBalancer:LoadBalancer");
  const { resources, exact } = graph.targets(balancer!, "subnets", SUBNET, () => balancer!.props.subnets);
  return { names: resources.map((r) => r.name), exact };
}

describe("Graph.targets", () => {
  it("finds resources by their ids, where another resource's input tells whose they are", () =>
    assert.deepEqual(targets([id(a!), id(b!)], "known", true), { names: ["a", "b"], exact: true }));

  it("finds resources by the dependencies, where the ids tell nothing", () =>
    assert.deepEqual(targets([id(a!), id(b!)], "known", false), { names: ["a", "b"], exact: true }));

  it("finds the ids, though the property depends on more", () =>
    assert.deepEqual(targets([text("a-id", a!, b!, other!), text("b-id", a!, b!, other!)], "known", true), {
      names: ["a", "b"],
      exact: true,
    }));

  it("finds resources by the dependencies while nothing is known", () =>
    assert.deepEqual(targets([id(a!), id(b!)], "unknown", true), { names: ["a", "b"], exact: true }));

  it("says that it cannot tell which of many are meant", () =>
    assert.deepEqual(targets([text("a-id", a!, b!, other!)], "unknown", true), { names: ["a", "b", "other"], exact: false }));

  it("finds nothing of another stack", () => assert.deepEqual(targets(["subnet-1"], "known", true), { names: [], exact: false }));
});

describe("Graph.refs and referrers", () => {
  const bucket = make("aws:s3/bucketV2:BucketV2", "logs", { bucket: "shop-logs" });
  const block = (to: unknown) => make("aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock", "logs", { bucket: to });
  const found = (to: unknown, mode: Mode) => {
    const graph = new Graph(toPolicyResources(record([bucket, block(to)], mode).resources));
    const [owner] = graph.of("aws:s3/bucket:Bucket");
    return graph.referrers(owner!, "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock", "bucket").map((r) => r.name);
  };

  it("go by the dependency", () => {
    assert.deepEqual(found(id(bucket), "known"), ["logs"]);
    assert.deepEqual(found(id(bucket), "unknown"), ["logs"]);
  });
  it("go by a name that is written twice", () => assert.deepEqual(found("shop-logs", "known"), ["logs"]));
  it("do not guess", () => assert.deepEqual(found("another", "known"), []));

  it("take old names of types for the new", () => {
    const types: [string, TypeName][] = [
      ["aws:alb/listener:Listener", "aws:lb/listener:Listener"],
      ["aws:elasticloadbalancingv2/targetGroup:TargetGroup", "aws:lb/targetGroup:TargetGroup"],
      [
        "aws:s3/bucketLifecycleConfigurationV2:BucketLifecycleConfigurationV2",
        "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration",
      ],
    ];
    for (const [old, now] of types) assert.equal(new Graph(toPolicyResources(record([make(old, "x")]).resources)).of(now).length, 1, old);
  });
});

describe("glob", () => {
  const yes: [string, string][] = [
    ["*", ""],
    ["a*c", "abc"],
    ["a?c", "abc"],
    ["**a", "bba"],
    ["secret-??????", "secret-AbC123"],
    ["a*b*c", "a-b-b-c"],
  ];
  const no: [string, string][] = [
    ["", "a"],
    ["a", "A"],
    ["a?", "a"],
    ["secret-??????", "secret-AbC1234"],
    ["a*b", "abc"],
  ];
  for (const [pattern, value] of yes) it(`"${pattern}" fits "${value}"`, () => assert.ok(glob(pattern, value)));
  for (const [pattern, value] of no) it(`"${pattern}" does not fit "${value}"`, () => assert.ok(!glob(pattern, value)));

  it("agrees with a regular expression", () =>
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom("a", "b", "*", "?"), maxLength: 8 }),
        fc.string({ unit: fc.constantFrom("a", "b"), maxLength: 8 }),
        (pattern, value) => {
          const expression = new RegExp(`^${pattern.replaceAll("*", ".*").replaceAll("?", ".")}$`);
          assert.equal(glob(pattern, value), expression.test(value));
        },
      ),
    ));

  it("bears a hostile pattern", () => assert.ok(!glob(`${"a*".repeat(2000)}c`, "a".repeat(4000))));
});
