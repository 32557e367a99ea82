import type { Client } from 'pg';
import { APPEND_ONLY } from './serving.ts';

/** A way in which the serving role could destroy the audit log. */
export interface Threat {
  /** As in "it owns the table". */
  why: string;
  /** What ends it: a statement for the owner or a superuser. */
  cure: string;
}

export interface AuditThreats {
  /** The role that serves. */
  role: string;
  /** It owns the table, as where there is but one role. */
  owns: boolean;
  /** Empty: it can add to the log and read it, and no more. */
  threats: Threat[];
}

interface Role {
  name: string;
  /** The serving role belongs to it by itself, not through another role. */
  direct: boolean;
  schema: string;
  database: string;
  superuser: boolean;
  owns_database: boolean;
  owns_schema: boolean;
  owns_table: boolean;
  writes_files: boolean;
  makes_roles: boolean;
  rewrites: boolean;
}

/**
 * The serving role, first, and all it belongs to. Membership counts whether or not it inherits: `set role` takes what is not
 * inherited, and who administers a role may grant itself that. Before PostgreSQL 16 whoever made roles could grant itself
 * any but a superuser, those that write files as well. (`pg_database_owner` is who owns the database.)
 */
const ROLES = `select r.rolname as name, n.nspname as schema, d.datname as database,
    exists (select from pg_auth_members m where m.roleid = r.oid and m.member = own.oid) as direct,
    r.rolsuper as superuser, r.oid = d.datdba as owns_database, r.oid = n.nspowner as owns_schema,
    r.oid = c.relowner as owns_table,
    r.rolname in ('pg_execute_server_program', 'pg_write_server_files') as writes_files,
    r.rolcreaterole and current_setting('server_version_num')::int < 160000 as makes_roles,
    has_table_privilege(r.oid, c.oid, 'update, delete, truncate, trigger') as rewrites
  from pg_class c join pg_namespace n on n.oid = c.relnamespace
  join pg_database d on d.datname = current_database()
  join pg_roles own on own.rolname = session_user
  join pg_roles r on pg_has_role(own.oid, r.oid, 'member')
 where c.oid = to_regclass('${APPEND_ONLY}') and r.rolname <> 'pg_database_owner'
 order by r.oid <> own.oid, r.rolname`;

interface Power {
  of: (role: Role) => boolean;
  why: (role: Role) => string;
  /** What takes it from the role itself. */
  cure: (role: Role) => string;
}

const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`;

/** The worst first. Of each role one is told. */
const POWERS: Power[] = [
  {
    of: (role) => role.superuser,
    why: () => 'is a superuser',
    cure: ({ name }) => `alter role ${quoted(name)} nosuperuser`,
  },
  {
    of: (role) => role.owns_database,
    why: () => 'owns the database',
    cure: ({ database }) => `alter database ${quoted(database)} owner to another role`,
  },
  {
    of: (role) => role.owns_schema,
    why: ({ schema }) => `owns the schema ${quoted(schema)}`,
    cure: ({ schema }) => `alter schema ${quoted(schema)} owner to another role`,
  },
  {
    of: (role) => role.owns_table,
    why: () => 'owns the table',
    cure: () => `alter table ${APPEND_ONLY} owner to another role`,
  },
  {
    of: (role) => role.makes_roles,
    why: () => 'may make any role its own (CREATEROLE before PostgreSQL 16)',
    cure: ({ name }) => `alter role ${quoted(name)} nocreaterole`,
  },
  {
    of: (role) => role.writes_files,
    why: () => 'may write to the files of the database',
    // They are PostgreSQL's own: the serving role only ever belongs to one.
    cure: () => '',
  },
];

/** Comes with some of those above, and is told where it stands alone. */
const REWRITES: Power = {
  of: (role) => role.rewrites,
  why: () => 'may change or delete entries, or add triggers',
  cure: ({ name }) =>
    `revoke update, delete, truncate, trigger on ${APPEND_ONLY} from ${quoted(name)}, public`,
};

function threatOf(own: Role, role: Role, powers: Power[]): Threat[] {
  const power = powers.find(({ of }) => of(role));
  if (!power) return [];
  if (role === own) return [{ why: `it ${power.why(own)}`, cure: power.cure(own) }];
  const between = role.direct ? '' : ', or from the role between them';
  return [
    {
      why: `it is a member of ${quoted(role.name)}, which ${power.why(role)}`,
      cure: `revoke ${quoted(role.name)} from ${quoted(own.name)}${between}`,
    },
  ];
}

/** How the role of this connection could destroy the audit log. null: there is no such table yet. */
export async function auditThreats(client: Client): Promise<AuditThreats | null> {
  const { rows } = await client.query<Role>(ROLES);
  const own = rows[0];
  if (!own) return null;
  // A superuser belongs to every role.
  const roles = own.superuser ? [own] : rows;
  const by = (powers: Power[]): Threat[] => roles.flatMap((role) => threatOf(own, role, powers));
  const threats = by(POWERS);
  return {
    role: own.name,
    owns: own.owns_table,
    threats: threats.length > 0 ? threats : by([REWRITES]),
  };
}
