import type { ComponentChildren, JSX } from "preact";
import { type Screen, href } from "../route";
import { SCREENS } from "./screens";

interface PlaceLinkProps {
  screen: Screen;
  id: string;
  children: ComponentChildren;
}

/** Leads to a screen about something; where this build has none, it only says it. */
export function PlaceLink({ screen, id, children }: PlaceLinkProps): JSX.Element {
  return SCREENS[screen] ? <a href={href(screen, id)} class="place-link clip">{children}</a> : <span class="place-link clip">{children}</span>;
}
