import assert from "node:assert/strict";
import * as fc from "fast-check";
import {
  type Claim,
  INSTANCE_DATA,
  instanceFacts,
  readFleet,
  rolloutPercent,
  type TaskNeeds,
  tasksPerInstance,
  unknownTypes,
} from "../../facts/instances";

const small: TaskNeeds = { cpu: 256, memory: 512, gpus: 0, ownInterface: true };
const claim = (more: Partial<Claim> = {}): Claim => ({ service: "web", needs: small, tasks: 4, secondSet: false, ...more });
const message = (work: () => unknown) => {
  try {
    work();
  } catch (error) {
    assert.equal((error as Error).name, "UserError");
    return (error as Error).message;
  }
  return assert.fail("nothing was refused");
};

describe("instance facts", () => {
  it("are AWS's", () => {
    assert.deepEqual(instanceFacts("t3.medium"), {
      name: "t3.medium",
      vcpu: 2,
      memory: 4096,
      interfaces: 3,
      architecture: "x86_64",
      gpus: 0,
    });
    assert.deepEqual(instanceFacts("t4g.nano"), { name: "t4g.nano", vcpu: 2, memory: 512, interfaces: 2, architecture: "arm64", gpus: 0 });
    assert.equal(instanceFacts("g5.xlarge")?.gpus, 1);
    assert.equal(instanceFacts("t99.medium"), undefined);
  });

  it("have a date", () => assert.match(INSTANCE_DATA.date, /^\d{4}-\d\d-\d\d$/));
});

describe("a fleet", () => {
  it("has one architecture, and keeps apart what is not known", () => {
    const fleet = readFleet(["t3.medium", "t99.medium", "m5.large"]);
    assert.deepEqual(
      [fleet.known.map(({ name }) => name), fleet.unknown, fleet.architecture],
      [["t3.medium", "m5.large"], ["t99.medium"], "x86_64"],
    );
    assert.deepEqual(readFleet(["t99.medium"]).architecture, undefined);
  });

  const refused: [types: string[], message: string][] = [
    [[], 'no instance type is named; name one or more, such as "t4g.medium".'],
    [["medium"], '"medium" is not an instance type; write one like "t4g.medium"'],
    [["t3.medium; reboot"], '"t3.medium; reboot" is not an instance type;'],
    [
      ["t3.medium", "t4g.medium"],
      "t3.medium is x86_64, t4g.medium is arm64; one group has one AMI and so one architecture: leave out one of them.",
    ],
  ];
  for (const [types, expected] of refused) {
    it(`is none of ${JSON.stringify(types)}`, () => assert.equal(message(() => readFleet(types)).slice(0, expected.length), expected));
  }

  it("warns of types that are not known, with the nearest, and of no others", () => {
    assert.equal(unknownTypes(readFleet(["t3.medium"])), undefined);
    const warning = unknownTypes(readFleet(["t3.mediun"]));
    assert.match(String(warning), /^t3\.mediun: not among the instance types of \d{4}-\d\d-\d\d \(the nearest: t3\.medium\), so it is not/);
  });
});

describe("tasks on an instance", () => {
  const limits: [type: string, needs: Partial<TaskNeeds>, tasks: number, limit: string][] = [
    ["t3.medium", {}, 2, "network interfaces"],
    ["t3.medium", { ownInterface: false }, 7, "memory"],
    ["t3.medium", { ownInterface: false, memory: 128 }, 8, "CPU"],
    ["m5.large", { cpu: 2048 }, 1, "CPU"],
    ["t3.nano", {}, 0, "memory"],
    ["g5.xlarge", { gpus: 1 }, 1, "GPUs"],
    ["m5.large", { gpus: 1 }, 0, "GPUs"],
  ];
  for (const [type, needs, tasks, limit] of limits) {
    it(`${type} has room for ${tasks} with ${JSON.stringify(needs)}`, () =>
      assert.deepEqual(tasksPerInstance(instanceFacts(type)!, { ...small, ...needs }), { limit, tasks }));
  }

  it("leave the system and the agent their memory", () => {
    // 4096 MiB: 93 percent less 64 is 3745.
    const { tasks } = tasksPerInstance(instanceFacts("t3.medium")!, { ...small, memory: 3745 });
    assert.equal(tasks, 1);
    assert.equal(tasksPerInstance(instanceFacts("t3.medium")!, { ...small, memory: 3746 }).tasks, 0);
  });
});

