// Gives every request of the conformance runner the token in RUNNER_TOKEN, as a client of the
// gateway has one: the runner itself has no option for it. Loaded with `node --import`.
import http from "node:http";
import { createRequire } from "node:module";

const token = process.env.RUNNER_TOKEN;
const { Agent, setGlobalDispatcher } = createRequire(process.argv[1])("undici");

function withToken(dispatch) {
  return (options, handler) => dispatch({ ...options, headers: added(options.headers) }, handler);
}

function added(headers) {
  if (!headers) return { authorization: `Bearer ${token}` };
  if (Array.isArray(headers)) return [...headers, "authorization", `Bearer ${token}`];
  const pairs = Symbol.iterator in headers ? Object.fromEntries(headers) : headers;
  return { ...pairs, authorization: `Bearer ${token}` };
}

setGlobalDispatcher(new Agent().compose(withToken));

// Some checks send bytes that fetch would not.
const request = http.request;
http.request = (options, callback) =>
  request({ ...options, headers: added(options.headers) }, callback);
