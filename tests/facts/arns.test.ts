import assert from "node:assert/strict";
import { ecrRepository, placeComplaint, secretGrant } from "../../facts/arns";

describe("the place of an ARN", () => {
  const CERTIFICATE = "arn:aws:acm:us-east-1:111122223333:certificate/a";
  const OWN = { region: "us-east-1", accountId: "111122223333" };
  for (const [arn, own, complaint] of [
    [CERTIFICATE, OWN],
    [CERTIFICATE, {}],
    ["arn:aws:iam::111122223333:server-certificate/a", { ...OWN, region: "eu-west-1" }],
    [CERTIFICATE, { ...OWN, region: "eu-west-1" }, `${CERTIFICATE} is in us-east-1; allowed: eu-west-1, where the stack is.`],
    [
      CERTIFICATE,
      { accountId: "444455556666" },
      `${CERTIFICATE} belongs to account 111122223333; allowed: 444455556666, which the stack is deployed to.`,
    ],
  ] as [string, { region?: string; accountId?: string }, string?][])
    it(`${arn} from ${JSON.stringify(own)}`, () => assert.equal(placeComplaint(arn, own), complaint));
});

describe("the ARN of a secret", () => {
  const secret = "arn:aws:secretsmanager:eu-west-3:123456789012:secret:db-AbCdEf";
  for (const given of [secret, `${secret}:password::`, `${secret}:password:AWSCURRENT:1234`, `${secret}:::1234`]) {
    it(`grants the secret alone: ${given.slice(secret.length) || "whole"}`, () =>
      assert.deepEqual(secretGrant(given), { service: "secretsmanager", resource: secret }));
  }

  for (const parameter of [
    "arn:aws-cn:ssm:cn-north-1:123456789012:parameter/db/password",
    "arn:aws:ssm:eu-west-3:123456789012:parameter/p",
  ]) {
    it(`grants the parameter: ${parameter}`, () => assert.deepEqual(secretGrant(parameter), { service: "ssm", resource: parameter }));
  }

  const wrong = [
    "hunter2",
    "arn:aws:s3:::bucket",
    "arn:aws:secretsmanager:eu-west-3:123456789012:secret:",
    "arn:aws:ssm:eu-west-3:123456789012:document/x",
    "secretsmanager:db",
    // Rights on everything that the account keeps secret; ECS takes no pattern anyway.
    "arn:aws:secretsmanager:eu-west-3:123456789012:secret:*",
    "arn:aws:ssm:eu-west-3:123456789012:parameter/db/*",
    "arn:aws:secretsmanager:eu-west-3:123456789012:secret:db-??????",
  ];
  for (const given of wrong) {
    it(`is not ${given}`, () => assert.equal(secretGrant(given), undefined));
  }
});

describe("the repository of an image", () => {
  const cases: [image: string, repository: ReturnType<typeof ecrRepository>][] = [
    [
      "123456789012.dkr.ecr.eu-west-3.amazonaws.com/team/web@sha256:abc",
      { accountId: "123456789012", region: "eu-west-3", name: "team/web" },
    ],
    ["123456789012.dkr.ecr.cn-north-1.amazonaws.com.cn/web:1", { accountId: "123456789012", region: "cn-north-1", name: "web" }],
    ["123456789012.dkr.ecr-fips.us-gov-west-1.amazonaws.com/web", { accountId: "123456789012", region: "us-gov-west-1", name: "web" }],
    ["123456789012.dkr-ecr.us-west-2.on.aws/team/web:1", { accountId: "123456789012", region: "us-west-2", name: "team/web" }],
    ["123456789012.dkr-ecr-fips.us-gov-east-1.on.aws/web:1", { accountId: "123456789012", region: "us-gov-east-1", name: "web" }],
    ["123456789012.dkr-ecr.cn-north-1.on.amazonwebservices.com.cn/web:1", { accountId: "123456789012", region: "cn-north-1", name: "web" }],
    ["123456789012.dkr.ecr.eusc-de-east-1.amazonaws.eu/web:1", { accountId: "123456789012", region: "eusc-de-east-1", name: "web" }],
    ["public.ecr.aws/nginx/nginx:1.29", undefined],
    ["docker.io/library/123456789012.dkr.ecr.eu-west-3.amazonaws.com/web", undefined],
    ["web", undefined],
  ];
  for (const [image, repository] of cases) it(image, () => assert.deepEqual(ecrRepository(image), repository));
});
