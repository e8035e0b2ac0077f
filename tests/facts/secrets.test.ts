import assert from "node:assert/strict";
import * as fc from "fast-check";
import { NOT_A_SECRET, namedSecret, secretComplaint, secretText, textComplaint } from "../../facts/secrets";

const PLACE = { partition: "aws-cn", region: "cn-north-1", accountId: "123456789012" };
const HERE = "cn-north-1:123456789012";
const SECRET = "arn:aws:secretsmanager:eu-west-3:111122223333:secret:db-AbCdEf";
const PARAMETER = "arn:aws:ssm:eu-west-3:111122223333:parameter/db/password";
const ID = "9d4cb84b-ad69-40c0-a0ab-cead36b967e8";

describe("a secret by its text", () => {
  const SECRETS = `arn:aws-cn:secretsmanager:${HERE}:secret`;
  const cases: [given: string, valueFrom: string, resource: string][] = [
    ["prod/db", `${SECRETS}:prod/db`, `${SECRETS}:prod/db-??????`],
    ["prod/db:password", `${SECRETS}:prod/db:password::`, `${SECRETS}:prod/db-??????`],
    ["db:password", `${SECRETS}:db:password::`, `${SECRETS}:db-??????`],
    ["prod/db:password:AWSPREVIOUS", `${SECRETS}:prod/db:password:AWSPREVIOUS:`, `${SECRETS}:prod/db-??????`],
    [`prod/db:::${ID}`, `${SECRETS}:prod/db:::${ID}`, `${SECRETS}:prod/db-??????`],
    ["prod/db::", `${SECRETS}:prod/db`, `${SECRETS}:prod/db-??????`],
    ["a+b=c@d/e_f.g", `${SECRETS}:a+b=c@d/e_f.g`, `${SECRETS}:a+b=c@d/e_f.g-??????`],
    ["/prod/db/password", `arn:aws-cn:ssm:${HERE}:parameter/prod/db/password`, `arn:aws-cn:ssm:${HERE}:parameter/prod/db/password`],
    [SECRET, SECRET, SECRET],
    [`${SECRET}:password`, `${SECRET}:password::`, SECRET],
    [`${SECRET}:password::`, `${SECRET}:password::`, SECRET],
    [`${SECRET}:::${ID}`, `${SECRET}:::${ID}`, SECRET],
    [
      "arn:aws:secretsmanager:eu-west-3:111122223333:secret:prod/db:user",
      "arn:aws:secretsmanager:eu-west-3:111122223333:secret:prod/db:user::",
      "arn:aws:secretsmanager:eu-west-3:111122223333:secret:prod/db-??????",
    ],
    [PARAMETER, PARAMETER, PARAMETER],
  ];
  for (const [given, valueFrom, resource] of cases)
    it(given, () => {
      assert.equal(textComplaint(given), undefined);
      const read = namedSecret(given)!;
      assert.deepEqual([read.valueFrom(PLACE), read.resource(PLACE)], [valueFrom, resource]);
      assert.equal(read.service, valueFrom.includes(":ssm:") ? "ssm" : "secretsmanager");
    });

  for (const given of [
    "hunter2",
    "Tr0ub4dor&3/x",
    "a b/c",
    "",
    "/",
    "/aws/service/x",
    "/ssm/x",
    "/a b",
    "postgres://me:hunter2@db/x",
    "sk_live_0123456789/x",
    "arn:aws:s3:::b/x",
    "x".repeat(513),
  ])
    it(`is none: ${given.slice(0, 30)}`, () => assert.equal(textComplaint(given), NOT_A_SECRET));

  it("may be a word where it cannot be a value", () => assert.equal(secretComplaint("db"), undefined));

  const wrong: [given: string, complaint: string][] = [
    ["prod/db:a:b:c:d", "after the secret come the key of its JSON, the stage and the id of a version, and nothing else."],
    [`prod/db:a:AWSCURRENT:${ID}`, "AWS takes a version by its stage or by its id; leave out one of them."],
    ["/prod/db:password", "a parameter has no keys and versions for ECS; name it alone."],
    ["/prod/db::AWSPREVIOUS", "a parameter has no keys and versions for ECS; name it alone."],
    [
      "prod/db-master",
      "this name ends with a hyphen and six characters, which Secrets Manager takes for the end of a whole ARN; give its ARN.",
    ],
    [
      "prod/db-master:password",
      "this name ends with a hyphen and six characters, which Secrets Manager takes for the end of a whole ARN; give its ARN.",
    ],
  ];
  for (const [given, complaint] of wrong) it(`${given} is refused`, () => assert.equal(textComplaint(given), complaint));

  it("is whole where a name has six characters more or less behind its hyphen", () => {
    for (const given of ["prod/db-main", "prod/db-primary", "prod/db_master"]) assert.equal(textComplaint(given), undefined);
  });

  it("reads back what its parts are written as", () => {
    const word = fc.stringMatching(/^[a-z]{1,5}$/);
    const maybe = fc.option(word, { nil: undefined });
    fc.assert(
      fc.property(word, maybe, maybe, (name, key, stage) => {
        const read = namedSecret(secretText(`x/${name}`, key, stage))!;
        const more = key !== undefined || stage !== undefined ? `:${key ?? ""}:${stage ?? ""}:` : "";
        assert.equal(read.valueFrom(PLACE), `${SECRETS}:x/${name}${more}`);
        assert.equal(read.resource(PLACE), `${SECRETS}:x/${name}-??????`);
      }),
    );
  });
});
