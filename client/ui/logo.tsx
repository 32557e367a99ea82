/** Two ends and what joins them: one speaks, the other listens. */
export function Logo() {
  return (
    <svg viewBox="0 0 32 32" class="size-6 shrink-0" role="img" aria-label="Relay">
      <rect width="32" height="32" rx="8" class="fill-accent" />
      <circle cx="9.5" cy="16" r="3.5" fill="#fff" />
      <circle cx="22.5" cy="16" r="3.5" fill="none" stroke="#fff" stroke-width="2.4" />
      <path d="M13 16h6" stroke="#fff" stroke-width="2.4" stroke-linecap="round" />
    </svg>
  );
}
