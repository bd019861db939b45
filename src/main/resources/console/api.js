// Calls the server. If the token is missing, asks the reader for it once, then continues.

export class Failure extends Error {
  constructor(status, body) {
    super(body.error || `The server answers ${status}.`);
    this.status = status;
    this.body = body;
  }
}

let login = null;
export const onLogin = ask => { login = ask; };

async function call(path, options) {
  const response = await fetch(path, { credentials: 'same-origin', ...options });
  if (response.status === 401 && login && !path.endsWith('/session')) {
    await login();
    return call(path, options);
  }
  const body = await response.json().catch(() => ({}));
  if (!response.ok) throw new Failure(response.status, body);
  return body;
}

export function get(path, parameters = {}) {
  const query = new URLSearchParams(Object.entries(parameters).filter(([, value]) => value !== '' && value !== undefined));
  return call(`api/${path}${query.size ? `?${query}` : ''}`);
}

export function post(path, body) {
  return call(`api/${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-darkroom-console': '1' },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });
}

export const objectUrl = uri => `api/object?uri=${encodeURIComponent(uri)}`;

let known = null;
export const info = () => known ??= get('info').catch(failure => { known = null; throw failure; });

let schema = null;
export const requestSchema = () => schema ??= fetch('request.schema.json').then(response => response.json());
