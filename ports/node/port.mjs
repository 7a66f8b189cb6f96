#!/usr/bin/env node
// A port in JavaScript: signs requests of the LinuxLink / Vigiles API.
//
// One JSON question per line on standard input, one JSON answer per line on
// standard output (docs/PROTOCOL.md). Names in backquotes are rules of
// docs/SIGNATURE.md. It lacks `nested-repr` (a list or an object inside a list),
// and says so. Needs Node 20 or later, nothing else:
//
//     ./port.mjs <<< '{"email":"a@b.c","key":"k","method":"GET","resource":"/x","data":{}}'
import { createHmac } from 'node:crypto';

const SERVERS = { linuxlink: 'https://linuxlink.timesys.com', vigiles: 'https://vigiles.lynx.com' };
const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
class Unsupported extends Error {}

function answer(question) {
  const profile = textMember(question, 'profile', 'linuxlink');
  if (!Object.hasOwn(SERVERS, profile)) throw new Error(`unknown profile "${profile}"`);
  const [email, key, server] = readCredentials(question, profile === 'vigiles');
  const [method, resource] = [textMember(question, 'method').toUpperCase(), textMember(question, 'resource')];
  const data = question.get('data');
  if (!(data instanceof Map)) throw new Error('"data" must be an object');
  if (question.has('dashboard_config')) addDashboardTokens(data, question, profile === 'vigiles');
  data.set('email', email); // `email-joins`: a Map keeps the place of a member it had

  const message = buildMessage(method, resource, data);
  const token = createHmac('sha256', toText(key)).update(message).digest('base64');
  const url = textMember(question, 'base_url', server) + resource;
  return { headers: { 'X-Auth-Signature': token }, hmac_msg: message, ...buildRequest(method, url, data) };
}

// Step 1: email, key and server.
function readCredentials(question, vigiles) {
  const server = SERVERS[vigiles ? 'vigiles' : 'linuxlink'];
  if (!question.has('key_file')) return [textMember(question, 'email'), textMember(question, 'key'), server];
  const file = readObject(textMember(question, 'key_file'));
  const email = strip(textMember(file, 'email'));
  if (!vigiles) return [email, strip(textMember(file, 'key')), server];
  const key = textMember(file, file.has('organization_key') ? 'organization_key' : 'key', '');
  return [email, strip(key), strip(textMember(file, 'server_url', server)).replace(/\/$/, '')];
}

// `dashboard-config`: what a manifest upload takes from a dashboard config.
function addDashboardTokens(data, question, vigiles) {
  const config = readObject(textMember(question, 'dashboard_config'));
  const name = vigiles && config.has('group') ? 'group' : 'product';
  const token = strip(textMember(config, name));
  const folder = strip(textMember(config, 'folder', ''));
  if (vigiles && !token) throw new Error(`"${name}" in the dashboard config is empty`);
  if (token) data.set(vigiles ? 'group_token' : 'product_token', token);
  if (folder) data.set('folder_token', folder);
}

// `key-file-strip`: trim() would take U+FEFF too, and leave U+001C to U+001F and U+0085.
const strip = (text) => text.replace(/^[[\s\x1c-\x1f\x85]--\ufeff]+|[[\s\x1c-\x1f\x85]--\ufeff]+$/gv, '');

// Steps 3 to 7. `no-escaping`: the pairs are joined as they stand.
function buildMessage(method, resource, data) {
  const pairs = toPairs(data, sortedKeys(data), sortList).map((pair) => pair.join('='));
  return toText(method) + toText(resource) + pairs.join('&');
}

// `wire-query`, `wire-form`: lists go out as they came, not sorted.
function buildRequest(method, url, data) {
  const form = (keys, arrange) => new URLSearchParams(toPairs(data, keys, arrange)).toString();
  if (method !== 'POST') return { url: `${url}?${form(sortedKeys(data), spread)}` };
  return { url, body: form([...data.keys()], (value) => spread(value).filter((v) => v !== null)) };
}

const toPairs = (data, keys, arrange) =>
  keys.flatMap((key) => spread(arrange(data.get(key))).map((v) => [toText(key), toText(v)]));
