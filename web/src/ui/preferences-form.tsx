import type { JSX } from "preact";
import { useId } from "preact/hooks";
import { Choices } from "./fields";
import { density, sound, theme, volume } from "./preferences";
import { t } from "./texts";

function options<Value extends string>(words: Readonly<Record<Value, string>>): readonly (readonly [Value, string])[] {
  return Object.entries(words) as unknown as readonly (readonly [Value, string])[];
}

/** Colours and density: what both pages let one choose. */
export function LookForm(): JSX.Element {
  return (
    <>
      <Choices legend={t.theme} name="theme" value={theme.value} options={options(t.themes)} onChange={(value) => (theme.value = value)} />
      <Choices legend={t.density} name="density" value={density.value} options={options(t.densities)} onChange={(value) => (density.value = value)} />
    </>
  );
}

/** How an offer sounds. `actions` are the buttons that play and stop it. */
export function SoundForm({ actions }: { actions: JSX.Element }): JSX.Element {
  const id = useId();
  return (
    <>
      <Choices legend={t.sound} name="sound" value={sound.value} options={options(t.sounds)} onChange={(value) => (sound.value = value)} />
      <div class="field">
        <label for={id}>{t.volume}</label>
        <input id={id} type="range" min={0} max={1} step={0.05} value={volume.value} data-testid="volume" onInput={(event) => (volume.value = event.currentTarget.valueAsNumber)} />
      </div>
      <div class="actions">{actions}</div>
    </>
  );
}
