import assert from "node:assert/strict";
import { afterEach, test } from "node:test";
import { shortcutsOn } from "../src/ui/preferences";
import { nine, type Shortcut, Shortcuts } from "../src/ui/shortcuts";

// The one thing of the DOM that it asks for.
class FakeElement {
  readonly #writes: boolean;
  constructor(writes: boolean) {
    this.#writes = writes;
  }
  closest(): FakeElement | null {
    return this.#writes ? this : null;
  }
}
Object.assign(globalThis, { Element: FakeElement });

interface Press extends Partial<KeyboardEvent> {
  isWriting?: boolean;
}

function press(shortcuts: Shortcuts, { isWriting = false, ...event }: Press): boolean {
  let prevented = false;
  const whole = { key: "", code: "", altKey: false, ctrlKey: false, metaKey: false, shiftKey: false, repeat: false, isComposing: false, defaultPrevented: false, target: new FakeElement(isWriting) };
  const done = shortcuts.press({ ...whole, ...event, preventDefault: () => (prevented = true) } as unknown as KeyboardEvent);
  assert.equal(done, prevented);
  return done;
}

function some(): { shortcuts: Shortcuts; ran: string[]; take: (name: Shortcut["name"], keys: string) => () => void } {
  const shortcuts = new Shortcuts();
  const ran: string[] = [];
  return { shortcuts, ran, take: (name, keys) => shortcuts.add({ name, keys, run: () => void ran.push(name) }) };
}

afterEach(() => (shortcutsOn.value = true));

test("Alt and a letter act wherever the letter is, also where Alt makes another sign of it", () => {
  const { shortcuts, ran, take } = some();
  take("accept", "Alt+A");
  assert.ok(press(shortcuts, { altKey: true, key: "a", code: "KeyA" }));
  assert.ok(press(shortcuts, { altKey: true, key: "å", code: "KeyA" })); // a Mac
  assert.ok(press(shortcuts, { altKey: true, key: "a", code: "KeyQ" })); // AZERTY: the letter that it shows
  assert.ok(!press(shortcuts, { altKey: true, key: "q", code: "KeyA" }));
  assert.ok(!press(shortcuts, { altKey: true, ctrlKey: true, key: "a", code: "KeyA" })); // AltGr
  assert.ok(!press(shortcuts, { key: "a", code: "KeyA" }));
  assert.deepEqual(ran, ["accept", "accept", "accept"]);
});

test("a single sign acts, but not while somebody writes; Alt acts there too", () => {
  const { shortcuts, ran, take } = some();
  take("help", "?");
  take("accept", "Alt+A");
  assert.ok(press(shortcuts, { key: "?", shiftKey: true, code: "Slash" }));
  assert.ok(!press(shortcuts, { key: "?", isWriting: true }));
  assert.ok(press(shortcuts, { altKey: true, key: "a", code: "KeyA", isWriting: true }));
  assert.deepEqual(ran, ["help", "accept"]);
});

test("a key that is held down accepts once, and moves on and on", () => {
  const { shortcuts, ran, take } = some();
  take("accept", "Alt+A");
  take("next", "Alt+J");
  press(shortcuts, { altKey: true, key: "a", code: "KeyA", repeat: true });
  press(shortcuts, { altKey: true, key: "j", code: "KeyJ", repeat: true });
  assert.deepEqual(ran, ["next"]);
});

test("switched off, none acts", () => {
  const { shortcuts, ran, take } = some();
  take("accept", "Alt+A");
  shortcutsOn.value = false;
  assert.ok(!press(shortcuts, { altKey: true, key: "a", code: "KeyA" }));
  assert.deepEqual(ran, []);
});

test("the newest answers first, one without anything to do lets the next, and what is gone is gone", () => {
  const { shortcuts, ran, take } = some();
  take("close", "Escape");
  let isBusy = true;
  const forget = shortcuts.add({ name: "help", keys: "Escape", run: () => (isBusy ? void ran.push("top") : false) });
  press(shortcuts, { key: "Escape" });
  isBusy = false;
  press(shortcuts, { key: "Escape" });
  forget();
  press(shortcuts, { key: "Escape" });
  assert.deepEqual(ran, ["top", "close", "close"]);
});

test("digits choose one of nine, and the help names them once", () => {
  const shortcuts = new Shortcuts();
  const chosen: number[] = [];
  shortcuts.add(...nine("status", (index) => void chosen.push(index)));
  press(shortcuts, { altKey: true, key: "1", code: "Digit1" });
  press(shortcuts, { altKey: true, key: "¡", code: "Digit9" });
  assert.deepEqual(chosen, [0, 8]);
  assert.deepEqual(shortcuts.all.map(({ keys }) => keys), ["Alt+1"]);
});
