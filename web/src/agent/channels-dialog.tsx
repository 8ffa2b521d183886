import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import type { AgentState } from "../sdk/index";
import { Dialog } from "../ui/dialog";
import { Check } from "../ui/fields";
import { c } from "../ui/texts/case";
import { statusName } from "./words";

interface ChannelsDialogProps {
  me: AgentState;
  /** All there are. */
  channels: readonly string[];
  onClose: () => void;
  /** Null: all of them. */
  onConfirm: (channels: readonly string[] | null) => void;
}

/** Which channels one takes offers of, within the present status. */
export function ChannelsDialog({ me, channels, onClose, onConfirm }: ChannelsDialogProps): JSX.Element {
  const taken = useSignal<ReadonlySet<string>>(new Set(me.channels.includes("*") ? channels : me.channels));
  function set(channel: string, isTaken: boolean): void {
    const chosen = new Set(taken.value);
    if (isTaken) chosen.add(channel);
    else chosen.delete(channel);
    taken.value = chosen;
  }
  const chosen = channels.filter((channel) => taken.value.has(channel));
  return (
    <Dialog title={c.channelsOf(statusName(me.label))} confirm={c.take} onClose={onClose} onConfirm={() => onConfirm(chosen.length === channels.length ? null : chosen)}>
      <fieldset class="choices">
        <legend>{c.offersOf}</legend>
        {channels.map((channel) => (
          <Check key={channel} label={channel} value={taken.value.has(channel)} testid={`channel-${channel}`} onChange={(isTaken) => set(channel, isTaken)} />
        ))}
      </fieldset>
    </Dialog>
  );
}
