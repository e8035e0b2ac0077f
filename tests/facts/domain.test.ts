import assert from "node:assert/strict";
import { domainComplaint, isInZone, isNamed, servedComplaint, zoneOf } from "../../facts/domain";

describe("domain names", () => {
  for (const legal of ["example.com", "app.example.com", "a-b.c.example.co.uk", "xn--bcher-kva.example", "1.example.com"]) {
    it(`takes ${legal}`, () => assert.equal(domainComplaint(legal), undefined));
  }

  const mended: [given: string, bare: string][] = [
    ["https://app.example.com/", "app.example.com"],
    ["app.example.com/login", "app.example.com"],
    ["app.example.com:8443", "app.example.com"],
    ["app.example.com.", "app.example.com"],
    ["App.Example.com", "app.example.com"],
  ];
  for (const [given, bare] of mended) {
    it(`mends ${given}`, () => assert.equal(domainComplaint(given), `"${given}" is not a bare domain name; write "${bare}".`));
  }

  for (const wrong of [
    "localhost",
    "exa mple.com",
    "-a.example.com",
    "a-.example.com",
    "a..com",
    "10.0.0.1",
    "",
    "*.example.com",
    `${"a".repeat(64)}.com`,
  ]) {
    it(`refuses "${wrong.slice(0, 20)}"`, () =>
      assert.equal(domainComplaint(wrong), `${JSON.stringify(wrong)} is not a domain name; write one like "app.example.com".`));
  }

  it("refuses one that is too long for a certificate", () => {
    const long = `${"a".repeat(60)}.example.com`;
    assert.equal(domainComplaint(long), `"${long}" is 72 characters long; a certificate's first name has at most 64.`);
  });

  it("are looked for in the parent's zone, an apex in its own", () => {
    const zones = {
      "app.example.com": "example.com",
      "a.b.example.com": "b.example.com",
      "example.com": "example.com",
      "*.example.com": "example.com",
      "*.a.example.com": "example.com",
      "example.co.uk": "example.co.uk",
      "www.example.co.uk": "example.co.uk",
    };
    for (const [domain, zone] of Object.entries(zones)) assert.equal(zoneOf(domain), zone);
  });

  it("have records in a zone that they are below, or that is theirs", () => {
    for (const domain of ["example.com", "a.b.example.com", "*.example.com"]) assert.ok(isInZone(domain, "example.com"), domain);
    for (const domain of ["badexample.com", "example.org", "com"]) assert.ok(!isInZone(domain, "example.com"), domain);
  });
});

describe("domains that are served", () => {
  for (const legal of ["example.com", "*.example.com", "www.example.com", "*.www.example.com"])
    it(`may be ${legal}`, () => assert.equal(servedComplaint(legal), undefined));

  const refused: [given: string, says: string][] = [
    ["a.*.example.com", '"a.*.example.com" has a wildcard elsewhere than as its first label; write one like "*.example.com".'],
    ["a*.example.com", '"a*.example.com" has a wildcard elsewhere than as its first label; write one like "*.example.com".'],
    ["*.*.example.com", '"*.*.example.com" has a wildcard elsewhere than as its first label; write one like "*.example.com".'],
    ["*.com", '"com" is not a domain name; write one like "app.example.com".'],
    ["www.www.example.com", '"www.www.example.com" has www twice; write "www.example.com".'],
    ["https://app.example.com", '"https://app.example.com" is not a bare domain name; write "app.example.com".'],
  ];
  for (const [given, says] of refused) it(`refuse ${given}`, () => assert.equal(servedComplaint(given), says));

  it("are named by a certificate, whose wildcard stands for one label", () => {
    const named: [host: string, name: string][] = [
      ["example.com", "example.com"],
      ["a.example.com", "*.example.com"],
      ["*.example.com", "*.example.com"],
    ];
    const others: [host: string, name: string][] = [
      ["example.com", "*.example.com"],
      ["a.b.example.com", "*.example.com"],
      ["*.a.example.com", "*.example.com"],
      ["a.example.com", "b.example.com"],
    ];
    for (const [host, name] of named) assert.ok(isNamed(host, name), `${host} by ${name}`);
    for (const [host, name] of others) assert.ok(!isNamed(host, name), `${host} by ${name}`);
  });
});
