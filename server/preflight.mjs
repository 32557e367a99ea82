// What must be said before any TypeScript is read. An older Node fails on a .ts file before running a line of it, so
// this file keeps to syntax that every Node of the last years understands.
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, statSync } from 'node:fs';
import module from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const entries = { start: 'server/main.ts', cli: 'server/cli.ts', demo: 'examples/demo/main.ts' };
const NEEDED = 24;

function refuse(sentence) {
  process.stderr.write(sentence + '\n');
  process.exit(1);
}

function newest(path) {
  if (!existsSync(path)) return 0;
  const stat = statSync(path);
  if (!stat.isDirectory()) return stat.mtimeMs;
  return Math.max(stat.mtimeMs, ...readdirSync(path).map((name) => newest(join(path, name))));
}

/** The dashboard is built when it was not yet, or when its sources are newer. */
function dashboardIsStale() {
  const built = newest(join(root, 'dist/client/index.html'));
  const sources = ['client', 'schema.graphql', 'vite.config.ts', 'package.json'];
  return sources.some((name) => newest(join(root, name)) > built);
}

function buildDashboard() {
  const vite = join(root, 'node_modules/vite/bin/vite.js');
  if (!existsSync(vite)) {
    if (existsSync(join(root, 'dist/client/index.html'))) return;
    refuse(
      'The dashboard is not built and its tools are not installed: run "npm install --include=dev" first.',
    );
  }
  process.stderr.write('Building the dashboard.\n');
  // What a tool prints must not end up on stdout, which belongs to Relay's own lines.
  const run = spawnSync(process.execPath, [vite, 'build', '--configLoader', 'native', '--logLevel', 'warn'], {
    cwd: root,
    stdio: ['ignore', 2, 2],
  });
  if (run.status !== 0) refuse('The dashboard could not be built; see above.');
}

if (Number(process.versions.node.split('.')[0]) < NEEDED) {
  refuse(
    'Relay needs Node ' +
      NEEDED +
      ' or newer and this is ' +
      process.version +
      ': use "npm start" or "npm run …", which bring their own on Linux, or install a newer Node.',
  );
}
const mode = process.argv.splice(2, 1)[0];
if (!Object.keys(entries).includes(mode)) refuse('Usage: node server/preflight.mjs start|demo|cli');
if (mode !== 'cli' && dashboardIsStale()) buildDashboard();
// Most of a start is reading hundreds of modules; what was compiled once is kept. Where it cannot be, nothing is lost.
module.enableCompileCache(join(root, 'node_modules/.cache/relay'));
await import(pathToFileURL(join(root, entries[mode])).href);
