import { Membership } from '../database/entities/membership.ts';
import { Organization } from '../database/entities/organization.ts';
import type { Caller } from './caller.ts';
import type { Em } from './work.ts';

/** `RELAY_SIGNUP`; null: open until the first organisation exists. */
export type SignupRule = 'open' | 'invite' | null;

/** `open`: anyone may sign in and create an organisation. `firstRun`: there is no organisation yet. */
export async function signupState(em: Em, rule: SignupRule): Promise<{ open: boolean; firstRun: boolean }> {
  const first = await em.findOne(Organization, { id: { $ne: null } }, { fields: ['id'] });
  return { open: rule === 'open' || (rule === null && !first), firstRun: !first };
}

/** Where sign-up is closed, only those who own an organisation already may open another. */
export async function mayCreateOrganization(em: Em, rule: SignupRule, caller: Caller): Promise<boolean> {
  if (caller.apiKeyId) return false;
  // Not by the roles the caller came with: they may just have changed.
  if ((await em.count(Membership, { user: caller.userId, role: 'owner' })) > 0) return true;
  return (await signupState(em, rule)).open;
}
