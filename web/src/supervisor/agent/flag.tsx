import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import type { Flag } from "../../sdk/index.ts";
import { Button } from "../../ui/button";
import { Dialog } from "../../ui/dialog";
import { TextField } from "../../ui/fields";
import { Foreign } from "../../ui/foreign";
import { Icon } from "../../ui/icons";
import { f } from "../../ui/texts/floor";
import { Age } from "../../ui/time";
import { act } from "../act";
import { useDashboard } from "../dashboard";
import { PlaceLink } from "../shell/place-link";

/** An agent's raised hand. */
export function FlagUp({ flag, onAnswer }: { flag: Flag; onAnswer: () => void }): JSX.Element {
  return (
    <div class="flag-up mark-soon" data-testid="flag-up">
      <Icon name="flag" />
      <p>
        <b>{f.flagUp}</b> <Age since={flag.raised_at_ms} class="soft" />{" "}
        {flag.case && <PlaceLink screen="case" id={flag.case}>{f.flagAbout(flag.case)}</PlaceLink>}
        {flag.text && <><br /><Foreign text={flag.text} /></>}
      </p>
      <Button kind="act" testid="answer-flag" onPress={onAnswer}>{f.answerFlag}</Button>
    </div>
  );
}

interface AnswerDialogProps {
  agent: string;
  name: string;
  onClose: () => void;
}

/** What the agent is answered. Of two who answer at once one reads that somebody has. */
export function AnswerDialog({ agent, name, onClose }: AnswerDialogProps): JSX.Element {
  const { supervisor, notices } = useDashboard();
  const text = useSignal("");
  const answer = (): Promise<boolean> => act(notices, f.answerFlagTitle(name), () => supervisor.answerFlag(agent, text.value.trim() || undefined), f.wasAnswered(name));
  return (
    <Dialog title={f.answerFlagTitle(name)} confirm={f.answerFlag} onClose={onClose} onConfirm={() => void answer()}>
      <TextField label={f.answerText} value={text.value} maxLength={200} testid="answer-text" onInput={(value) => (text.value = value)} />
    </Dialog>
  );
}
