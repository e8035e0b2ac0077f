// What a stack of fifty services would say fifty times.
import assert from "node:assert/strict";
import type { Finding, Message } from "../../../plan/plan-json";
import { findingGroups, messageGroups } from "../../../plan/report/groups";

const info = (text: string): Message => ({ severity: "info", text });

describe("what several services have in common", () => {
  it("is one message for the settings that it is about, in their order", () => {
    const taken = "8000, from EXPOSE (app/Dockerfile:21).";
    const messages = ["a", "b", "c", "d", "e"].map((name) => info(`services.${name}.port: ${taken}`));
    assert.deepEqual(messageGroups([messages[0]!, info("hello"), ...messages.slice(1)]), [
      info(`services.a.port, services.b.port, services.c.port and 2 more: ${taken}`),
      info("hello"),
    ]);
  });

  it("is not what differs in the text, in how bad it is, or in being about a setting at all", () => {
    const different = [
      info("a.port: 1."),
      info("b.port: 2."),
      { severity: "warning" as const, text: "c.port: 1." },
      info("1."),
      info('FargateService "d": port: 1.'),
    ];
    assert.deepEqual(messageGroups(different), different);
    assert.deepEqual(messageGroups([info("a.port: 1."), info("a.port: 1.")]), [info("a.port: 1.")]);
  });

  it("is one change, whosoever setting it is", () => {
    const finding = (name: string): Finding => ({
      rule: "r",
      severity: "high",
      level: "advisory",
      urn: name,
      message: `${name} is alone.`,
      fix: `Set services.${name}.desiredCount: 2 in the stack file (argument desiredCount of FargateService "${name}").`,
    });
    const [one, ...others] = findingGroups([finding("api")]);
    assert.deepEqual([one!.fix, others], [finding("api").fix, []]);
    const several = findingGroups(["api", "mails", "web", "jobs"].map(finding));
    assert.deepEqual(
      several.map(({ fix, findings }) => [fix, findings.length]),
      [
        [
          'Set services.<name>.desiredCount: 2 in the stack file (argument desiredCount of FargateService "api", "mails", "web" and 1 more).',
          4,
        ],
      ],
    );
  });
});
