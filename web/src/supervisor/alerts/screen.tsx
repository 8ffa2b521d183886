import type { JSX } from "preact";
import type { Alert } from "../../sdk/index.ts";
import { isOn } from "../../sdk/index.ts";
import { askForNotifications } from "../../ui/alerts/notification";
import { Button } from "../../ui/button";
import { Check } from "../../ui/fields";
import { Foreign } from "../../ui/foreign";
import { formatDuration, formatTime } from "../../ui/format";
import { Badge, Baton, type Meaning } from "../../ui/marks";
import { notificationsOn } from "../../ui/preferences";
import { Empty } from "../../ui/states";
import { f } from "../../ui/texts/floor";
import { w } from "../../ui/texts/work";
import { Age } from "../../ui/time";
import { useDashboard } from "../dashboard";
import { Flags } from "../wallboard/flags";
import { alertSound } from "./bell";
import type { Thing } from "./things";
import { alertHref, alertWords, shortId, thresholdWords } from "./words";

/** What calls for a supervisor: what is so now, what was, and by which thresholds. */
export function AlertsScreen(): JSX.Element {
  const { alertBoard } = useDashboard();
  const things = alertBoard.things.value;
  const isNow = ({ latest }: Thing): boolean => isOn(latest) || (latest.cleared_at_ms === undefined && latest.type !== "threshold_crossed" && !alertBoard.seen.value.has(latest.id));
  const now = things.filter(isNow);
  const over = things.filter((thing) => !isNow(thing));
  return (
    <div class="alerts-page" data-testid="alerts">
      <header class="screen-head">
        <h1>{f.screenNames.alerts}</h1>
        <span class="soft" role="status">{w.alertsIn(now.length)}</span>
        <span class="spring" />
        <Consent />
        {alertBoard.unseen.value.length > 0 && <Button testid="see-all" onPress={() => alertBoard.see(alertBoard.unseen.value)}>{w.acknowledgeAll}</Button>}
      </header>
      <div class="board">
        <section class="panel" aria-label={w.alertsNow}>
          {now.length === 0 ? <Empty title={w.noAlerts}>{w.noAlertsAdvice}</Empty> : <ul class="alert-list" data-testid="alerts-now">{now.map((thing) => <Row key={thing.key} thing={thing} />)}</ul>}
          {alertBoard.untold.value > 0 && <p class="soft" data-testid="untold">{w.untold(alertBoard.untold.value)}</p>}
          {over.length > 0 && <><h2>{w.alertsOver}</h2><ul class="alert-list" data-testid="alerts-over">{over.map((thing) => <Row key={thing.key} thing={thing} />)}</ul></>}
        </section>
        <div class="aside"><Flags /><Thresholds /></div>
      </div>
    </div>
  );
}

function Consent(): JSX.Element {
  const { alertBell } = useDashboard();
  return (
    <span class="actions">
      <Check label={w.alertSound} value={alertSound.value} testid="alert-sound" onChange={(isOn) => void alertBell.switchSound(isOn)} />
      <Check label={w.alertNotify} value={notificationsOn.value} testid="alert-notify" onChange={(isOn) => void (isOn ? askForNotifications() : (notificationsOn.value = false))} />
    </span>
  );
}

function meaningOf(alert: Alert): Meaning {
  if (alert.cleared_at_ms !== undefined) return "waits";
  return alert.type === "target_warned" ? "soon" : "late";
}

function Row({ thing }: { thing: Thing }): JSX.Element {
  const { alertBoard, configuration } = useDashboard();
  const { latest: alert, times, sinceMs } = thing;
  const { id, at_ms, cleared_at_ms, queue, case: one, agent } = alert;
  const isSeen = alertBoard.seen.value.has(id);
  return (
    <li class="alert" data-testid="alert" data-type={alert.type}>
      <Baton meaning={meaningOf(alert)} />
      <div class="told">
        <a href={alertHref(alert)} class="foreign" data-testid="alert-link">{alertWords(alert, configuration.rules?.alerts?.[alert.alert ?? ""])}</a>
        <p class="soft">
          {one && <><CaseWords id={one} /> · </>}{agent && <><AgentName id={agent} /> · </>}{queue && <><span class="foreign">{w.aboutQueue(queue)}</span> · </>}<Age since={at_ms} />
          {times > 1 && <span data-testid="alert-times"> · {w.toldTimes(times, formatTime(sinceMs))}</span>}
          {cleared_at_ms !== undefined && ` · ${w.cleared(formatDuration(cleared_at_ms - at_ms))}`}
        </p>
      </div>
      {cleared_at_ms === undefined && (isSeen ? <Badge>{w.acknowledged}</Badge> : <Button kind="quiet" testid="see" onPress={() => alertBoard.see([thing])}>{w.acknowledge}</Button>)}
    </li>
  );
}

/** What the Cases screen shows of it; its id in short where no more is known. */
function CaseWords({ id }: { id: string }): JSX.Element {
  const card = useDashboard().cards.of(id);
  const words = [card?.subject, card?.customer].filter((text): text is string => !!text);
  return words.length > 0 ? <>{words.map((text, index) => <>{index > 0 && ", "}<Foreign text={text} /></>)}</> : <span title={id}><Foreign text={shortId(id)} /></span>;
}

function AgentName({ id }: { id: string }): JSX.Element {
  const { floor } = useDashboard();
  void floor.agents.value; // who comes later has a name then
  return <Foreign text={floor.agent(id)?.state.value.name || id} />;
}

function Thresholds(): JSX.Element {
  const { configuration } = useDashboard();
  const all = Object.entries(configuration.rules?.alerts ?? {});
  return (
    <section class="panel thresholds" aria-labelledby="thresholds" data-testid="thresholds">
      <h2 id="thresholds">{w.thresholds}</h2>
      {all.length === 0 ? <p class="soft">{w.noThresholds}</p> : <dl>{all.map(([name, threshold]) => <div key={name}><dt class="foreign">{name}</dt><dd>{thresholdWords(threshold)}</dd></div>)}</dl>}
      {all.length > 0 && <p class="soft">{w.thresholdsRule}</p>}
    </section>
  );
}
