import type { ComponentChildren, JSX } from "preact";
import { type Screen, href } from "../route";

interface PlaceLinkProps {
  screen: Screen;
  id: string;
  children: ComponentChildren;
}

/** Leads to a screen about something. */
export function PlaceLink({ screen, id, children }: PlaceLinkProps): JSX.Element {
  return <a href={href(screen, id)} class="place-link clip">{children}</a>;
}