describe("the room for a rollout", () => {
  const fleet = readFleet(["t3.medium"]); // two tasks each
  const percent = (max: number, more: Partial<Claim> = {}, others: Claim[] = []) => rolloutPercent(fleet, max, claim(more), others);
  const complaint = (answer: ReturnType<typeof rolloutPercent>) =>
    typeof answer === "number" ? assert.fail("nothing was refused") : `${answer.at}: ${answer.text}`;

  it("is twice the tasks where the group holds them, and otherwise what it holds", () => {
    assert.equal(percent(10), 200);
    assert.equal(percent(4), 200);
    assert.equal(percent(3), 150);
    assert.equal(percent(3, { tasks: 5 }), 120);
  });

  it("is less beside other services", () => {
    assert.equal(percent(4, {}, [claim({ service: "api", tasks: 2 })]), 150);
    assert.equal(percent(5, {}, [claim({ service: "api", tasks: 2 }), claim({ service: "jobs", tasks: 1 })]), 175);
  });

  it("is counted on the smallest of the types", () => {
    const needs = { ...small, memory: 2048 };
    assert.equal(rolloutPercent(readFleet(["m5.large", "t3.medium"]), 3, claim({ needs, tasks: 2 }), []), 150);
  });

  it("of types that nobody knows is not limited", () =>
    assert.equal(rolloutPercent(readFleet(["t99.large"]), 1, claim({ tasks: 500 }), []), 200));

  it("of no tasks is whole", () => assert.equal(percent(1, { tasks: 0 }), 200));

  it("must hold one task more, or with two colors as many again; the message names the max that does", () => {
    assert.equal(
      complaint(percent(2)),
      "max: 2 instances hold 4 tasks of web (2 on a t3.medium, limited by network interfaces), but it runs up to 4 and needs room for one more to roll out; the nearest max is 3.",
    );
    assert.equal(percent(3), 150);
    assert.match(complaint(percent(3, { secondSet: true })), /needs room for as many again to roll out; the nearest max is 4\.$/);
    assert.equal(percent(4, { secondSet: true }), 200);
    assert.match(complaint(percent(1, { tasks: 3 })), /^max: 1 instance holds 2 tasks/);
    assert.match(complaint(percent(4, {}, [claim({ tasks: 6, service: "api" })])), /hold 2 tasks of web .* the nearest max is 6\.$/);
  });

  it("names the fix for a task that fits on no instance", () => {
    const refusal = (types: string[], needs: Partial<TaskNeeds>) =>
      complaint(rolloutPercent(readFleet(types), 9, claim({ needs: { ...small, ...needs } }), []));
    assert.equal(
      refusal(["t3.medium"], { cpu: 4096 }),
      "instanceTypes: a task of web asks for 4 vCPU, but a t3.medium has 2 vCPU for tasks; choose a larger type, or a smaller task.",
    );
    assert.equal(
      refusal(["t3.medium"], { memory: 4096 }),
      "instanceTypes: a task of web asks for 4 GB, but a t3.medium has 3745 MB of memory (4 GB less what the system and the ECS agent keep) for tasks; choose a larger type, or a smaller task.",
    );
    assert.equal(
      refusal(["g5.xlarge"], { gpus: 2 }),
      'instanceTypes: web asks for 2 GPUs, a g5.xlarge has 1; choose a type with enough, such as "g5.xlarge".',
    );
  });

  it("never lets more tasks run than fit, and always one more than are wanted", () => {
    const types = fc.constantFrom("t3.medium", "m5.large", "c7g.large");
    const arbitrary = fc.record({ tasks: fc.integer({ min: 1, max: 60 }), max: fc.integer({ min: 1, max: 40 }), secondSet: fc.boolean() });
    fc.assert(
      fc.property(types, arbitrary, (type, { tasks, max, secondSet }) => {
        const room = max * 2;
        const given = rolloutPercent(readFleet([type]), max, claim({ tasks, secondSet }), []);
        if (typeof given !== "number") {
          assert.ok(room < (secondSet ? 2 * tasks : tasks + 1), `${room} would do`);
          return;
        }
        assert.ok(given <= 200 && Math.floor((tasks * given) / 100) <= room);
        assert.ok(room >= tasks + 1);
      }),
    );
  });
});
