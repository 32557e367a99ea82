#!/bin/sh
# The GraphQL API with nothing but curl: who am I, what is connected, what happened last.
# RELAY_KEY=rlo_… sh curl.sh     (RELAY_URL is http://localhost:4000 unless set)
set -eu

curl --silent --show-error --fail-with-body "${RELAY_URL:-http://localhost:4000}/graphql" \
  --header "Authorization: Bearer $RELAY_KEY" \
  --header 'Content-Type: application/json' \
  --data '{"query": "{ viewer { organizations { name slug apps { edges { node { appId name active connection { connected lastConnectedAt } } } } events(first: 3) { edges { node { eventId status latencyMs } } } } } }"}'
echo
