import type { Kind } from '../operations.ts';

/** A way to begin in one tongue. Each runs as printed, which the tests see to. */
export interface Snippet {
  name: string;
  /** What it does and needs, before the code. */
  lead: string;
  code: string;
  /** What to type into it once it runs. */
  then?: { lead: string; code: string };
}

/** @param origin where the dashboard is: `http://localhost:4000` */
export const door = (origin: string, kind: Kind): string => `${origin.replace(/^http/, 'ws')}/v1/ws/${kind}`;

const variable = (kind: Kind): string => `RELAY_${kind.toUpperCase()}_TOKEN`;

/** The option of wscat and curl that presents the token. */
export const authorization = (kind: Kind): string => `-H "Authorization: Bearer $${variable(kind)}"`;

/** How a program in Node begins: it connects. */
export const nodeSocket = (origin: string, kind: Kind): string => `import WebSocket from 'ws';

const socket = new WebSocket('${door(origin, kind)}', {
  headers: { authorization: \`Bearer \${process.env.${variable(kind)}}\` },
});`;

/** How a program in Python begins: it connects. */
export const pythonSocket = (origin: string, kind: Kind): string => `import json
import os

import websocket

socket = websocket.create_connection(
    "${door(origin, kind)}",
    header=[f"Authorization: Bearer {os.environ['${variable(kind)}']}"],
)`;
