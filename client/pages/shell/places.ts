import Bot from 'lucide-solid/icons/bot';
import Boxes from 'lucide-solid/icons/boxes';
import FileClock from 'lucide-solid/icons/file-clock';
import LayoutDashboard from 'lucide-solid/icons/layout-dashboard';
import ScrollText from 'lucide-solid/icons/scroll-text';
import Settings from 'lucide-solid/icons/settings';
import SquareTerminal from 'lucide-solid/icons/square-terminal';
import Users from 'lucide-solid/icons/users';

/** The pages of an organisation, in the order of the sidebar. */
export const places = [
  { path: '', label: 'Overview', icon: LayoutDashboard },
  { path: '/apps', label: 'Apps', icon: Boxes },
  { path: '/agents', label: 'Agents', icon: Bot },
  { path: '/events', label: 'Event logs', icon: ScrollText },
  { path: '/console', label: 'Console', icon: SquareTerminal },
  { path: '/members', label: 'Members', icon: Users },
  { path: '/audit', label: 'Audit log', icon: FileClock },
  { path: '/settings', label: 'Settings', icon: Settings },
];
