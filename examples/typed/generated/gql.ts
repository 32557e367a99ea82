/* eslint-disable */
import * as types from './graphql.ts';
import type { TypedDocumentNode as DocumentNode } from '@graphql-typed-document-node/core';

/**
 * Map of all GraphQL operations in the project.
 *
 * This map has several performance disadvantages:
 * 1. It is not tree-shakeable, so it will include all operations in the project.
 * 2. It is not minifiable, so the string of a GraphQL query will be multiple times inside the bundle.
 * 3. It does not support dead code elimination, so it will add unused operations.
 *
 * Therefore it is highly recommended to use the babel or swc plugin for production.
 * Learn more about it here: https://the-guild.dev/graphql/codegen/plugins/presets/preset-client#reducing-bundle-size
 */
type Documents = {
    "query Organization {\n  viewer {\n    organizations {\n      id\n      slug\n    }\n  }\n}\n\nmutation RegisterApp($input: RegisterAppInput!) {\n  registerApp(input: $input) {\n    __typename\n    ... on RegisterAppSuccess {\n      token\n      app {\n        appId\n      }\n    }\n    ... on IdTakenError {\n      message\n      suggestion\n    }\n    ... on ValidationError {\n      message\n      fields {\n        field\n        message\n      }\n    }\n    ... on Error {\n      message\n    }\n  }\n}\n\nquery Latest($slug: String!, $status: [EventStatus!]) {\n  organization(slug: $slug) {\n    events(first: 10, filter: {status: $status}) {\n      edges {\n        node {\n          eventId\n          status\n          latencyMs\n          app {\n            appId\n          }\n        }\n      }\n    }\n  }\n}": typeof types.OrganizationDocument,
};
const documents: Documents = {
    "query Organization {\n  viewer {\n    organizations {\n      id\n      slug\n    }\n  }\n}\n\nmutation RegisterApp($input: RegisterAppInput!) {\n  registerApp(input: $input) {\n    __typename\n    ... on RegisterAppSuccess {\n      token\n      app {\n        appId\n      }\n    }\n    ... on IdTakenError {\n      message\n      suggestion\n    }\n    ... on ValidationError {\n      message\n      fields {\n        field\n        message\n      }\n    }\n    ... on Error {\n      message\n    }\n  }\n}\n\nquery Latest($slug: String!, $status: [EventStatus!]) {\n  organization(slug: $slug) {\n    events(first: 10, filter: {status: $status}) {\n      edges {\n        node {\n          eventId\n          status\n          latencyMs\n          app {\n            appId\n          }\n        }\n      }\n    }\n  }\n}": types.OrganizationDocument,
};

/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 *
 *
 * @example
 * ```ts
 * const query = graphql(`query GetUser($id: ID!) { user(id: $id) { name } }`);
 * ```
 *
 * The query argument is unknown!
 * Please regenerate the types.
 */
export function graphql(source: string): unknown;

/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "query Organization {\n  viewer {\n    organizations {\n      id\n      slug\n    }\n  }\n}\n\nmutation RegisterApp($input: RegisterAppInput!) {\n  registerApp(input: $input) {\n    __typename\n    ... on RegisterAppSuccess {\n      token\n      app {\n        appId\n      }\n    }\n    ... on IdTakenError {\n      message\n      suggestion\n    }\n    ... on ValidationError {\n      message\n      fields {\n        field\n        message\n      }\n    }\n    ... on Error {\n      message\n    }\n  }\n}\n\nquery Latest($slug: String!, $status: [EventStatus!]) {\n  organization(slug: $slug) {\n    events(first: 10, filter: {status: $status}) {\n      edges {\n        node {\n          eventId\n          status\n          latencyMs\n          app {\n            appId\n          }\n        }\n      }\n    }\n  }\n}"): (typeof documents)["query Organization {\n  viewer {\n    organizations {\n      id\n      slug\n    }\n  }\n}\n\nmutation RegisterApp($input: RegisterAppInput!) {\n  registerApp(input: $input) {\n    __typename\n    ... on RegisterAppSuccess {\n      token\n      app {\n        appId\n      }\n    }\n    ... on IdTakenError {\n      message\n      suggestion\n    }\n    ... on ValidationError {\n      message\n      fields {\n        field\n        message\n      }\n    }\n    ... on Error {\n      message\n    }\n  }\n}\n\nquery Latest($slug: String!, $status: [EventStatus!]) {\n  organization(slug: $slug) {\n    events(first: 10, filter: {status: $status}) {\n      edges {\n        node {\n          eventId\n          status\n          latencyMs\n          app {\n            appId\n          }\n        }\n      }\n    }\n  }\n}"];

export function graphql(source: string) {
  return (documents as any)[source] ?? {};
}

export type DocumentType<TDocumentNode extends DocumentNode<any, any>> = TDocumentNode extends DocumentNode<  infer TType,  any>  ? TType  : never;