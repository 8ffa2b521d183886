import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import type { AgentState } from "../sdk/index";
import { Icon } from "../ui/icons";
import { StatusDot } from "../ui/marks";
import { Menu, MenuItem, MenuRule } from "../ui/menu";
import { shortcutsOn } from "../ui/preferences";
import { a } from "../ui/texts/agent";
import { Clock } from "../ui/time";
import { channelsOf } from "./channels";
import { ChannelsDialog } from "./late-parts";
import { statusName } from "./words";
import type { Work } from "./work";

/** What an agent may choose, in the order of the menu and of Alt+1 to 9. */
export function choices(work: Work): readonly string[] {
  return ["online", "busy", "offline", ...(work.snapshot.value?.statuses ?? []).map(({ status }) => status)];
}

/** Choose one; the press that goes online lets the page make sounds from now on. */
export function choose(work: Work, status: string, options?: { next?: boolean; channels?: readonly string[] }): Promise<boolean> {
  void work.alerts.value?.bell.unlock();
  return work.attempt(work.agent.setStatus(status, options));
}

export function StatusMenu({ work, me }: { work: Work; me: AgentState }): JSX.Element {
  const isNarrowing = useSignal(false);
  const statuses = choices(work);
  const kinds = new Map(work.snapshot.value?.statuses.map(({ status, kind }) => [status, kind]));
  const kindOf = (status: string) => kinds.get(status) ?? (status as AgentState["status"]);
  const channels = Object.keys(channelsOf(work.snapshot.value));
  const label = (
    <>
      <StatusDot status={me.status}>{statusName(me.label)}</StatusDot>
      {me.status_at_ms !== undefined && <Clock since={me.status_at_ms} class="soft" testid="time-in-status" />}
      <Icon name="down" />
    </>
  );
  return (
    <>
      <Menu label={label} class="button status-menu" disabled={work.link.state.value !== "connected"} testid="status-menu">
        {statuses.map((status, place) => (
          <MenuItem key={status} checked={status === me.label} testid={`status-${status}`} end={shortcutsOn.value && place < 9 && <kbd>{a.altKey(place + 1)}</kbd>}
            onPress={() => void choose(work, status)}>
            <StatusDot status={kindOf(status)}>{statusName(status)}</StatusDot>
          </MenuItem>
        ))}
        {me.held_primary > 0 && (
          <div role="group" aria-label={a.whenDone}>
            <MenuRule />
            <p class="menu-head" aria-hidden="true">{a.whenDone}</p>
            {statuses.filter((status) => kindOf(status) !== "online").map((status) => (
              <MenuItem key={status} checked={status === me.next_status} testid={`next-${status}`} onPress={() => void choose(work, status, { next: true })}>
                <StatusDot status={kindOf(status)}>{statusName(status)}</StatusDot>
              </MenuItem>
            ))}
          </div>
        )}
        {me.status === "online" && channels.length > 1 && (
          <>
            <MenuRule />
            <MenuItem testid="narrow" onPress={() => (isNarrowing.value = true)}>{a.chooseChannels}</MenuItem>
          </>
        )}
      </Menu>
      {isNarrowing.value && (
        <ChannelsDialog me={me} channels={channels} onClose={() => (isNarrowing.value = false)} onConfirm={(chosen) => void choose(work, me.label, chosen ? { channels: chosen } : {})} />
      )}
    </>
  );
}
