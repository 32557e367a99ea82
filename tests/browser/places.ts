/** The places of the dashboard that tests go through one by one. */
/** By the name of what is seen there; those that have an id in their address are added as it becomes known. */
export const paths: Record<string, string> = {
  overview: '/acme',
  apps: '/acme/apps',
  agents: '/acme/agents',
  'event-logs': '/acme/events',
  console: '/acme/console',
  members: '/acme/members',
  'audit-log': '/acme/audit',
  settings: '/acme/settings',
  'not-found': '/acme/nowhere',
};
/** Pages that belong to no organization. */
export const outside: Record<string, string> = {
  home: '/',
  'sign-in': '/sign-in',
  welcome: '/welcome',
  graphiql: '/graphiql',
};
/** Where each dialog is, and what opens it. */
export const dialogs = [
  ['apps', 'Register New App'],
  ['agents', 'Register New Agent'],
  ['app-detail', 'Rename'],
  ['app-detail', 'Rotate Token'],
  ['app-detail', 'Deactivate App'],
  ['app-detail', 'Delete contents'],
  ['agent-detail', 'Edit'],
  ['agent-detail', 'Send test event'],
  ['agent-detail', 'Remove Flow'],
  ['agent-detail', 'Choose apps'],
  ['event-failed', 'Resend'],
  ['event-failed', 'Edit & resend'],
  ['event-failed', 'Delete content'],
  ['event-logs', 'Export'],
  ['event-logs', 'Keyboard shortcuts'],
  ['event-logs', 'Go to…'],
  ['settings', 'Create key'],
  ['settings', 'Sign out everywhere'],
  ['members', 'Invite member'],
  ['members', 'Manage'],
  ['members', 'Revoke'],
] as const;
