import type { JSX } from "preact";
import { type CasebatonError, CommandRefused, type ConfigChange, type ConfigEffect, type Finding } from "../../sdk/index.ts";
import { Badge, type Meaning } from "../../ui/marks";
import { word } from "../../ui/texts";
import { s } from "../../ui/texts/setup";
import { refusal } from "../act";
import { shown } from "./differences";

const MEANINGS: Readonly<Record<string, Meaning>> = { added: "ready", changed: "soon", removed: "late" };

/** What a document would do: what changes and whom it touches, what is in its way, what to look at. */
export function Effect({ effect }: { effect: ConfigEffect }): JSX.Element {
  const { is_unchanged, structure, agents, refusals, warnings, untold } = effect;
  const { created = 0, changed = 0 } = agents;
  return (
    <div class="effect" role="status" data-testid="effect">
      <p><b>{is_unchanged ? s.unchanged : s.wouldChange(structure.length + (untold["structure"] ?? 0))}</b>{!is_unchanged && refusals.length === 0 && ` · ${s.wouldWork}`}</p>
      <Findings title={s.refusals} found={refusals} meaning="late" />
      {structure.length > 0 && <ul class="changes">{structure.map((each) => <Change key={`${each.section} ${each.name}`} change={each} />)}</ul>}
      {Object.entries(untold).map(([list, count]) => <p class="soft" key={list}>{s.untold(word(s.effectLists, list), count)}</p>)}
      {created + changed > 0 && <p>{s.people(created, changed)}</p>}
      <Findings title={s.warnings} found={warnings} meaning="soon" />
    </div>
  );
}

function Change({ change: { section, name, change, fields = {}, waiting, agents, classes } }: { change: ConfigChange }): JSX.Element {
  const touches = [waiting && s.touches.waiting(waiting), agents && s.touches.agents(agents), classes && s.touches.classes(classes)].filter(Boolean);
  return (
    <li data-testid="change">
      <p><Badge meaning={MEANINGS[change] ?? "waits"}>{word(s.changes, change)}</Badge> <span class="soft">{word(s.sections, section)}</span> <b class="foreign">{name}</b> {touches.length > 0 && <span class="soft">{touches.join(" · ")}</span>}</p>
      {Object.keys(fields).length > 0 && (
        <dl class="fields">
          {Object.entries(fields).map(([field, [before, after]]) => <div key={field}><dt><code>{field}</code></dt><dd><del class="foreign">{shown(before)}</del> <ins class="foreign">{shown(after)}</ins></dd></div>)}
        </dl>
      )}
    </li>
  );
}

interface FindingsProps {
  title: string;
  found: readonly Finding[];
  meaning: Meaning;
  /** Shows where it is. */
  onShow?: (path: string) => void;
  /** In which line of the text that is. */
  lineOf?: (path: string) => number | null;
}

function Findings({ title, found, meaning, onShow, lineOf }: FindingsProps): JSX.Element | null {
  if (found.length === 0) return null;
  return (
    <section class={`findings mark-${meaning}`} data-testid={`findings-${meaning}`}>
      <h3>{title}</h3>
      <ul>
        {found.map(({ path, says }) => (
          <li key={`${path} ${says}`} data-testid="finding">
            {onShow ? <button type="button" class="path" title={s.showFault(path)} onClick={() => onShow(path)}><code>{path}</code></button> : <code>{path}</code>} {lineOf && lineOf(path) !== null && <span class="soft">{s.line(lineOf(path)!)}</span>} <span class="foreign">{says}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}

/** Why a document was refused: all its faults with their paths, or the one reason. */
export function Refused({ error, lineOf, onShow }: { error: CasebatonError; lineOf?: (path: string) => number | null; onShow?: (path: string) => void }): JSX.Element {
  const faults = error instanceof CommandRefused ? error.faults : [];
  return (
    <div class="effect" role="alert" data-testid="refused">
      {faults.length > 0 ? <Findings title={s.faults(faults.length)} found={faults} meaning="late" {...(onShow && { onShow })} {...(lineOf && { lineOf })} /> : <p>{s.refused(refusal(error))}</p>}
    </div>
  );
}
