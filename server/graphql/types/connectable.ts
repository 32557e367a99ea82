import { builder } from '../builder.ts';
import { AgentRef, AppRef } from '../refs.ts';

export const Connectable = builder.unionType('Connectable', {
  description: 'What connects to Relay.',
  types: [AppRef, AgentRef],
});
