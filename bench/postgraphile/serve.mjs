// Serve PostGraphile over the tables of a library, as its documentation advises for production.
//
//   DATABASE_URL=postgresql://… PORT=5000 POOL=16 node serve.mjs
//
// The packages are found where npm put them, which the environment says. Nobody is asked for a token,
// and no transaction is wrapped around a query, which saves work that Precedent does.

import { createServer } from "node:http";
import { createRequire } from "node:module";

const require = createRequire(process.env.BENCH_PACKAGES);
const { postgraphile } = require("postgraphile");
const { grafserv } = require("postgraphile/grafserv/node");
const { makePgService } = require("postgraphile/adaptors/pg");
const { PostGraphileAmberPreset } = require("postgraphile/presets/amber");

const preset = {
  extends: [PostGraphileAmberPreset],
  // Lists beside connections: fewer fields to plan and to send.
  schema: { defaultBehavior: "+list +resource:list +connection" },
  pgServices: [
    makePgService({
      connectionString: process.env.DATABASE_URL,
      schemas: ["public"],
      poolConfig: { max: Number(process.env.POOL), idleTimeoutMillis: 0 },
    }),
  ],
  grafserv: { graphiql: false, graphqlOverGET: true, watch: false, websockets: false, outputDataAsString: true },
  grafast: { explain: false },
};

const server = createServer();
await postgraphile(preset).createServ(grafserv).addTo(server);
server.keepAliveTimeout = 30_000;
server.listen(Number(process.env.PORT), "127.0.0.1");
