// A sound made of two soft notes, by WebAudio: no file to load, nothing for the policy to allow.

const NOTES = [659.25, 880] as const; // e'' and a'': a fourth, friendly and not alarming
const NOTE_S = 0.55;
const APART_S = 0.18;
const EVERY_MS = 3_000;

/** Rings. Browsers keep it silent until somebody has pressed something on the page. */
export class Bell {
  #context: AudioContext | null = null;
  #timer: ReturnType<typeof setInterval> | undefined;

  /** Call on a press, such as "Go online": from then on the page may sound. */
  async unlock(): Promise<void> {
    this.#context ??= new AudioContext();
    await this.#context.resume();
  }

  get isRinging(): boolean {
    return this.#timer !== undefined;
  }

  /** Ring once, or again and again until `stop`. `volume` from 0 to 1 is read at every stroke. Ringing already, it goes on. */
  ring(volume: () => number, isLooped: boolean): void {
    if (this.isRinging) return;
    this.#strike(volume());
    if (isLooped) this.#timer = setInterval(() => this.#strike(volume()), EVERY_MS);
  }

  stop(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  #strike(volume: number): void {
    const context = this.#context;
    if (context?.state !== "running" || volume === 0) return;
    NOTES.forEach((hertz, place) => {
      const start = context.currentTime + place * APART_S;
      const tone = new OscillatorNode(context, { type: "sine", frequency: hertz });
      const gain = new GainNode(context, { gain: 0 });
      gain.gain.setValueAtTime(0, start);
      gain.gain.linearRampToValueAtTime(volume * 0.35, start + 0.015); // a hard edge would click
      gain.gain.exponentialRampToValueAtTime(0.0001, start + NOTE_S);
      tone.connect(gain).connect(context.destination);
      tone.start(start);
      tone.stop(start + NOTE_S);
    });
  }
}
