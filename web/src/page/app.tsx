import type { JSX } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { Desk } from "./desk";
import { Header } from "./header";
import type { Notices } from "../ui/notices";
import { Offers } from "./offers";
import { Queues } from "./queues";
import { isAtTheDoor, session, workplace } from "./session";
import { SignIn } from "./sign-in";
import type { Ended, Workplace } from "./workplace";

export function App(): JSX.Element {
  const work = workplace.value;
  return work && !isAtTheDoor.value ? <Work work={work} key={work} /> : <SignIn />;
}

function Work({ work }: { work: Workplace }): JSX.Element {
  const connected = work.state.value === "connected";
  const known = work.view.value.agent !== null;
  return (
    <>
      <Header work={work} />
      <Banner work={work} />
      <main>
        {known && (
          // Nothing can be sent without a connection, so nothing can be pressed.
          <fieldset class="bare" disabled={!connected}>
            <Offers work={work} />
            <Desk work={work} />
            <Queues work={work} />
          </fieldset>
        )}
      </main>
      <NoticeBar notices={work.notices} />
    </>
  );
}

const ENDED: Readonly<Record<number, string>> = {
  4401: "Session ended. Please sign in again.",
  4403: "Session ended: this account may not work here.",
  4404: "Session ended: there is no such workspace.",
  4400: "The server did not understand this page. Please reload it.",
  4406: "The server has been updated. Please reload this page.",
  4429: "Too many commands at once. Please connect again.",
};

function Banner({ work }: { work: Workplace }): JSX.Element | null {
  const ended = work.ended.value;
  if (ended) return <EndedBanner work={work} ended={ended} />;
  if (work.state.value === "connecting" && work.crowded.value) {
    return (
      <div class="banner warning" role="status" data-testid="banner">
        <span>This account is open in too many tabs. Close one, and this one connects.</span>
        <button type="button" data-testid="retry-now" onClick={() => work.client.retryNow()}>Retry now</button>
      </div>
    );
  }
  // The first attempt is no interruption; the header says that it is under way.
  if (work.state.value === "connecting" && work.view.value.agent) {
    return (
      <div class="banner warning" role="status" data-testid="banner">
        <span>Connection lost, reconnecting…</span>
        <button type="button" data-testid="retry-now" onClick={() => work.client.retryNow()}>Retry now</button>
      </div>
    );
  }
  if (work.away.value.length === 0) return null;
  return (
    <div class="banner" role="status" data-testid="banner">
      <ul>{work.away.value.map((text) => <li key={text}>{text}</li>)}</ul>
      <button type="button" data-testid="banner-dismiss" onClick={() => (work.away.value = [])}>OK</button>
    </div>
  );
}

function EndedBanner({ work, ended }: { work: Workplace; ended: Ended }): JSX.Element {
  const { code, reason } = ended;
  const text = ENDED[code] ?? `Session ended: ${reason}`;
  return (
    <div class="banner warning" role="alert" data-testid="banner">
      <span>{text}</span>
      {code === 4429 && <button type="button" data-testid="retry-now" onClick={() => work.connect()}>Connect again</button>}
      {(code === 4400 || code === 4406) && <button type="button" onClick={() => location.reload()}>Reload</button>}
      {code >= 4401 && code <= 4404 && (
        <button type="button" data-testid="sign-in-again" onClick={() => (session.value = null)}>Sign in</button>
      )}
    </div>
  );
}

/** Below the page, not over it: nothing that one is about to press moves, and nothing is covered. */
function NoticeBar({ notices }: { notices: Notices }): JSX.Element {
  const bar = useRef<HTMLDivElement>(null);
  useEffect(() => {
    notices.isBeingRead = () => bar.current?.matches(":hover, :focus-within") ?? false;
  }, [notices]);
  const shown = notices.shown.value;
  return (
    <div ref={bar} class="notices" role="status">
      {shown.map(({ id, text }) => (
        <p class="notice" data-testid="notice" key={id}>
          <span class="foreign">{text}</span>
          <button type="button" aria-label="Dismiss" class="quiet" onClick={() => notices.dismiss(id)}>×</button>
        </p>
      ))}
      {shown.length > 1 && <small class="more" data-testid="more-notices">And {shown.length - 1} more</small>}
    </div>
  );
}
