import type { JSX } from "preact";
import { ConnectionEnded } from "../sdk/index";
import { Button } from "../ui/button";
import { Banner } from "../ui/notes";
import { codes, t } from "../ui/texts";
import { d } from "../ui/texts/door";
import { LiveText } from "../ui/time";
import type { Link } from "./link";

const TOO_FAST = 4429;
const RELOADED: ReadonlySet<number> = new Set([1002, 4400, 4406]);

interface ConnectionBannerProps {
  link: Link;
  /** Back to the form: the session is over. */
  onSignIn: () => void;
}

/** How the connection stands, above the page, while it does not stand well. */
export function ConnectionBanner({ link, onSignIn }: ConnectionBannerProps): JSX.Element | null {
  if (link.ended.value) return <EndedBanner link={link} onSignIn={onSignIn} />;
  const isConnecting = link.state.value === "connecting";
  const retry = <Button testid="retry-now" onPress={() => link.retryNow()}>{t.retryNow}</Button>;
  if (isConnecting && link.isCrowded.value) return <Banner meaning="late" actions={retry}>{t.tooManyTabs}</Banner>;
  // The first attempt is no interruption; the page says that it is under way.
  if (isConnecting && link.wasThere.value) {
    const [meaning, says] = RECONNECTING[link.restart.state.value];
    return <Banner meaning={meaning} actions={retry}><Reconnecting says={says} atMs={link.retryAtMs.value} /></Banner>;
  }
  return link.restart.state.value === "announced" ? <Banner meaning="waits">{t.draining}</Banner> : null;
}

// A restart that was announced is no accident, unless nobody comes back.
const RECONNECTING = { none: ["soon", t.reconnecting], announced: ["waits", d.restarting], overdue: ["late", d.stillAway] } as const;

// The seconds are for eyes: read out, they would never end.
function Reconnecting({ says, atMs }: { says: string; atMs: number | null }): JSX.Element {
  return (
    <>
      {says}{" "}
      <span class="soft" aria-hidden="true">
        <LiveText of={atMs} read={(now) => (atMs !== null && atMs > now ? d.nextAttemptIn(Math.ceil((atMs - now) / 1_000)) : "")} />
      </span>
    </>
  );
}

function EndedBanner({ link, onSignIn }: ConnectionBannerProps): JSX.Element {
  const ended = link.ended.value!;
  const code = ended instanceof ConnectionEnded ? ended.closeCode : 0;
  const says = (codes.closes as Readonly<Record<number, string>>)[code] ?? t.sessionEnded(ended instanceof ConnectionEnded ? ended.reason : ended.detail);
  const reload = <Button onPress={() => location.reload()} testid="reload">{t.reload}</Button>;
  const again = <Button kind="act" testid="retry-now" onPress={() => link.open()}>{t.connectAgain}</Button>;
  const signIn = <Button kind="act" testid="sign-in-again" onPress={onSignIn}>{t.signIn}</Button>;
  const action = RELOADED.has(code) ? reload : code === TOO_FAST ? again : signIn;
  return <Banner meaning="late" isUrgent actions={action}>{says}</Banner>;
}
