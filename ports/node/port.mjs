#!/usr/bin/env node
// A port in JavaScript: answers the questions of sigcheck with signature.mjs.
//
// One JSON question per line on standard input, one JSON answer per line on standard output
// (docs/PROTOCOL.md). With --send it also sends each request, with fetch:
//
//     sigcheck run -- node port.mjs
//     sigcheck run --capture -- node port.mjs --send
import { SERVERS, Unsupported, dashboardTokens, readKeyFile, readObject, sign, textMember } from './signature.mjs';

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
const sends = process.argv.includes('--send');

function answer(question) {
  const profile = textMember(question, 'profile', 'linuxlink');
  if (!Object.hasOwn(SERVERS, profile)) throw new Error(`unknown profile "${profile}"`);
  const credentials = readCredentials(question, profile);
  const data = question.get('data');
  if (!(data instanceof Map)) throw new Error('"data" must be an object');
  if (question.has('dashboard_config')) {
    const tokens = dashboardTokens(textMember(question, 'dashboard_config'), profile);
    tokens.forEach(([name, token]) => data.set(name, token));
  }
  return sign(credentials, textMember(question, 'method'), textMember(question, 'resource'), data);
}

function readCredentials(question, profile) {
  const credentials = question.has('key_file')
    ? readKeyFile(textMember(question, 'key_file'), profile)
    : { email: textMember(question, 'email'), key: textMember(question, 'key'), server: SERVERS[profile] };
  return { ...credentials, server: textMember(question, 'base_url', credentials.server) };
}

async function send(method, { url, headers, body }) {
  const type = body === undefined ? {} : { 'Content-Type': 'application/x-www-form-urlencoded' };
  const response = await fetch(url, { method, headers: { ...headers, ...type }, body });
  return response.text();
}

async function reply(line) {
  if (!line.trim()) return;
  const result = {};
  try {
    const question = readObject(utf8.decode(Buffer.from(line, 'latin1')));
    if (question.has('id')) result.id = textMember(question, 'id');
    const signed = answer(question);
    Object.assign(result, signed);
    if (sends) result.server = await send(question.get('method'), signed);
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
  for (const line of lines) await reply(line);
}
await reply(rest);
