// Signs with the sample port, or answers what the file SIGKIT_ANSWERS says.
import { readFileSync } from 'node:fs';
import {
  Unsupported, dashboardTokens, readKeyFile, readObject, sign as signRequest,
} from './signature.mjs';

const file = process.env.SIGKIT_ANSWERS;
const answers = file && new Map(readFileSync(file, 'ascii').split('\n').slice(0, -1).map((line) => {
  const [id, kind, ...texts] = line.split('\t');
  const [token, message] = texts.map((text) => Buffer.from(text, 'hex').toString());
  return [id, {
    signed: { token, hmac_msg: message },
    refused: { error: 'no' },
    unsupported: { unsupported: 'this' },
  }[kind]];
}));

export async function sign(text) {
  const question = readObject(text);
  if (answers) return answers.get(question.get('id'));
  try {
    const signed = answer(question);
    return { token: signed.headers['X-Auth-Signature'], hmac_msg: signed.hmac_msg };
  } catch (error) {
    return { [error instanceof Unsupported ? 'unsupported' : 'error']: error.message };
  }
}

function answer(question) {
  const profile = question.get('profile') ?? 'linuxlink';
  const credentials = question.has('key_file')
    ? readKeyFile(question.get('key_file'), profile)
    : { email: question.get('email'), key: question.get('key'), server: '' };
  const data = question.get('data');
  if (question.has('dashboard_config')) {
    const tokens = dashboardTokens(question.get('dashboard_config'), profile);
    tokens.forEach(([name, token]) => data.set(name, token));
  }
  return signRequest(credentials, question.get('method'), question.get('resource'), data);
}
