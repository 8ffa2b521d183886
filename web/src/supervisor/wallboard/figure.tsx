import type { ComponentChildren, JSX } from "preact";
import { Badge } from "../../ui/marks";
import { f } from "../../ui/texts/floor";
import { type Grade, MEANINGS } from "./grades";

interface FigureProps {
  label: string;
  grade?: Grade;
  /** What belongs to it, smaller. */
  note?: ComponentChildren;
  testid?: string;
  children: ComponentChildren;
}

/** A number that is read from afar: its name, itself, and how it stands in colour, shape and word. */
export function Figure({ label, grade = "none", note, testid, children }: FigureProps): JSX.Element {
  return (
    <div class={`figure-tile mark-${MEANINGS[grade]} grade-${grade}`} data-testid={testid}>
      <span class="label">{label}</span>
      <span class="value figure">{children}</span>
      <span class="note">
        {grade !== "none" && <GradeMark grade={grade} words={f.levelGrades} />}
        {note && <span>{note}</span>}
      </span>
    </div>
  );
}

interface GradeMarkProps {
  grade: Exclude<Grade, "none">;
  /** What it is called: a wait is late, a level is low. */
  words: Readonly<Record<Exclude<Grade, "none">, string>>;
}

export function GradeMark({ grade, words }: GradeMarkProps): JSX.Element {
  return <Badge meaning={MEANINGS[grade]}><Shape grade={grade} />{words[grade]}</Badge>;
}

const SHAPES = { good: "M2.5 6.5L5 9l4.5-6", soon: "M6 2v5M6 9.5v.1", late: "M3 3l6 6M9 3l-6 6" } as const;

function Shape({ grade }: { grade: Exclude<Grade, "none"> }): JSX.Element {
  return <svg width="12" height="12" viewBox="0 0 12 12" fill="none" stroke="currentColor" stroke-width="1.8" stroke-linecap="round" aria-hidden="true"><path d={SHAPES[grade]} /></svg>;
}
