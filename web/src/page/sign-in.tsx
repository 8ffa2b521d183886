import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { useEffect } from "preact/hooks";
import { devWorkspaces, isAtTheDoor, signIn, tokenFor, turnedAway } from "./session";

const NAME_FIELD = {
  type: "text",
  autocomplete: "username",
  autocapitalize: "none",
  pattern: "[A-Za-z0-9][A-Za-z0-9._@+\\-]*",
  title: "Letters, digits and . _ @ + -, no spaces",
  "data-testid": "sign-in-name",
} as const;
const TOKEN_FIELD = { type: "password", autocomplete: "off", "data-testid": "sign-in-token" } as const;

export function SignIn(): JSX.Element {
  // undefined: not known yet; null: tokens are needed
  const workspaces = useSignal<string[] | null | undefined>(undefined);
  const failure = useSignal("");
  useEffect(() => {
    devWorkspaces().then(
      (found) => (workspaces.value = found),
      (error: Error) => {
        workspaces.value = null;
        failure.value = `The server cannot be reached: ${error.message}`;
      },
    );
  }, []);
  const known = workspaces.value;
  return (
    <main class="sign-in">
      <h1>Casebaton</h1>
      {known !== undefined && <SignInForm workspaces={known} />}
      {failure.value && <p class="failure" role="alert">{failure.value}</p>}
    </main>
  );
}

function SignInForm({ workspaces }: { workspaces: string[] | null }): JSX.Element {
  const workspace = useSignal(workspaces?.[0] ?? "");
  const nameOrToken = useSignal("");
  const isAsking = useSignal(false);
  const failure = turnedAway.value;
  const busy = isAsking.value || isAtTheDoor.value;

  async function submit(event: SubmitEvent): Promise<void> {
    event.preventDefault();
    const [place, given] = [workspace.value.trim(), nameOrToken.value.trim()];
    isAsking.value = true;
    try {
      signIn({ workspace: place, token: workspaces ? await tokenFor(place, given) : given });
    } catch (error) {
      turnedAway.value = (error as Error).message;
    } finally {
      isAsking.value = false;
    }
  }

  return (
    <form onSubmit={submit}>
      <label>
        Workspace
        <input required list="workspaces" autocomplete="organization" data-testid="sign-in-workspace"
          value={workspace.value} onInput={(event) => (workspace.value = event.currentTarget.value)} />
        <datalist id="workspaces">{workspaces?.map((each) => <option value={each} key={each} />)}</datalist>
      </label>
      <label>
        {workspaces ? "Your name" : "Token"}
        <input required {...(workspaces ? NAME_FIELD : TOKEN_FIELD)}
          value={nameOrToken.value} onInput={(event) => (nameOrToken.value = event.currentTarget.value)} />
      </label>
      {failure && <p class="failure" role="alert" data-testid="sign-in-failure">{failure}</p>}
      <button class="primary" disabled={busy} data-testid="sign-in-button">{busy ? "Signing in…" : "Sign in"}</button>
      {workspaces && <p class="hint">Development server: a name is enough.</p>}
    </form>
  );
}
