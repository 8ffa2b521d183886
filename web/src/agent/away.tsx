import type { JSX } from "preact";
import { Button } from "../ui/button";
import { Banner } from "../ui/notes";
import { c } from "../ui/texts/case";
import type { Work } from "./work";

/** What changed while there was no connection, until it is put away. */
export function Away({ work }: { work: Work }): JSX.Element | null {
  const texts = work.away.value;
  if (texts.length === 0) return null;
  return (
    <Banner meaning="act" testid="away" actions={<Button testid="away-dismiss" onPress={() => void (work.away.value = [])}>{c.ok}</Button>}>
      <ul>{texts.map((text) => <li class="foreign" key={text}>{text}</li>)}</ul>
    </Banner>
  );
}
