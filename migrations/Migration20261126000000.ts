import { Migration } from '@mikro-orm/migrations';

/** What somebody does who is not signed in can be recorded too. */
export class Migration20261126000000 extends Migration {
  override up(): void {
    this.addSql(`alter table "audit_entry" drop constraint "audit_entry_actor_kind_check"`);
    this.addSql(
      `alter table "audit_entry" add constraint "audit_entry_actor_kind_check" check ("actor_kind" in ('person', 'api_key', 'agent', 'command', 'stranger'))`,
    );
  }
}
