import { readFileSync } from "node:fs";
import { join } from "node:path";
import { REPOSITORY } from "./places";

/** The certificate of an authority that nobody has the key of any more. */
export const AUTHORITY_PEM = readFileSync(join(REPOSITORY, "tests", "fixtures", "authority.pem"), "utf8");

/** The certificate of a client. */
export const CLIENT_PEM = `-----BEGIN CERTIFICATE-----
MIIBhjCCASygAwIBAgIUQKn4GKU1XuXBD6olL1xRhOXFoIgwCgYIKoZIzj0EAwIw
GTEXMBUGA1UEAwwORXhhbXBsZSBjbGllbnQwIBcNMjYxMTMwMjIyMzEwWhgPMjEy
NjExMDYyMjIzMTBaMBkxFzAVBgNVBAMMDkV4YW1wbGUgY2xpZW50MFkwEwYHKoZI
zj0CAQYIKoZIzj0DAQcDQgAEbBZs3SGLiEyr5q7bJj2O1/i1RKLCD6paWUo7Pklp
oRdK8R9OVRDSfnkorr+yK0+zkoCHJ7eQLjvPcgWgR6208qNQME4wHQYDVR0OBBYE
FN+NymjfN6lsWY03GBMz1qgrhf0RMB8GA1UdIwQYMBaAFN+NymjfN6lsWY03GBMz
1qgrhf0RMAwGA1UdEwEB/wQCMAAwCgYIKoZIzj0EAwIDSAAwRQIgUeOBICZZrtsK
Mt2O7KwlIU2ucFuIK9ADJJ5L/bpfZ2cCIQD+4IpCQeDUjmr1MvdrIQ6O3sgRqQ8n
uLOj9cjGksN9QQ==
-----END CERTIFICATE-----
`;
