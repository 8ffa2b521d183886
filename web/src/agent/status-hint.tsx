import type { JSX } from "preact";
import type { AgentState } from "../sdk/index";
import { Button } from "../ui/button";
import { formatList } from "../ui/format";
import { Banner } from "../ui/notes";
import { a } from "../ui/texts/agent";
import { c } from "../ui/texts/case";
import { imposed } from "./sentences";
import { choose } from "./status-menu";
import { statusName } from "./words";
import type { Work } from "./work";

/** What the status means for the work, where it is not plain: who set it, what comes next, what is not offered. */
export function StatusHint({ work, me }: { work: Work; me: AgentState }): JSX.Element | null {
  const disabled = work.link.state.value !== "connected";
  const why = imposed(me);
  if (why !== null) {
    const back = (
      <Button kind="act" testid="undo-status" disabled={disabled} onPress={() => work.attempt(work.agent.undoStatus())}>
        {me.label_before ? c.backTo(statusName(me.label_before)) : a.back}
      </Button>
    );
    return <Banner meaning="soon" isUrgent testid="status-hint" actions={back}>{why} {me.status !== "online" && c.nothingIsOffered}</Banner>;
  }
  if (me.next_status !== "") {
    const stay = <Button testid="stay" disabled={disabled} onPress={() => choose(work, me.label)}>{c.stay(statusName(me.label))}</Button>;
    return <Banner meaning="waits" testid="status-hint" actions={stay}>{c.nextStatus(statusName(me.next_status))}</Banner>;
  }
  if (me.status === "offline") {
    const goOnline = <Button kind="act" testid="go-online" disabled={disabled} onPress={() => choose(work, "online")}>{c.goOnline}</Button>;
    return <Banner meaning="waits" testid="status-hint" actions={goOnline}>{c.youAreOffline}</Banner>;
  }
  if (me.status !== "online" || me.channels.includes("*") || !isNarrowed(work, me)) return null;
  const all = <Button testid="all-channels" disabled={disabled} onPress={() => choose(work, me.label)}>{c.allChannels}</Button>;
  return <Banner meaning="waits" testid="status-hint" actions={all}>{c.onlyChannels(formatList(me.channels))}</Banner>;
}

// A configured status may take less than all by itself; only a choice beyond that can be taken back.
function isNarrowed(work: Work, me: AgentState): boolean {
  return !(work.snapshot.value?.statuses ?? []).some(({ status }) => status === me.label);
}
