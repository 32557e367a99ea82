import type { ASTVisitor, FragmentDefinitionNode, SelectionSetNode, ValidationContext } from 'graphql';
import { GraphQLError, Kind } from 'graphql';

/** Levels of fields below the operation. */
const DEPTH_MAX = 12;
const ALIASES_MAX = 50;
/** The whole schema asked for many times over in one document is a small question with a huge answer. */
const INTROSPECTIONS_MAX = 3;
/** Lexical tokens of a document: refused while it is being parsed, before it can cost anything. */
export const TOKENS_MAX = 5_000;

function refusal(message: string): GraphQLError {
  return new GraphQLError(message, { extensions: { code: 'TOO_COMPLEX' } });
}

/** Introspection is a fixed, deep query over fixed data: it is exempt, so that tools work. */
function isIntrospection(name: string): boolean {
  return name === '__schema' || name === '__type';
}

/**
 * Measures each fragment once, however often it is spread, so that fragments spreading fragments cannot make the
 * measuring itself explode; a cycle, which another rule reports, counts as nothing here.
 */
class Depth {
  readonly #context: ValidationContext;
  readonly #fragments = new Map<string, number>();

  constructor(context: ValidationContext) {
    this.#context = context;
  }

  of(set: SelectionSetNode | undefined): number {
    if (!set) return 0;
    return Math.max(
      ...set.selections.map((selection) => {
        if (selection.kind === Kind.FRAGMENT_SPREAD) return this.#ofFragment(selection.name.value);
        if (selection.kind === Kind.INLINE_FRAGMENT) return this.of(selection.selectionSet);
        return isIntrospection(selection.name.value) ? 0 : 1 + this.of(selection.selectionSet);
      }),
    );
  }

  #ofFragment(name: string): number {
    const known = this.#fragments.get(name);
    if (known !== undefined) return known;
    this.#fragments.set(name, 0);
    const fragment: FragmentDefinitionNode | null | undefined = this.#context.getFragment(name);
    const depth = this.of(fragment?.selectionSet);
    this.#fragments.set(name, depth);
    return depth;
  }
}

/** A validation rule: at most DEPTH_MAX levels. */
export function depthRule(context: ValidationContext): ASTVisitor {
  const depth = new Depth(context);
  return {
    OperationDefinition(operation) {
      if (depth.of(operation.selectionSet) <= DEPTH_MAX) return;
      context.reportError(refusal(`This operation is more than ${DEPTH_MAX} levels deep.`));
    },
  };
}

/** A validation rule: at most ALIASES_MAX aliases in a document. */
export function aliasRule(context: ValidationContext): ASTVisitor {
  let aliases = 0;
  return {
    Field(field) {
      if (field.alias) aliases += 1;
      if (aliases === ALIASES_MAX + 1) {
        context.reportError(refusal(`This document has more than ${ALIASES_MAX} aliases.`));
      }
    },
  };
}

/** A validation rule: at most INTROSPECTIONS_MAX times `__schema` or `__type` in a document. */
export function introspectionRule(context: ValidationContext): ASTVisitor {
  let asked = 0;
  return {
    Field(field) {
      if (isIntrospection(field.name.value)) asked += 1;
      if (asked === INTROSPECTIONS_MAX + 1) {
        context.reportError(
          refusal(`This document asks for the schema more than ${INTROSPECTIONS_MAX} times.`),
        );
      }
    },
  };
}
