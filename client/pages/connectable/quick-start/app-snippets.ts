import type { Snippet } from './snippet.ts';
import { authorization, door, nodeSocket, pythonSocket } from './snippet.ts';

/** What an app's quick start is written for. */
export interface AppTarget {
  /** Where the dashboard is: `http://localhost:4000`. */
  origin: string;
  appId: string;
  /** An agent that answers. */
  agentId: string;
}

const frame = (agentId: string): string =>
  `{"type":"event","agent_id":"${agentId}","thread_id":"first","payload":{"text":"Hello"}}`;

// A WebSocket's opening handshake by hand: the answer's first line says whether the token is taken. The key is any 16
// bytes in Base64.
const curl = (target: AppTarget): Snippet => ({
  name: 'curl',
  lead: 'Is the token accepted? 101 is yes, 401 is no, 403 means that the app is deactivated.',
  code: `curl -si --http1.1 --max-time 2 ${target.origin}/v1/ws/app \\
  ${authorization('app')} \\
  -H 'Connection: Upgrade' -H 'Upgrade: websocket' \\
  -H 'Sec-WebSocket-Version: 13' -H 'Sec-WebSocket-Key: cmVsYXktcXVpY2tzdGFydA==' | head -n 1`,
});

const wscat = (target: AppTarget): Snippet => ({
  name: 'wscat',
  lead: 'Sends one event and prints what comes back for five seconds. Nothing to install but Node.',
  code: `npx wscat -c ${door(target.origin, 'app')} ${authorization('app')} -w 5 \\
  -x '${frame(target.agentId)}'`,
});

const node = (target: AppTarget): Snippet => ({
  name: 'Node',
  lead: 'npm install ws, save it as app.mjs, then: node app.mjs',
  code: `${nodeSocket(target.origin, 'app')}

socket.on('open', () => {
  const payload = { text: 'Hello' };
  socket.send(JSON.stringify({ type: 'event', agent_id: '${target.agentId}', thread_id: 'first', payload }));
});

socket.on('message', (data) => {
  const message = JSON.parse(data);
  if (message.type === 'token') process.stdout.write(message.token);
  else console.log(message);
  if (message.type === 'reply' || message.type === 'error') socket.close();
});

socket.on('error', (error) => console.error(error.message));
`,
});

const python = (target: AppTarget): Snippet => ({
  name: 'Python',
  lead: 'pip install websocket-client, save it as app.py, then: python3 app.py',
  code: `${pythonSocket(target.origin, 'app')}
event = {"type": "event", "agent_id": "${target.agentId}", "thread_id": "first", "payload": {"text": "Hello"}}
socket.send(json.dumps(event))

while True:
    message = json.loads(socket.recv())
    if message["type"] == "token":
        print(message["token"], end="", flush=True)
    else:
        print(message)
    if message["type"] in ("reply", "error"):
        break

socket.close()
`,
});

/** The first event of an app, in several tongues. */
export const appSnippets = (target: AppTarget): Snippet[] => [
  wscat(target),
  curl(target),
  node(target),
  python(target),
];
