import assert from "node:assert/strict";
import { credentialComplaint, keepSecret } from "../../facts/credentials";

const NAME = (word: string) => `its name says it holds a ${word}`;
const VALUE = "its value has the form of a credential";

describe("credentials in plain environment", () => {
  const refused: [name: string, value: string, why: string][] = [
    ["DB_PASSWORD", "hunter2", NAME("password")],
    ["db_passwd", "hunter2", NAME("passwd")],
    ["CLIENT_SECRET", "hunter2", NAME("secret")],
    ["TLS_PRIVATE_KEY", "hunter2", NAME("private key")],
    ["GITHUB_TOKEN", "hunter2", NAME("token")],
    ["STRIPE_API_KEY", "hunter2", NAME("api key")],
    ["MAPS_APIKEY", "hunter2", NAME("apikey")],
    ["AWS_ACCESS_KEY_ID", "hunter2", NAME("aws access key id")],
    ["AWS_SECRET_ACCESS_KEY", "hunter2", NAME("secret")],
    ["ECS_ENGINE_AUTH_DATA", "hunter2", NAME("ecs engine auth data")],
    ["SMTP_CREDENTIALS", "hunter2", NAME("credential")],
    ["DB_PASSWORD", "20250917", NAME("password")],
    ["KEY", "AKIAIOSFODNN7EXAMPLE", VALUE],
    ["KEY", "id=ASIAIOSFODNN7EXAMPLE;", VALUE],
    ["PEM", "-----BEGIN RSA PRIVATE KEY-----", VALUE],
    ["DATABASE_URL", "postgres://app:hunter2@db:5432/app", VALUE],
    ["REDIS_URL", "redis://:hunter2@cache:6379", VALUE],
    ["TOKEN_TYPE", "https://me:hunter2@example.com", VALUE],
  ];
  for (const [name, value, why] of refused) {
    it(`refuses ${name}=${value}`, () => {
      assert.equal(credentialComplaint(name, value), why);
      assert.doesNotMatch(credentialComplaint(name, value) ?? "", /hunter2|EXAMPLE/);
    });
  }

  const taken: [name: string, value: string][] = [
    ["LOG_LEVEL", "debug"],
    ["TOKEN_TYPE", "bearer"],
    ["VERSION_SECRET", "v1"],
    ["TOKEN_LIFETIME_SECONDS", "3600"],
    ["USE_TOKEN", "true"],
    ["DB_SECRET_NAME", "prod/db"],
    ["PRIVATE_KEY_FILE", "/run/key.pem"],
    ["TOKEN_URL", "https://login.example.com/token"],
    ["DB_SECRET_ARN", "arn:aws:secretsmanager:eu-west-3:123456789012:secret:db-AbCdEf"],
    ["API_TOKEN", ""],
    ["DATABASE_URL", "postgres://db:5432/app"],
    ["CALLBACK", "https://example.com/a:b@c"],
  ];
  for (const [name, value] of taken) it(`takes ${name}=${value}`, () => assert.equal(credentialComplaint(name, value), undefined));

  it("are told the way to do it", () => {
    assert.equal(
      keepSecret("DB_PASSWORD"),
      'Store it in Secrets Manager or as a SecureString parameter and give its ARN: secrets: { DB_PASSWORD: "arn:..." }; ECS then hands it to the container as the same variable.',
    );
  });
});
