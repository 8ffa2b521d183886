import type { JSX } from "preact";
import { f } from "../../ui/texts/floor";
import { QueueBoard } from "../wallboard/queue-board";

/** All queues, each a press away. */
export function QueuesScreen(): JSX.Element {
  return (
    <div class="queues-page" data-testid="queues">
      <h1 class="visually-hidden">{f.screenNames.queues}</h1>
      <QueueBoard />
    </div>
  );
}
