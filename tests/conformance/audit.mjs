// Run the public GraphQL-over-HTTP audit against a server and print every result as JSON.
//
//   node audit.mjs http://127.0.0.1:8000/graphql < headers.json
//
// The headers come on standard input, so that a token never shows in a list of processes. The
// packages are found where npm put them, which the first line of the environment says.

import { createRequire } from "node:module";
import { text } from "node:stream/consumers";

const require = createRequire(process.env.AUDIT_PACKAGES);
const { serverAudits } = require("graphql-http");

const [url] = process.argv.slice(2);
const headers = JSON.parse((await text(process.stdin)) || "{}");

const audits = serverAudits({
  url,
  fetchFn: (input, init = {}) =>
    fetch(input, { ...init, headers: { ...headers, ...init.headers } }),
});

const results = [];
for (const audit of audits) {
  const { status, reason } = await audit.fn();
  results.push({ id: audit.id, name: audit.name, status, reason: reason ?? null });
}
process.stdout.write(JSON.stringify(results));
