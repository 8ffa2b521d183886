import type { ComponentChildren, JSX } from "preact";
import type { Meaning } from "../../ui/marks";
import type { Standing } from "./standing";

const SHAPES: Readonly<Record<Standing, readonly [Meaning, JSX.Element]>> = {
  ready: ["ready", <circle cx="6" cy="6" r="5" />],
  partly: ["ready", <><circle class="hollow" cx="6" cy="6" r="4.2" stroke-width="1.6" /><path d="M6 1.8a4.2 4.2 0 0 0 0 8.4z" /></>],
  full: ["act", <rect x="1" y="1" width="10" height="10" rx="2" />],
  finishing: ["soon", <path d="M1 6a5 5 0 0 0 10 0z" />],
  busy: ["act", <><circle cx="6" cy="6" r="5" /><path class="gap" d="M3.5 6h5" stroke-width="1.8" /></>],
  not_responding: ["late", <path d="M6 .8L11.4 11H.6z" />],
  lost: ["late", <><circle class="hollow" cx="6" cy="6" r="4.2" stroke-width="1.6" /><path class="hollow" d="M2.5 9.5l7-7" stroke-width="1.6" /></>],
  offline: ["waits", <circle class="hollow" cx="6" cy="6" r="4.2" stroke-width="1.6" />],
};

/** How an agent stands to new work: shape, colour and word. */
export function StandingDot({ standing, children }: { standing: Standing; children: ComponentChildren }): JSX.Element {
  const [meaning, shape] = SHAPES[standing];
  return (
    <span class="status" data-standing={standing}>
      <svg class={`dot mark-${meaning}`} viewBox="0 0 12 12" aria-hidden="true">{shape}</svg>
      <span class="clip">{children}</span>
    </span>
  );
}
