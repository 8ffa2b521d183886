import type { JSX } from "preact";
import { Button } from "../../ui/button";
import { formatTime } from "../../ui/format";
import { f } from "../../ui/texts/floor";
import { useDashboard } from "../dashboard";
import { KEPT, MINUTE_MS } from "../floor/minutes";
import { enterWall, isWall, leaveWall } from "../shell/wall";
import { AgentsNow } from "./agents-now";
import { Flags } from "./flags";
import { Headline } from "./headline";
import { QueueBoard } from "./queue-board";

/** Everything at a glance: how many wait and for how long, how well it went, who is there, each queue. */
export function Wallboard(): JSX.Element {
  const { floor, client } = useDashboard();
  const wall = isWall.value;
  void floor.minutesVersion.value; // `sinceMs` comes with the rows
  const { sinceMs } = floor.minutes;
  const isShort = sinceMs > client.time.now() - (KEPT - 1) * MINUTE_MS; // the last hour is not whole yet
  return (
    <div class="wallboard" data-testid="wallboard">
      <header class="screen-head">
        <h1>{f.screenNames.wallboard}</h1>
        {isShort && <span class="soft">{f.since(formatTime(sinceMs))}</span>}
        <span class="spring" />
        {wall ? <Button kind="quiet" testid="leave-wall" onPress={leaveWall}>{f.leaveWall}</Button> : <Button testid="enter-wall" onPress={enterWall}>{f.wall}</Button>}
      </header>
      <Headline />
      <div class="board">
        <QueueBoard />
        <div class="aside">
          <AgentsNow />
          {!wall && <Flags />}
        </div>
      </div>
    </div>
  );
}
