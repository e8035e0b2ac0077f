// What a stack file says of who is told, and of what.
import assert from "node:assert/strict";
import { type Config, complaintsAbout, settingsOf } from "../helpers/settings";

const notify = { emails: ["oncall@example.org"] };

describe("notify and alarms in a stack file", () => {
  it("are absent unless asked for", () => {
    const settings = settingsOf({});
    assert.deepEqual([settings.notify, settings.alarms, settings.services[0]!.alarms], [undefined, undefined, undefined]);
  });

  it("go together: who is told is told of what matters", () => {
    assert.deepEqual(settingsOf({ notify }).notify, notify);
    const alarmsOf = (config: Config) => settingsOf(config).alarms;
    assert.deepEqual(
      [alarmsOf({ notify }), alarmsOf({ notify, alarms: true }), alarmsOf({ alarms: true }), alarmsOf({ alarms: { latency: 1 } })],
      [{}, {}, {}, { latency: 1 }],
    );
    assert.deepEqual([alarmsOf({ notify, alarms: false }), alarmsOf({ alarms: false })], [undefined, undefined]);
  });

  it("may be off for a service of a stack that has none", () =>
    assert.equal(settingsOf({ service: { alarms: false } }).services[0]!.alarms, false));

  it("have another threshold for one service, or nothing", () => {
    const services = { web: { path: "/*", alarms: { latency: 3 } }, mails: { alarms: false } };
    assert.deepEqual(
      settingsOf({ notify, services }).services.map(({ alarms }) => alarms),
      [{ latency: 3 }, false],
    );
  });

  const refused: [what: string, config: Config, ...messages: string[]][] = [
    ["nobody", { notify: {} }, "notify.emails: nobody is told; give emails, slack, httpsEndpoint or topicArn."],
    [
      "a bad address",
      { notify: { emails: ["x@y"] } },
      'notify.emails[0]: "x@y" is not an e-mail address; write one like "oncall@example.org".',
    ],
    [
      "an address that is no list",
      { notify: { emails: "oncall@example.org" } },
      'notify.emails: "oncall@example.org" is not a list; write it as [oncall@example.org].',
    ],
    [
      "a percentage above 100",
      { alarms: { memoryPercent: 120 } },
      "alarms.memoryPercent: 120 is out of range; allowed: 1 to 100 percent, or false; the nearest is 100.",
    ],
    [
      "an endpoint in plain text",
      { notify: { httpsEndpoint: "https://example.org/secret" } },
      "notify.httpsEndpoint: it is in plain text; encrypt it: pulumi config set --secret --path notify.httpsEndpoint.",
    ],
    [
      "thresholds of a service in a stack without alarms",
      { service: { alarms: { latency: 1 } }, services: { mails: { alarms: { restarts: 1 } } } },
      "service.alarms: the stack has no alarms; give it notify (or alarms: true), or leave it out.",
      "services.mails.alarms: the stack has no alarms; give it notify (or alarms: true), or leave it out.",
    ],
  ];
  for (const [what, config, ...messages] of refused) {
    it(`refuse ${what}`, async () => {
      assert.deepEqual(await complaintsAbout(config), messages);
    });
  }

  it("know what an alarm is called, and what was meant", async () => {
    const [message] = await complaintsAbout({ notify, alarms: { errorpercent: 5 } });
    assert.match(message!, /^alarms\.errorpercent: there is no such key; did you mean "errorPercent"\?/);
    const [own] = await complaintsAbout({ notify, service: { alarms: { natErrors: false } } });
    assert.match(own!, /^service\.alarms\.natErrors: there is no such key/);
  });

  it("take an endpoint that is encrypted, decrypted by Pulumi or marked by the plan", () => {
    const endpoint = "https://example.org/secret";
    assert.deepEqual(settingsOf({ notify: { httpsEndpoint: endpoint } }, ["notify"]).notify, { httpsEndpoint: endpoint });
    assert.deepEqual(settingsOf({ notify: { httpsEndpoint: "[secret]" } }).notify, { httpsEndpoint: "[secret]" });
  });
});