// `list-pairs`, `object-keys`: the elements of a list, the keys of an object; else the value.
const spread = (value) => (Array.isArray(value) ? value : value instanceof Map ? [...value.keys()] : [value]);
// `pair-order`: UTF-8 bytes sort by code point; `<` would compare UTF-16 units.
const byCodePoint = (a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b));
const sortedKeys = (data) => [...data.keys()].sort(byCodePoint);

// `list-order`. BigInt and Number compare by exact value, and true counts 1.
function sortList(value) {
  if (!Array.isArray(value) || value.length < 2) return value; // one alone is in order
  if (value.some((v) => v instanceof Object)) throw new Unsupported('lists or objects in a list');
  if (value.every((v) => typeof v === 'string')) return value.toSorted(byCodePoint);
  if (value.some((v) => typeof v === 'string' || v === null)) throw new Error('a list that has no order');
  return value.toSorted((a, b) => (a < b ? -1 : a > b ? 1 : 0));
}

// Step 5. `message-utf8` is seen to here, part by part: Node would sign an unpaired surrogate as
// U+FFFD, and the last one of a part and the first one of the next could pass for a pair.
function toText(value) {
  if (typeof value === 'string' && !value.isWellFormed()) throw new Error('an unpaired surrogate');
  if (typeof value === 'string' || typeof value === 'bigint') return `${value}`;
  if (value === null || typeof value === 'boolean') return { null: 'None', true: 'True', false: 'False' }[value];
  if (typeof value !== 'number') throw new Unsupported('lists or objects in a list');
  // `text-float`: the same digits as in JavaScript, but another layout.
  if (!Number.isFinite(value)) return value < 0 ? '-inf' : 'inf';
  const size = Math.abs(value);
  if (size >= 1e16 || (size < 1e-4 && size > 0)) return value.toExponential().replace(/(?<=e[+-])\d$/, '0$&');
  const text = Object.is(value, -0) ? '-0' : `${value}`;
  return text.includes('.') ? text : `${text}.0`;
}

// Reads JSON without loss: objects become Maps, integers BigInts, floats Numbers. JSON.parse alone
// would round large integers, read 1.0 as 1 and move keys like "10" to the front. So beforehand
// every string gets a tag in front, "s", and every number N becomes the object {"n":"N"}.
function readObject(text) {
  const token = /"((?:[^"\\]|\\.)*")|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][-+]?\d+)?|NaN|-?Infinity/gs;
  const tag = (other, string) => (string ? `"s${string}` : `{"n":"${other}"}`);
  const value = untag(JSON.parse(text.replace(token, tag)));
  if (value instanceof Map) return value;
  throw new Error('this is no JSON object');
}

function untag(value) {
  if (typeof value === 'string') return value.slice(1);
  if (Array.isArray(value)) return value.map(untag);
  if (!(value instanceof Object)) return value;
  if (!value.n) return new Map(Object.entries(value).map(([key, member]) => [key.slice(1), untag(member)]));
  if (/[NI]/.test(value.n)) return undefined; // `key-file-json` lets it pass, toText() does not
  return /[.eE]/.test(value.n) ? Number(value.n) : BigInt(value.n);
}

function textMember(members, name, fallback) {
  const value = members.has(name) ? members.get(name) : fallback;
  if (typeof value !== 'string') throw new Error(`"${name}" must be there and must be a string`);
  return value;
}

function reply(line) {
  if (!line.trim()) return;
  const result = {};
  try {
    const question = readObject(utf8.decode(Buffer.from(line, 'latin1')));
    if (question.has('id')) result.id = textMember(question, 'id');
    Object.assign(result, answer(question));
  } catch (error) {
    result[error instanceof Unsupported ? 'unsupported' : 'error'] = error.message;
  }
  process.stdout.write(JSON.stringify(result) + '\n');
}

// Only "\n" ends a line (node:readline would split at U+2028 too), and a chunk may end inside
// a character: so the lines are cut as Latin-1, which keeps the bytes as they are.
let rest = '';
for await (const chunk of process.stdin.setEncoding('latin1')) {
  const lines = (rest + chunk).split('\n');
  rest = lines.pop();
  lines.forEach(reply);
}
reply(rest);
