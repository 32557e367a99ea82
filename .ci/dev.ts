// The server restarts when its sources change; vite serves the dashboard and passes /graphql on. Ends with Ctrl-C.
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const dashboard = 'http://localhost:5173';
// The browser's Origin is vite's, and only PUBLIC_URL's origin may use a session.
const env = { PUBLIC_URL: dashboard, RELAY_PRINT_CODES: '1', ...process.env };

const processes = [
  spawn(process.execPath, ['--watch', '--watch-path=server', '--watch-preserve-output', 'server/main.ts'], {
    cwd: root,
    env,
    stdio: 'inherit',
  }),
  spawn(process.execPath, ['node_modules/vite/bin/vite.js', '--port', '5173', '--strictPort'], {
    cwd: root,
    stdio: 'inherit',
  }),
];
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.on(signal, () => processes.forEach((child) => child.kill('SIGTERM')));
}
