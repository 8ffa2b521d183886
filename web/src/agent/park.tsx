import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { formatDate } from "../ui/format";
import { Icon } from "../ui/icons";
import { Menu, MenuItem, MenuRule } from "../ui/menu";
import { c } from "../ui/texts/case";
import { MINUTE, tomorrowAtNine } from "./instants";
import { WakeDialog } from "./late-parts";
import type { Work } from "./work";

interface ParkMenuProps {
  work: Work;
  disabled: boolean;
  /** Without an instant it rests until somebody resumes it or the customer does something. */
  onPark: (wakeAtMs?: number) => void;
}

/** Lay it aside until then. */
export function ParkMenu({ work, disabled, onPark }: ParkMenuProps): JSX.Element {
  const isChoosing = useSignal(false);
  const now = (): number => work.client.time.now();
  return (
    <>
      <Menu label={<><Icon name="park" /> {c.park} <Icon name="down" /></>} disabled={disabled} testid="case-park">
        <MenuItem testid="park-15" onPress={() => onPark(now() + 15 * MINUTE)}>{c.in15Minutes}</MenuItem>
        <MenuItem testid="park-60" onPress={() => onPark(now() + 60 * MINUTE)}>{c.inAnHour}</MenuItem>
        <MenuItem testid="park-tomorrow" end={formatDate(tomorrowAtNine(new Date(now())))} onPress={() => onPark(tomorrowAtNine(new Date(now())))}>{c.tomorrow}</MenuItem>
        <MenuItem testid="park-choose" onPress={() => (isChoosing.value = true)}>{c.atAnotherTime}</MenuItem>
        <MenuRule />
        <MenuItem testid="park-open" onPress={() => onPark()}>{c.untilResumed}</MenuItem>
      </Menu>
      {isChoosing.value && <WakeDialog atMs={now() + 60 * MINUTE} onClose={() => (isChoosing.value = false)} onConfirm={onPark} />}
    </>
  );
}
