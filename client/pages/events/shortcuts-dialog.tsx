import { For } from 'solid-js';
import { Dialog } from '../../ui/dialog.tsx';
import { Kbd } from '../../ui/kbd.tsx';

const shortcuts: [keys: string[], what: string][] = [
  [['j'], 'Next event'],
  [['k'], 'Previous event'],
  [['Enter'], 'Open the event; once more, go into it'],
  [['Esc'], 'Close the event'],
  [['/'], 'Search payload and reply'],
  [['l'], 'Live updates on or off'],
  [['Ctrl', 'K'], 'Go anywhere (⌘ K on a Mac)'],
  [['?'], 'This help'],
];

export function ShortcutsDialog(props: { open: boolean; onClose: () => void }) {
  return (
    <Dialog open={props.open} onClose={() => props.onClose()} title="Keyboard shortcuts">
      <dl class="flex flex-col gap-2">
        <For each={shortcuts}>
          {([keys, what]) => (
            <div class="flex items-center justify-between gap-4">
              <dt class="text-ink-2">{what}</dt>
              <dd class="flex gap-1">
                <For each={keys}>{(key) => <Kbd>{key}</Kbd>}</For>
              </dd>
            </div>
          )}
        </For>
      </dl>
    </Dialog>
  );
}
