import type { JSX } from "preact";
import { ConnectionBanner } from "../door/connection-banner";
import type { Door } from "../door/door";
import { SignIn } from "../door/sign-in";
import { signOutEverywhere } from "../door/way-in";
import { Loading } from "../ui/states";
import { f } from "../ui/texts/floor";
import { t } from "../ui/texts";
import { type Dashboard, DashboardContext } from "./dashboard";
import { Shell } from "./shell/shell";

export function App({ door }: { door: Door<Dashboard> }): JSX.Element {
  const link = door.link.value;
  const dashboard = door.room.value;
  if (!link || !dashboard || door.isOpening.value) return <SignIn door={door} title={t.dashboard} />;
  const banner = <ConnectionBanner link={link} onSignIn={() => door.signOut()} />;
  if (!link.wasThere.value) return <>{banner}<main><Loading title={f.loadingFloor} /></main></>;
  return (
    <DashboardContext.Provider value={dashboard} key={link.client.subject}>
      <Shell banner={banner} onSignOut={() => signOutEverywhere(door)} />
    </DashboardContext.Provider>
  );
}
