import Download from 'lucide-solid/icons/download';

/** Saves a file of this machine's own making. */
export function saveFile(name: string, parts: BlobPart[], type: string): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(new Blob(parts, { type }));
  link.download = name;
  link.click();
  URL.revokeObjectURL(link.href);
}

interface DownloadButtonProps {
  text: string;
  /** What is saved, for the accessible name: "Download payload". */
  what: string;
  file: string;
  type: string;
}

export function DownloadButton(props: DownloadButtonProps) {
  const label = () => `Download ${props.what}`;
  return (
    <button
      type="button"
      aria-label={label()}
      title={label()}
      onClick={() => saveFile(props.file, [props.text], props.type)}
      class="inline-flex size-7 shrink-0 items-center justify-center rounded-md border border-line-strong bg-panel text-ink-2 hover:bg-hover hover:text-ink"
    >
      <Download class="size-3.5" aria-hidden="true" />
    </button>
  );
}
