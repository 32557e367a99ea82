import { Migration } from '@mikro-orm/migrations';

/** The first schema. The event table is partitioned by its time-ordered id from the start. */
export class Migration20261101000000 extends Migration {
  override up(): void {
    // Every start of a node draws its epoch here, so that no two starts of any nodes ever share one.
    this.addSql('create sequence "node_epoch_seq" as bigint');
    this.addSql(
      `create table "connection" ("id" text not null, "node_id" text not null, "epoch" bigint not null, "organization_id" uuid not null, "kind" text not null, "owner_id" uuid not null, "token_id" uuid not null, "protocol" text not null, "address" text null, "client" text null, "connected_at" timestamptz(3) not null, primary key ("id"))`,
    );
    this.addSql(`create index "connection_epoch_index" on "connection" ("epoch")`);
    this.addSql(`create index "connection_organization_id_index" on "connection" ("organization_id")`);
    this.addSql(`create index "connection_owner_id_index" on "connection" ("owner_id")`);
    this.addSql(
      `alter table "connection" add constraint "connection_kind_check" check ("kind" in ('app', 'agent'))`,
    );
    this.addSql(
      `alter table "connection" add constraint "connection_protocol_check" check ("protocol" in ('plain', 'relay.v1'))`,
    );
    this.addSql(
      `create table "event" ("id" text collate "C" not null, "organization_id" uuid not null, "app_id" uuid not null, "agent_id" uuid null, "agent_slug" text not null, "thread_id" text not null, "status" text not null, "origin" text not null, "payload" text not null, "traceparent" text null, "idempotency_key" text null, "hand_over" boolean not null default true, "resend_of" text null, "accepted_at" timestamptz(3) not null, "dispatched_at" timestamptz(3) null, "connection_id" text null, "first_token_at" timestamptz(3) null, "attempts" smallint not null default 0, "settled_at" timestamptz(3) null, "latency_ms" int null, "reply_content" text null, "reply_metadata" text null, "error_code" text null, "error_text" text null, "handed_over_at" timestamptz(3) null, primary key ("id")) partition by range ("id")`,
    );
    this.addSql(`create index "event_organization_index" on "event" ("organization_id", "id")`);
    this.addSql(`create index "event_app_index" on "event" ("app_id", "id")`);
    this.addSql(`create index "event_session_index" on "event" ("thread_id", "agent_id", "app_id", "id")`);
    this.addSql(`create index "event_agent_newest_index" on "event" ("agent_id", "id")`);
    this.addSql(
      `create index "event_unfinished_index" on "event" ("agent_id", "id") where status = 'pending'`,
    );
    this.addSql(
      `create index "event_unconfirmed_index" on "event" ("app_id", "id") where handed_over_at is null and settled_at is not null and hand_over`,
    );
    this.addSql(
      `alter table "event" add constraint "event_status_check" check ("status" in ('pending', 'delivered', 'failed', 'rejected'))`,
    );
    this.addSql(
      `alter table "event" add constraint "event_origin_check" check ("origin" in ('app', 'dashboard'))`,
    );
    this.addSql(`create table "event_default" partition of "event" default`);
    this.addSql(
      `create table "event_step" ("id" uuid not null, "event_id" text collate "C" not null, "at" timestamptz(3) not null, "kind" text not null, "attempt" smallint null, "connection_id" text null, "detail" text null, primary key ("id"))`,
    );
    this.addSql(`create index "event_step_event_id_index" on "event_step" ("event_id")`);
    this.addSql(
      `alter table "event_step" add constraint "event_step_kind_check" check ("kind" in ('dispatched', 'connection_lost', 'timed_out', 'duplicate_outcome', 'stale_outcome'))`,
    );
    this.addSql(
      `create table "idempotency_key" ("app_id" uuid not null, "key" text not null, "event_id" text collate "C" not null, "digest" text not null, "expires_at" timestamptz(3) not null, primary key ("app_id", "key"))`,
    );
    this.addSql(`create index "idempotency_key_expires_at_index" on "idempotency_key" ("expires_at")`);
    this.addSql(
      `create table "login_code" ("id" uuid not null, "email" text not null, "browser_hash" text not null, "code_hash" text not null, "tries" smallint not null default 0, "created_at" timestamptz(3) not null, "expires_at" timestamptz(3) not null, "locked_until" timestamptz(3) null, "consumed_at" timestamptz(3) null, primary key ("id"))`,
    );
    this.addSql(`create index "login_code_email_index" on "login_code" ("email")`);
    this.addSql(`create index "login_code_expires_at_index" on "login_code" ("expires_at")`);
    this.addSql(
      `create table "node" ("id" text not null, "epoch" bigint not null, "started_at" timestamptz(3) not null, "lease_expires_at" timestamptz(3) not null, primary key ("id"))`,
    );
    this.addSql(`alter table "node" add constraint "node_epoch_unique" unique ("epoch")`);
    this.addSql(
      `create table "organization" ("id" uuid not null, "name" text not null, "slug" text not null, "created_at" timestamptz(3) not null, primary key ("id"))`,
    );
    this.addSql(`alter table "organization" add constraint "organization_slug_unique" unique ("slug")`);
    this.addSql(
      `create table "app" ("id" uuid not null, "organization_id" uuid not null, "slug" text not null, "name" text not null, "created_at" timestamptz(3) not null, "deactivated_at" timestamptz(3) null, "last_connected_at" timestamptz(3) null, primary key ("id"))`,
    );
    this.addSql(
      `alter table "app" add constraint "app_organization_slug_unique" unique ("organization_id", "slug")`,
    );
    this.addSql(
      `create table "app_token" ("id" uuid not null, "app_id" uuid not null, "lookup" text not null, "hash" text not null, "created_at" timestamptz(3) not null, "last_used_at" timestamptz(3) null, "expires_at" timestamptz(3) null, "revoked_at" timestamptz(3) null, primary key ("id"))`,
    );
    this.addSql(`create index "app_token_app_id_index" on "app_token" ("app_id")`);
    this.addSql(`alter table "app_token" add constraint "app_token_lookup_unique" unique ("lookup")`);
    this.addSql(
      `create table "agent" ("id" uuid not null, "organization_id" uuid not null, "slug" text not null, "name" text not null, "description" text not null default '', "created_at" timestamptz(3) not null, "deactivated_at" timestamptz(3) null, "last_connected_at" timestamptz(3) null, "timeout_seconds" int not null default 120, "max_seconds" int not null default 3600, "queue_seconds" int not null default 86400, "max_in_flight" int not null default 64, "home_node" text null, "home_epoch" bigint null, primary key ("id"))`,
    );
    this.addSql(
      `alter table "agent" add constraint "agent_organization_slug_unique" unique ("organization_id", "slug")`,
    );
    this.addSql(
      `create table "allowlist_entry" ("agent_id" uuid not null, "app_id" uuid not null, "created_at" timestamptz(3) not null, primary key ("agent_id", "app_id"))`,
    );
    this.addSql(`create index "allowlist_entry_app_id_index" on "allowlist_entry" ("app_id")`);
    this.addSql(
      `create table "agent_token" ("id" uuid not null, "agent_id" uuid not null, "lookup" text not null, "hash" text not null, "created_at" timestamptz(3) not null, "last_used_at" timestamptz(3) null, "expires_at" timestamptz(3) null, "revoked_at" timestamptz(3) null, primary key ("id"))`,
    );
    this.addSql(`create index "agent_token_agent_id_index" on "agent_token" ("agent_id")`);
    this.addSql(`alter table "agent_token" add constraint "agent_token_lookup_unique" unique ("lookup")`);
    this.addSql(
      `create table "rollup" ("organization_id" uuid not null, "minute" timestamptz(0) not null, "app_id" uuid not null, "agent_id" uuid not null, "status" text not null, "bucket" smallint not null, "count" int not null, primary key ("organization_id", "minute", "app_id", "agent_id", "status", "bucket"))`,
    );
    this.addSql(
      `alter table "rollup" add constraint "rollup_status_check" check ("status" in ('delivered', 'failed', 'rejected'))`,
    );
    this.addSql(
      `create table "user_account" ("id" uuid not null, "email" text not null, "created_at" timestamptz(3) not null, primary key ("id"))`,
    );
    this.addSql(`alter table "user_account" add constraint "user_account_email_unique" unique ("email")`);
    this.addSql(
      `create table "session" ("id" uuid not null, "id_hash" text not null, "user_id" uuid not null, "created_at" timestamptz(3) not null, "last_used_at" timestamptz(3) not null, "expires_at" timestamptz(3) not null, "revoked_at" timestamptz(3) null, "user_agent" text null, "address" text null, primary key ("id"))`,
    );
    this.addSql(`alter table "session" add constraint "session_id_hash_unique" unique ("id_hash")`);
    this.addSql(`create index "session_user_id_index" on "session" ("user_id")`);
    this.addSql(`create index "session_expires_at_index" on "session" ("expires_at")`);
    this.addSql(
      `create table "membership" ("id" uuid not null, "organization_id" uuid not null, "user_id" uuid not null, "role" text not null, "created_at" timestamptz(3) not null, primary key ("id"))`,
    );
    this.addSql(`create index "membership_user_id_index" on "membership" ("user_id")`);
    this.addSql(
      `alter table "membership" add constraint "membership_organization_user_unique" unique ("organization_id", "user_id")`,
    );
    this.addSql(
      `alter table "membership" add constraint "membership_role_check" check ("role" in ('owner', 'member'))`,
    );
    this.addSql(
      `create table "api_key" ("id" uuid not null, "organization_id" uuid not null, "created_by_id" uuid not null, "name" text not null, "lookup" text not null, "hash" text not null, "created_at" timestamptz(3) not null, "last_used_at" timestamptz(3) null, "expires_at" timestamptz(3) null, "revoked_at" timestamptz(3) null, primary key ("id"))`,
    );
    this.addSql(`create index "api_key_organization_id_index" on "api_key" ("organization_id")`);
    this.addSql(`create index "api_key_created_by_id_index" on "api_key" ("created_by_id")`);
    this.addSql(`alter table "api_key" add constraint "api_key_lookup_unique" unique ("lookup")`);
    this.addSql(
      `alter table "app" add constraint "app_organization_id_foreign" foreign key ("organization_id") references "organization" ("id")`,
    );
    this.addSql(
      `alter table "app_token" add constraint "app_token_app_id_foreign" foreign key ("app_id") references "app" ("id")`,
    );
    this.addSql(
      `alter table "agent" add constraint "agent_organization_id_foreign" foreign key ("organization_id") references "organization" ("id")`,
    );
    this.addSql(
      `alter table "allowlist_entry" add constraint "allowlist_entry_agent_id_foreign" foreign key ("agent_id") references "agent" ("id") on update cascade on delete cascade`,
    );
    this.addSql(
      `alter table "allowlist_entry" add constraint "allowlist_entry_app_id_foreign" foreign key ("app_id") references "app" ("id") on update cascade on delete cascade`,
    );
    this.addSql(
      `alter table "agent_token" add constraint "agent_token_agent_id_foreign" foreign key ("agent_id") references "agent" ("id")`,
    );
    this.addSql(
      `alter table "session" add constraint "session_user_id_foreign" foreign key ("user_id") references "user_account" ("id")`,
    );
    this.addSql(
      `alter table "membership" add constraint "membership_organization_id_foreign" foreign key ("organization_id") references "organization" ("id")`,
    );
    this.addSql(
      `alter table "membership" add constraint "membership_user_id_foreign" foreign key ("user_id") references "user_account" ("id")`,
    );
    this.addSql(
      `alter table "api_key" add constraint "api_key_organization_id_foreign" foreign key ("organization_id") references "organization" ("id")`,
    );
    this.addSql(
      `alter table "api_key" add constraint "api_key_created_by_id_foreign" foreign key ("created_by_id") references "user_account" ("id")`,
    );
  }
}
