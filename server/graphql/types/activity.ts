import { ActivityRef } from '../refs.ts';

ActivityRef.implement({
  description: 'How the last 24 hours went, the present one included, in brief.',
  fields: (t) => ({
    delivered: t.exposeInt('delivered', { description: 'Number of events answered.' }),
    failed: t.exposeInt('failed', { description: 'Number of events that failed.' }),
    rejected: t.exposeInt('rejected', { description: 'Number of events rejected.' }),
    successRate: t.exposeFloat('successRate', {
      nullable: true,
      description: 'Delivered among delivered and failed, 0 to 1; null when there were neither.',
    }),
    ended: t.expose('ended', {
      type: ['Int'],
      complexity: { field: 1, multiplier: 1 },
      description: 'Number of events that ended in each of the 24 hours, oldest first.',
    }),
    troubled: t.expose('troubled', {
      type: ['Int'],
      complexity: { field: 1, multiplier: 1 },
      description: 'Number of those that failed or were rejected.',
    }),
  }),
});
