/** The sample organisation. */
export const slug = 'acme';
export const owner = 'ada@acme.test';

export interface Member {
  kind: 'app' | 'agent';
  /** What it is registered with, besides the organisation. */
  register: Record<string, unknown>;
}

/** Klyve's short timeout makes its silences visible within seconds. */
export const members = {
  portal: { kind: 'app', register: { appId: 'portal', name: 'Portal' } },
  flow: { kind: 'app', register: { appId: 'flow', name: 'Flow' } },
  studio: { kind: 'app', register: { appId: 'studio', name: 'Studio' } },
  athena: {
    kind: 'agent',
    register: { agentId: 'athena', name: 'Athena', description: 'Project assistant', timeoutSeconds: 20 },
  },
  klyve: {
    kind: 'agent',
    register: { agentId: 'klyve', name: 'Klyve', description: 'Workflow reviewer', timeoutSeconds: 8 },
  },
} as const satisfies Record<string, Member>;

export type Name = keyof typeof members;

/** Studio is left out, so that its questions to athena are rejected. */
export const allowedToAskAthena: Name[] = ['portal', 'flow'];
