import type { Role } from '../../api/generated/graphql.ts';
import { Field } from '../../ui/field.tsx';
import { Select } from '../../ui/select.tsx';

export function RoleField(props: { role: Role; onChange: (role: Role) => void }) {
  return (
    <Field label="Role">
      {(ids) => (
        <Select
          id={ids.id}
          label="Role"
          value={props.role}
          onChange={(role) => props.onChange(role as Role)}
          options={[
            { value: 'MEMBER', label: 'Member: can read everything' },
            { value: 'OWNER', label: 'Owner: can change everything' },
          ]}
        />
      )}
    </Field>
  );
}
