import type { ComponentChildren, JSX } from "preact";
import { formatNumber } from "../../ui/format";
import { Badge } from "../../ui/marks";
import { t } from "../../ui/texts";
import { f } from "../../ui/texts/floor";
import { w } from "../../ui/texts/work";
import { useDashboard } from "../dashboard";
import { Icon } from "../../ui/icons";
import { Menu, MenuItem } from "../../ui/menu";
import { type Screen, go, href, route } from "../route";
import { ScreenIcon } from "./screen-icon";
import { FIRST, LISTED, SCREENS } from "./screens";

/** The list of screens: at the side of a wide page; above a narrow one the first of them, and the rest behind "More". */
export function Rail({ account, children }: { account: ComponentChildren; children: ComponentChildren }): JSX.Element {
  const { screen } = route.value;
  const current = SCREENS[screen].under ?? screen;
  return (
    <header class="rail">
      {children}
      <p class="brand"><span class="baton mark-act" aria-hidden="true" />{t.appName}</p>
      <nav aria-label={f.screens}>
        {LISTED.map((each) => (
          <a key={each} href={href(each)} class={FIRST.has(each) ? "place" : "place second"} aria-current={each === current ? "page" : undefined} data-testid={`go-${each}`}>
            <ScreenIcon screen={each} />
            <span class="clip">{f.screenNames[each]}</span>
            <Count screen={each} />
          </a>
        ))}
        <More current={current} />
      </nav>
      {account}
    </header>
  );
}

/** What a narrow page does not list beside the others. Its button says where one is when it is one of these. */
function More({ current }: { current: Screen }): JSX.Element {
  const second = LISTED.filter((each) => !FIRST.has(each));
  const here = second.find((each) => each === current);
  const word = here ? (f.shortScreenNames[here] ?? f.screenNames[here]) : f.moreScreens;
  return (
    <Menu class={here ? "place more here" : "place more"} {...(here && { name: f.moreBesides(word) })} testid="more-screens"
      label={<>{here ? <ScreenIcon screen={here} /> : <Icon name="more" />}<span class="clip">{word}</span></>}>
      {second.map((each) => <MenuItem key={each} checked={each === here} testid={`more-${each}`} onPress={() => go(each)}><ScreenIcon screen={each} />{f.screenNames[each]}</MenuItem>)}
    </Menu>
  );
}

/** What calls for somebody there. */
function Count({ screen }: { screen: Screen }): JSX.Element | null {
  const { floor, alertBoard } = useDashboard();
  const alerts = screen === "alerts" ? alertBoard.unseen.value.length : 0;
  if (alerts > 0) return <Badge meaning="late" title={w.alertsIn(alerts)} testid="alert-count">{formatNumber(alerts)}</Badge>;
  const flags = screen === "agents" ? floor.flags.value.length : 0;
  return flags > 0 ? <Badge meaning="soon" title={f.flagsHead}>{formatNumber(flags)}</Badge> : null;
}
