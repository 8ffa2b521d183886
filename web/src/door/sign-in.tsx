import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { useEffect, useRef } from "preact/hooks";
import type { Role } from "../sdk/index";
import { Choices } from "../ui/fields";
import { Failed, Loading } from "../ui/states";
import { t } from "../ui/texts";
import { d } from "../ui/texts/door";
import type { Door, Room } from "./door";
import { type Look, look, tokenFor } from "./way-in";

const NAME_FIELD = {
  type: "text",
  autocomplete: "username",
  autocapitalize: "none",
  pattern: "[A-Za-z0-9][A-Za-z0-9._@+\\-]*",
  title: d.nameRule,
  "data-testid": "sign-in-name",
} as const;
const TOKEN_FIELD = { type: "password", autocomplete: "off", "data-testid": "sign-in-token" } as const;

export function SignIn({ door, title }: { door: Door<Room>; title: string }): JSX.Element {
  const again = useLook(door);
  const workspaces = door.workspaces.value;
  const why = door.unreached.value;
  return (
    <main class="sign-in">
      <div class="panel">
        <h1>{t.appName}</h1>
        <p class="soft">{title}</p>
        {workspaces !== undefined ? <Form door={door} workspaces={workspaces} /> : why ? <Failed title={why} onRetry={again} testid="unreached">{d.asksAgain}</Failed> : <Loading />}
      </div>
    </main>
  );
}

/** Look how to sign in until that is known, and at once when the network is back; what asks at once. */
function useLook(door: Door<Room>): () => Promise<void> {
  const current = useRef<Look | null>(null);
  const again = async (): Promise<void> => current.current?.now();
  useEffect(() => {
    const looking = (current.current = look(door));
    addEventListener("online", again);
    return () => {
      removeEventListener("online", again);
      looking.stop();
    };
  }, []);
  return again;
}

function Form({ door, workspaces }: { door: Door<Room>; workspaces: readonly string[] | null }): JSX.Element {
  const workspace = useSignal(workspaces?.[0] ?? "");
  const nameOrToken = useSignal("");
  const role = useSignal<Role>(door.roles[0]!);
  const isAsking = useSignal(false);
  const failure = door.turnedAway.value;
  const isBusy = isAsking.value || door.isOpening.value;

  async function submit(event: SubmitEvent): Promise<void> {
    event.preventDefault();
    if (isBusy) return;
    const [place, given] = [workspace.value.trim(), nameOrToken.value.trim()];
    isAsking.value = true;
    try {
      door.signIn({ workspace: place, token: workspaces ? await tokenFor(place, given, role.value) : given });
    } catch (error) {
      door.turnedAway.value = (error as Error).message;
    } finally {
      isAsking.value = false;
    }
  }

  return (
    <form onSubmit={submit}>
      <label class="field">
        <span>{t.workspace}</span>
        <input class="input" required list="workspaces" autocomplete="organization" data-testid="sign-in-workspace"
          value={workspace.value} onInput={(event) => (workspace.value = event.currentTarget.value)} />
        <datalist id="workspaces">{workspaces?.map((each) => <option value={each} key={each} />)}</datalist>
      </label>
      <label class="field">
        <span>{workspaces ? t.yourName : t.token}</span>
        <input class="input" required {...(workspaces ? NAME_FIELD : TOKEN_FIELD)}
          value={nameOrToken.value} onInput={(event) => (nameOrToken.value = event.currentTarget.value)} />
      </label>
      {workspaces && door.roles.length > 1 && (
        <Choices legend={d.role} name="role" value={role.value} options={door.roles.map((each) => [each, d.roles[each]] as const)}
          onChange={(chosen) => (role.value = chosen)} />
      )}
      {failure && <p class="failure" role="alert" data-testid="sign-in-failure">{failure}</p>}
      <button class="button act" aria-disabled={isBusy ? "true" : undefined} data-testid="sign-in-button">{isBusy ? d.signingIn : t.signIn}</button>
      {workspaces && <p class="soft">{d.nameIsEnough}</p>}
    </form>
  );
}
