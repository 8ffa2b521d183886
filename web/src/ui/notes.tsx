import type { ComponentChildren, JSX } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { IconButton } from "./button";
import { Baton, type Meaning } from "./marks";
import type { Notices } from "./notices";
import { t } from "./texts/basic";
import { now, onTick } from "./ticker";

// While the page is hidden nothing ticks, and nothing is read: that time does not count.
const MOST_PASSED_MS = 1_000;

/** What was said in passing: below the page, not over it. Nothing that one is about to press moves, nothing is covered. */
export function NoticeBar({ notices }: { notices: Notices }): JSX.Element {
  const bar = useRef<HTMLDivElement>(null);
  useEffect(() => {
    notices.isBeingRead = () => bar.current?.matches(":hover, :focus-within") ?? false;
    let last = now();
    return onTick((at) => {
      notices.pass(Math.min(Math.max(0, at - last), MOST_PASSED_MS));
      last = at;
    });
  }, [notices]);
  const shown = notices.shown.value;
  return (
    <div ref={bar} class="notices" role="status" data-testid="notices">
      {shown.map(({ id, text }) => (
        <div class="notice" data-testid="notice" key={id}>
          <Baton meaning="act" />
          <p class="says foreign">{text}</p>
          <IconButton icon="close" label={t.dismiss} onPress={() => notices.dismiss(id)} />
        </div>
      ))}
      {shown.length > 1 && <p class="more" data-testid="more-notices">{t.moreNotices(shown.length - 1)}</p>}
    </div>
  );
}

interface BannerProps {
  meaning: Meaning;
  /** Read out at once; otherwise when the reader pauses. Only for what ends the work. */
  isUrgent?: boolean;
  testid?: string;
  /** Buttons. */
  actions?: ComponentChildren;
  children: ComponentChildren;
}

/** How things stand with the whole page, above it, for as long as they do. */
export function Banner({ meaning, isUrgent, testid = "banner", actions, children }: BannerProps): JSX.Element {
  return (
    <div class={`banner mark-${meaning}`} role={isUrgent ? "alert" : "status"} data-testid={testid}>
      <Baton meaning={meaning} />
      <div class="says">{children}</div>
      {actions}
    </div>
  );
}
