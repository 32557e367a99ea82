import type { ErrorCount, Rejection } from '../../domain/trouble.ts';
import { builder } from '../builder.ts';
import { AppRef } from '../refs.ts';

export const ErrorCountRef = builder.objectRef<ErrorCount>('ErrorCount').implement({
  description: 'How often events ended with one code.',
  fields: (t) => ({
    code: t.exposeString('code', { description: 'The code, as apps are told it.' }),
    count: t.exposeInt('count', { description: 'Number of events.' }),
  }),
});

export const RejectionRef = builder.objectRef<Rejection>('Rejection').implement({
  description: 'Events of one app that did not get through to an agent.',
  fields: (t) => ({
    app: t.field({
      type: AppRef,
      description: 'The app that sent them.',
      resolve: ({ appId }, _args, { loaders }) => loaders.app.load(appId),
    }),
    code: t.exposeString('code', { description: 'Why: NOT_ALLOWED or AGENT_NOT_FOUND.' }),
    count: t.exposeInt('count', { description: 'Number of events.' }),
  }),
});
