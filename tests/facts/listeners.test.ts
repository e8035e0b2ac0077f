import assert from "node:assert/strict";
import {
  cookieComplaint,
  headerComplaint,
  headerValueComplaint,
  hostComplaint,
  matcherComplaint,
  methodComplaint,
  queryComplaint,
  spreadComplaint,
  TLS_POLICIES,
  valuesComplaint,
} from "../../facts/listeners";

describe("status codes that mean healthy", () => {
  for (const right of ["200", "499", "200-499", "200,301-302,404"])
    it(`are ${right}`, () => assert.equal(matcherComplaint(right, "http"), undefined));
  for (const right of ["0", "99", "0-99", "0,12"])
    it(`are ${right} of gRPC`, () => assert.equal(matcherComplaint(right, "grpc"), undefined));

  const wrong: [matcher: string, complaint: string, protocol?: "grpc"][] = [
    ["ok", '"ok" is not a list of status codes; write one like "200-299".'],
    ["200,", '"200," is not a list of status codes; write one like "200-299".'],
    ["200-250-299", '"200-250-299" is not a list of status codes; write one like "200-299".'],
    ["ok", '"ok" is not a list of status codes; write one like "0-99".', "grpc"],
    ["299-200", '"299-200" has a range that ends before it begins (299-200); write "200-299".'],
    ["200,500", '500 is no status code of http; allowed: 200 to 499, such as "200-299".'],
    ["199-299", '199 is no status code of http; allowed: 200 to 499, such as "200-299".'],
    ["0-100", '100 is no status code of grpc; allowed: 0 to 99, such as "0-99".', "grpc"],
  ];
  for (const [matcher, complaint, protocol] of wrong)
    it(`are not ${matcher}${protocol ? " of gRPC" : ""}`, () => assert.equal(matcherComplaint(matcher, protocol ?? "http"), complaint));
});

describe("a condition of a listener rule", () => {
  it("says what a host may not be", () => {
    assert.equal(hostComplaint("*"), '"*" is any host; leave it out.');
    assert.equal(hostComplaint("a/b.com"), '"a/b.com" is not a host pattern; write one like "*.example.com".');
    assert.equal(
      hostComplaint("localhost"),
      '"localhost" does not end with a dot and letters, as in "*.example.com"; AWS takes no other host.',
    );
  });

  it("says what a header may not be", () => {
    assert.equal(headerComplaint("x beta"), `"x beta" is not a header's name; allowed: 1 to 40 letters, digits and "-".`);
    assert.equal(headerComplaint("HOST"), '"HOST" is matched by host; give it there.');
    assert.equal(headerValueComplaint("ü"), '"ü" cannot be matched; allowed: 1 to 128 printable characters of ASCII.');
  });

  it("says what a method or a parameter may not be", () => {
    assert.equal(methodComplaint("GET"), undefined);
    assert.equal(methodComplaint("get"), '"get" is not a method; allowed: 1 to 40 capital letters, "-" and "_"; the nearest is "GET".');
    assert.equal(methodComplaint("*"), '"*" is not a method; allowed: 1 to 40 capital letters, "-" and "_", such as "GET".');
    assert.equal(queryComplaint("v*"), undefined);
    assert.equal(queryComplaint("a b"), '"a b" cannot be matched; allowed: 1 to 128 printable characters of ASCII, without spaces.');
  });

  it("has five values and six wildcards at most", () => {
    assert.equal(valuesComplaint(["/*", "/*/*", "*?.a.com", "*", "x"]), undefined);
    assert.equal(valuesComplaint(["/*/*/*", "*?.a.com", "*", "*"]), "7 wildcards in one rule; allowed: 6.");
    assert.equal(valuesComplaint(["1", "2", "3", "4", "5", "6"]), "6 values in one rule; allowed: 5, in all conditions together.");
  });
});

describe("how requests are spread", () => {
  it("is all that AWS takes together", () => {
    for (const algorithm of [undefined, "round_robin", "least_outstanding_requests", "weighted_random"])
      for (const isSticky of [false, true])
        for (const startsSlowly of [false, true]) {
          const roundRobin = algorithm === undefined || algorithm === "round_robin";
          const taken = (roundRobin || !startsSlowly) && !(isSticky && algorithm === "weighted_random");
          assert.equal(
            spreadComplaint({ isSticky, startsSlowly, algorithm }) === undefined,
            taken,
            `${algorithm} ${isSticky} ${startsSlowly}`,
          );
        }
  });

  it("knows the cookies of an app", () => {
    for (const name of ["JSESSIONID", "app.session", "AWSAL"]) assert.equal(cookieComplaint(name), undefined);
    for (const name of ["AWSALB", "AWSALBTG-1", "a;b", "", "x".repeat(256)]) assert.ok(cookieComplaint(name), name);
  });
});

it("the TLS policies are known, each once", () => {
  assert.equal(new Set(TLS_POLICIES).size, 39);
  for (const policy of TLS_POLICIES) assert.match(policy, /^ELBSecurityPolicy-.*20\d\d-(0[1-9]|1[0-2])$/);
});
