import { Route, Router } from '@solidjs/router';
import { Suspense, lazy } from 'solid-js';
import { render } from 'solid-js/web';
import { SessionProvider } from './api/session.tsx';
import NotFound from './pages/not-found/not-found.tsx';
import { Boundary } from './pages/shell/boundary.tsx';
import { Home } from './pages/shell/home.tsx';
import { Shell } from './pages/shell/shell.tsx';
import './ui/theme.css';
import { Toasts } from './ui/toast.tsx';

const SignIn = lazy(() => import('./pages/sign-in/sign-in.tsx'));
const Welcome = lazy(() => import('./pages/welcome/welcome.tsx'));
const Overview = lazy(() => import('./pages/overview/overview.tsx'));
const Apps = lazy(() => import('./pages/apps/apps.tsx'));
const AppDetail = lazy(() => import('./pages/apps/app-detail.tsx'));
const Agents = lazy(() => import('./pages/agents/agents.tsx'));
const AgentDetail = lazy(() => import('./pages/agents/agent-detail.tsx'));
const EventLogs = lazy(() => import('./pages/events/event-logs.tsx'));
const EventPage = lazy(() => import('./pages/events/event-page.tsx'));
const Console = lazy(() => import('./pages/console/console.tsx'));
const Members = lazy(() => import('./pages/members/members.tsx'));
const AuditLog = lazy(() => import('./pages/audit/audit-log.tsx'));
const Invitation = lazy(() => import('./pages/invitation/invitation.tsx'));
const Settings = lazy(() => import('./pages/settings/settings.tsx'));

const root = document.getElementById('root');
if (!root) throw new Error('index.html has no #root.');

render(
  () => (
    <Router
      root={(props) => (
        <SessionProvider>
          <Boundary>
            <Suspense>{props.children}</Suspense>
          </Boundary>
          <Toasts />
        </SessionProvider>
      )}
    >
      <Route path="/" component={Home} />
      <Route path="/sign-in" component={SignIn} />
      <Route path="/welcome" component={Welcome} />
      <Route path="/invitations/:id" component={Invitation} />
      <Route path="/:org" component={Shell}>
        <Route path="/" component={Overview} />
        <Route path="/apps" component={Apps} />
        <Route path="/apps/:id" component={AppDetail} />
        <Route path="/agents" component={Agents} />
        <Route path="/agents/:id" component={AgentDetail} />
        <Route path="/events" component={EventLogs} />
        <Route path="/events/:id" component={EventPage} />
        <Route path="/console" component={Console} />
        <Route path="/members" component={Members} />
        <Route path="/audit" component={AuditLog} />
        <Route path="/settings" component={Settings} />
        <Route path="*" component={NotFound} />
      </Route>
      <Route path="*" component={NotFound} />
    </Router>
  ),
  root,
);
