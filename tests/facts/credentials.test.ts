import assert from "node:assert/strict";
import { credentialComplaint, environmentComplaint, keepSecret } from "../../facts/credentials";

const named = (kind: string) => `its name says it holds ${kind}`;
const formed = (kind: string) => `its value has the form of ${kind}`;

describe("credentials in plain environment", () => {
  const refused: [name: string, value: string, why: string][] = [
    ["DB_PASSWORD", "hunter2", named("a password")],
    ["db_passwd", "hunter2", named("a password")],
    ["DB_PASS", "hunter2", named("a password")],
    ["dbPassword", "hunter2", named("a password")],
    ["DB_PASSWORD_2", "hunter2", named("a password")],
    ["DB_PASSWORD_PROD", "hunter2", named("a password")],
    ["CLIENT_SECRET", "hunter2", named("a secret")],
    ["STRIPE_SECRET", "hunter2", named("a secret")],
    ["SECRET_KEY_BASE", "hunter2", named("a key")],
    ["TLS_PRIVATE_KEY", "hunter2", named("a private key")],
    ["ENCRYPTION_KEY", "hunter2", named("a key")],
    ["GITHUB_TOKEN", "hunter2", named("a token")],
    ["API_KEY", "hunter2", named("an API key")],
    ["STRIPE_API_KEY", "hunter2", named("an API key")],
    ["MAPS_APIKEY", "hunter2", named("an API key")],
    ["AWS_ACCESS_KEY_ID", "hunter2", named("an AWS access key id")],
    ["AWS_SECRET_ACCESS_KEY", "hunter2", named("a key")],
    ["ECS_ENGINE_AUTH_DATA", "hunter2", named("registry credentials")],
    ["SMTP_CREDENTIALS", "hunter2", named("credentials")],
    ["DB_PASSWORD", "20250917", named("a password")],
    ["KEY", "AKIAIOSFODNN7EXAMPLE", formed("an AWS access key id")],
    ["KEY", "id=ASIAIOSFODNN7EXAMPLE;", formed("an AWS access key id")],
    ["PEM", "-----BEGIN RSA PRIVATE KEY-----", formed("a private key")],
    ["PEM", "-----BEGIN PRIVATE KEY-----", formed("a private key")],
    ["DATABASE_URL", "postgres://app:hunter2@db:5432/app", formed("a URL with a password")],
    ["REDIS_URL", "redis://:hunter2@cache:6379", formed("a URL with a password")],
    ["TOKEN_TYPE", "https://me:hunter2@example.com", formed("a URL with a password")],
    ["HOOK", "https://example.com/hook?user=a&password=hunter2", formed("a URL with a password")],
    ["DSN", "host=db user=app password=hunter2", formed("a connection string with a password")],
    ["PAYMENTS", "sk_live_hunter2hunter2", formed("a key of Stripe")],
    ["CLONE", "ghp_hunter2hunter2hunter2", formed("a token of GitHub")],
    ["HEADER", "Bearer hunter2hunter2hunter2", formed("a header that authenticates")],
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
    ["TOKEN_TTL", "15m"],
    ["TOKEN", "15m"],
    ["SECRETS_MANAGER_REGION", "eu-west-3"],
    ["PASSWORD_HASHER", "argon2id"],
    ["CSRF_TOKEN_HEADER", "x-csrf-token"],
    ["HF_TOKENIZER", "bert-base-uncased"],
    ["MAX_TOKENS", "8192000"],
    ["SECRET_VERSION", "v1"],
    ["TOKEN_LIFETIME_SECONDS", "3600"],
    ["USE_TOKEN", "true"],
    ["DB_SECRET_NAME", "prod/db"],
    ["PRIVATE_KEY_FILE", "/run/key.pem"],
    ["DB_PASSWORD", "/run/secrets/db"],
    ["TOKEN_URL", "https://login.example.com/token"],
    ["DB_SECRET_ARN", "arn:aws:secretsmanager:eu-west-3:123456789012:secret:db-AbCdEf"],
    ["API_TOKEN", ""],
    ["PARTITION_KEY", "tenant"],
    ["COMPASS", "north"],
    ["DATABASE_URL", "postgres://db:5432/app"],
    ["DATABASE_URL", "postgres://app:$DB_PASSWORD@db:5432/app"],
    ["CALLBACK", "https://example.com/a:b@c"],
    ["CA", "-----BEGIN CERTIFICATE-----"],
  ];
  for (const [name, value] of taken) it(`takes ${name}=${value}`, () => assert.equal(credentialComplaint(name, value), undefined));

  it("are refused with the reason", () => {
    assert.equal(environmentComplaint("LOG_LEVEL", "debug"), undefined);
    assert.match(
      String(environmentComplaint("API_KEY", "hunter2")),
      /^its name says it holds an API key, and a task definition shows its environment to everyone who may read it\. Give it as secrets/,
    );
  });

  it("are told the way to do it", () => {
    assert.equal(
      keepSecret("DB_PASSWORD"),
      'Give it as secrets: { DB_PASSWORD: { value: ... } }, encrypted, or store it in Secrets Manager or as a SecureString parameter and give its name, secrets: { DB_PASSWORD: "prod/db" }; ECS then hands it to the container as the same variable.',
    );
  });
});
