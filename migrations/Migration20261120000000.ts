import { Migration } from '@mikro-orm/migrations';

/** Invitations, limits that all nodes share, and the audit log, which can only be added to. */
export class Migration20261120000000 extends Migration {
  override up(): void {
    this.addSql(
      `create table "invitation" ("id" uuid not null, "organization_id" uuid not null, "email" text not null, "role" text not null, "invited_by_id" uuid not null, "created_at" timestamptz(3) not null, "expires_at" timestamptz(3) not null, "accepted_at" timestamptz(3) null, "revoked_at" timestamptz(3) null, primary key ("id"))`,
    );
    this.addSql(`create index "invitation_organization_id_index" on "invitation" ("organization_id")`);
    this.addSql(`create index "invitation_email_index" on "invitation" ("email")`);
    this.addSql(`create index "invitation_invited_by_id_index" on "invitation" ("invited_by_id")`);
    this.addSql(
      `create unique index "invitation_open_unique" on "invitation" ("organization_id", "email") where accepted_at is null and revoked_at is null`,
    );
    this.addSql(
      `alter table "invitation" add constraint "invitation_role_check" check ("role" in ('owner', 'member'))`,
    );
    this.addSql(
      `alter table "invitation" add constraint "invitation_organization_id_foreign" foreign key ("organization_id") references "organization" ("id")`,
    );
    this.addSql(
      `alter table "invitation" add constraint "invitation_invited_by_id_foreign" foreign key ("invited_by_id") references "user_account" ("id")`,
    );
    this.addSql(
      `create table "rate_limit" ("key" text not null, "points" int not null default 0, "expire" bigint null, primary key ("key"))`,
    );
    this.addSql(`create index "rate_limit_expire_index" on "rate_limit" ("expire")`);
    this.addSql(
      `create table "audit_entry" ("id" uuid not null, "organization_id" uuid null, "at" timestamptz(3) not null, "action" text not null, "actor_kind" text not null, "actor_id" uuid null, "actor" text not null, "target_type" text not null, "target_id" text null, "target" text not null, "details" json not null, "address" text null, primary key ("id"))`,
    );
    this.addSql(`create index "audit_entry_organization_index" on "audit_entry" ("organization_id", "id")`);
    this.addSql(
      `alter table "audit_entry" add constraint "audit_entry_actor_kind_check" check ("actor_kind" in ('person', 'api_key', 'agent', 'command'))`,
    );
    // Holds for the owner of the table as well, who alone could take it away.
    this.addSql(
      `create or replace function "audit_entry_append_only_fn"() returns trigger as $$ begin raise exception 'the audit log can only be added to' using errcode = 'insufficient_privilege'; end; $$ language plpgsql`,
    );
    this.addSql(
      `create trigger "append_only" before update or delete on "audit_entry" for each statement execute function "audit_entry_append_only_fn"()`,
    );
    this.addSql(
      `create trigger "never_truncated" before truncate on "audit_entry" for each statement execute function "audit_entry_append_only_fn"()`,
    );
  }
}
