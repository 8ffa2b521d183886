import type { JSX } from "preact";
import type { Case } from "../sdk/index";
import { CodeDialog } from "../ui/dialog";
import { t } from "../ui/texts";
import { c } from "../ui/texts/case";
import { codesFor } from "./channels";
import { quoted } from "./words";
import type { Work } from "./work";

interface DeclineDialogProps {
  work: Work;
  one: Case;
  onClose: () => void;
  onConfirm: (reason: string) => void;
}

/** Why not. */
export function DeclineDialog({ work, one, ...rest }: DeclineDialogProps): JSX.Element {
  return <CodeDialog title={c.declineWhich(quoted(one))} confirm={t.decline} codes={codesFor(work.snapshot.value, one.channel, "decline_reasons")} {...rest} />;
}
