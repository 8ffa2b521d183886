import type { JSX } from "preact";
import type { Report } from "../../sdk/index.ts";
import { Baton } from "../../ui/marks";
import { r } from "../../ui/texts/reports";
import type { Asked } from "./asked";
import { lacksOf } from "./lacks";
import { instantText, spanText } from "./span";

const LATE_MS = 60_000; // the history is seconds behind while all is well

/** Of what the numbers are: the period, as of when, and what the history does not have of it. */
export function Status({ asked, answer }: { asked: Asked; answer: Report }): JSX.Element {
  const { from_ms, until_ms, zone, as_of_ms, stored_ms, previous } = answer;
  const isNow = asked.report === "ageing";
  return (
    <div class="report-status" data-testid="report-status">
      <p class="soft">
        {isNow ? r.now(instantText(as_of_ms, asked.zone)) : <><b>{spanText(from_ms, until_ms, zone)}</b>{` · ${zone.replaceAll("_", " ")} · ${r.asOf(instantText(as_of_ms, zone))}`}</>}
        {previous && ` · ${r.before(spanText(previous.from_ms, previous.until_ms, zone))}`}
        {stored_ms !== undefined && as_of_ms - stored_ms > LATE_MS && ` · ${r.lastEvent(instantText(stored_ms, zone))}`}
      </p>
      {lacksOf(answer).map((text) => <p key={text} class="said mark-soon" data-testid="report-lacks"><Baton meaning="soon" />{text}</p>)}
    </div>
  );
}
