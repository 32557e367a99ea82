import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { extname, join, relative, sep } from 'node:path';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';
import { sendProblem } from './problem.ts';
import type { Handler } from './server.ts';
import { pathOf } from './server.ts';

const TYPES: Record<string, string> = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.ico': 'image/x-icon',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.txt': 'text/plain; charset=utf-8',
  '.webmanifest': 'application/manifest+json',
  '.woff2': 'font/woff2',
};
const COMPRESSIBLE = /text|javascript|json|svg/;

type Encoding = 'br' | 'gzip' | 'identity';

interface Asset {
  type: string;
  etag: string;
  bodies: Partial<Record<Encoding, Buffer>> & { identity: Buffer };
  /** Vite puts a content hash into the names under assets/, so those never change. */
  immutable: boolean;
}

const compress = {
  br: (body: Buffer) => promisify(brotliCompress)(body, { params: { [constants.BROTLI_PARAM_QUALITY]: 5 } }),
  gzip: (body: Buffer) => promisify(gzip)(body),
  identity: async (body: Buffer) => body,
};

async function readAsset(folder: string, path: string): Promise<Asset> {
  const body = await readFile(join(folder, path));
  return {
    type: TYPES[extname(path)] ?? 'application/octet-stream',
    etag: `"${createHash('sha256').update(body).digest('base64url').slice(0, 22)}"`,
    bodies: { identity: body },
    immutable: path.startsWith('/assets/'),
  };
}

/** Every file of the folder by its URL path. Only these can be asked for, so no path leads outside the folder. */
async function readFolder(folder: string): Promise<Map<string, Asset>> {
  const assets = new Map<string, Asset>();
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  for (const entry of entries.filter((item) => item.isFile())) {
    const path = `/${relative(folder, join(entry.parentPath, entry.name)).split(sep).join('/')}`;
    assets.set(path, await readAsset(folder, path));
  }
  return assets;
}

function encodingFor(request: IncomingMessage, asset: Asset): Encoding {
  const accepted = String(request.headers['accept-encoding'] ?? '');
  if (!COMPRESSIBLE.test(asset.type) || asset.bodies.identity.length < 1024) return 'identity';
  return accepted.includes('br') ? 'br' : accepted.includes('gzip') ? 'gzip' : 'identity';
}

async function send(request: IncomingMessage, response: ServerResponse, asset: Asset): Promise<void> {
  const encoding = encodingFor(request, asset);
  const body = (asset.bodies[encoding] ??= await compress[encoding](asset.bodies.identity));
  const headers = {
    'content-type': asset.type,
    'cache-control': asset.immutable ? 'public, max-age=31536000, immutable' : 'no-cache',
    etag: asset.etag,
    vary: 'accept-encoding',
  };
  if (request.headers['if-none-match'] === asset.etag) {
    response.writeHead(304, headers).end();
    return;
  }
  response.writeHead(200, {
    ...headers,
    ...(encoding === 'identity' ? {} : { 'content-encoding': encoding }),
    'content-length': body.length,
  });
  response.end(request.method === 'HEAD' ? undefined : body);
}

/** A page the browser navigates to, as opposed to a script or picture that is missing. */
function isNavigation(request: IncomingMessage, path: string): boolean {
  return extname(path) === '' && String(request.headers.accept ?? '').includes('text/html');
}

/** Pages with a file of their own; every other navigation is a route inside the dashboard. */
const PAGES: Record<string, string> = { '/graphiql': '/graphiql.html' };

/** Serves the built dashboard from memory. `folder` is read once; when it is missing, only problems are served. */
export async function dashboard(folder: string): Promise<Handler> {
  const assets = await readFolder(folder);
  return async (request, response) => {
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      sendProblem(response, 405, 'METHOD_NOT_ALLOWED', 'Only GET is possible here.', { allow: 'GET, HEAD' });
      return;
    }
    const path = pathOf(request);
    const page = Object.hasOwn(PAGES, path) ? PAGES[path] : undefined;
    const asset =
      assets.get(page ?? path) ?? (isNavigation(request, path) ? assets.get('/index.html') : undefined);
    if (asset) await send(request, response, asset);
    else sendProblem(response, 404, 'NOT_FOUND', 'There is nothing here.');
  };
}
