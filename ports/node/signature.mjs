// Signs requests of the LinuxLink / Vigiles API.
//
// Needs Node 18 or later, nothing else. Names in backquotes are rules of docs/SIGNATURE.md.
// It lacks `nested-repr` (a list or an object inside a list), and says so.
//
//     const credentials = readKeyFile(text);
//     const signed = sign(credentials, 'GET', '/api/v1/x', new Map([['all', true]]));
import { createHmac } from 'node:crypto';

export const SERVERS = { linuxlink: 'https://linuxlink.timesys.com', vigiles: 'https://vigiles.lynx.com' };
export class Unsupported extends Error {}

// Step 1: email, key and server.
export function readKeyFile(text, profile = 'linuxlink') {
  const file = readObject(text);
  const email = strip(textMember(file, 'email'));
  if (profile !== 'vigiles') return { email, key: strip(textMember(file, 'key')), server: SERVERS[profile] };
  const key = strip(textMember(file, file.has('organization_key') ? 'organization_key' : 'key', ''));
  const server = strip(textMember(file, 'server_url', SERVERS[profile])).replace(/\/$/, ''); // `base-url`
  return { email, key, server };
}

// `dashboard-config`: what a manifest upload adds to its data, as pairs.
export function dashboardTokens(text, profile = 'linuxlink') {
  const vigiles = profile === 'vigiles';
  const config = readObject(text);
  const name = vigiles && config.has('group') ? 'group' : 'product';
  const token = strip(textMember(config, name));
  const folder = strip(textMember(config, 'folder', ''));
  if (vigiles && !token) throw new Error(`"${name}" in the dashboard config is empty`);
  const tokens = [[vigiles ? 'group_token' : 'product_token', token], ['folder_token', folder]];
  return tokens.filter(([, text]) => text !== '');
}

// Signs a request whose data is a Map: what to send, and the message that was signed.
export function sign({ email, key, server }, method, resource, data) {
  const [verb, all] = [method.toUpperCase(), joinEmail(data, email)];
  const pairs = toPairs(all, sortKeys([...all.keys()]), sortList);
  const message = buildMessage(toText(verb), toText(resource), joinPairs(pairs));
  const headers = { 'X-Auth-Signature': token(toText(key), message) };
  return { headers, hmac_msg: message, ...buildRequest(verb, server + resource, all) };
}

// `key-file-strip`: trim() would take U+FEFF too, and leave U+001C to U+001F and U+0085.
function strip(text) {
  // begin key-file-strip: return text;
  return text.replace(/^[\p{White_Space}\x1c-\x1f]+|[\p{White_Space}\x1c-\x1f]+$/gu, '');
  // end
}

// Step 2.
function joinEmail(data, email) {
  // begin email-joins: return data;
  return new Map(data).set('email', email); // a Map keeps the place of a member it had
  // end
}

// Step 3. BigInt and Number compare by exact value, and true counts 1.
function sortList(value) {
  // begin list-order: return value;
  if (!Array.isArray(value) || value.length < 2) return value; // one alone is in order
  if (value.every(Array.isArray)) throw new Unsupported('lists in a list');
  if (value.every((v) => typeof v === 'string')) return [...value].sort(byCodePoint);
  if (!value.every((v) => /^(number|bigint|boolean)$/.test(typeof v))) throw new Error('a list that has no order');
  return [...value].sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
  // end
}

// Step 4.
function sortKeys(keys) {
  // begin pair-order: return keys;
  return keys.sort(byCodePoint);
  // end
}

// UTF-8 bytes sort by code point; `<` would compare UTF-16 units.
function byCodePoint(a, b) {
  return Buffer.compare(Buffer.from(a), Buffer.from(b));
}

// Step 5. `message-utf8` is seen to here, part by part: Node would sign an unpaired surrogate as
// U+FFFD, and the last one of a part and the first one of the next could pass for a pair.
function toText(value) {
  // begin text-boolean: return `${value}`;
  if (typeof value === 'string' && /\p{Surrogate}/u.test(value)) throw new Error('an unpaired surrogate');
  if (typeof value === 'string' || typeof value === 'bigint') return `${value}`;
  if (value === null || typeof value === 'boolean') return { null: 'None', true: 'True', false: 'False' }[value];
  if (typeof value !== 'number') throw new Unsupported('lists or objects in a list');
  // `text-float`: the same digits as in JavaScript, but another layout.
  if (!Number.isFinite(value)) return value < 0 ? '-inf' : 'inf';
  const size = Math.abs(value);
  if (size >= 1e16 || (size < 1e-4 && size > 0)) return value.toExponential().replace(/(?<=e[+-])\d$/, '0$&');
  const text = Object.is(value, -0) ? '-0' : `${value}`;
  return text.includes('.') ? text : `${text}.0`;
  // end
}

// `list-pairs`, `object-keys`: the elements of a list, the keys of an object; else the value.
function spread(value) {
  // begin list-pairs: return [value];
  return Array.isArray(value) ? value : value instanceof Map ? [...value.keys()] : [value];
  // end
}

function toPairs(data, keys, arrange) {
  return keys.flatMap((key) => spread(arrange(data.get(key))).map((v) => [toText(key), toText(v)]));
}

// Step 6: `no-escaping`, whatever the text holds.
function joinPairs(pairs) {
  // begin pairs-join: return '';
  return pairs.map(([key, text]) => `${key}=${text}`).join('&');
  // end
}

// Step 7.
function buildMessage(method, resource, joined) {
  // begin message-layout: return joined;
  return method + resource + joined;
  // end
}

// Step 8.
function token(key, message) {
  // begin token-hmac: return '';
  return createHmac('sha256', key).update(message).digest('base64');
  // end
}

// What to send: lists go out as they came, not sorted.
function buildRequest(method, url, data) {
  // begin wire-form: return { url };
  const form = (keys, arrange) => new URLSearchParams(toPairs(data, keys, arrange)).toString();
  const keys = [...data.keys()];
  if (method !== 'POST') return { url: `${url}?${form(sortKeys(keys), spread)}` }; // `wire-query`
  return { url, body: form(keys, (value) => spread(value).filter((v) => v !== null)) };
  // end
}

// Reads JSON without loss: objects become Maps, integers BigInts, floats Numbers. JSON.parse alone
// would round large integers, read 1.0 as 1 and move keys like "10" to the front. So beforehand
// every string gets a tag in front, "s", and every number N becomes the object {"n":"N"}.
export function readObject(text) {
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

export function textMember(members, name, fallback) {
  const value = members.has(name) ? members.get(name) : fallback;
  if (typeof value !== 'string') throw new Error(`"${name}" must be there and must be a string`);
  return value;
}
