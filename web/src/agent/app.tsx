import { type Signal, useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { useEffect } from "preact/hooks";
import { Door } from "../door/door";
import { Announcer } from "../ui/announcer";
import { NoticeBar } from "../ui/notes";
import { Loading } from "../ui/states";
import { t } from "../ui/texts/basic";
import { a } from "../ui/texts/agent";
import type { Attendance } from "./attendance";
import { Desk } from "./desk";
import { Header } from "./header";
import { AccountItems, Agenda, Away, ConnectionBanner, FlagButton, LastView, Sheets, SignIn, StatusHint, parts } from "./late-parts";
import { Middle, Places } from "./middle";
import { Offers } from "./offers";
import { Work } from "./work";

const door = new Door("agent", ["agent"], (link) => new Work(link));

export function App(): JSX.Element {
  const work = door.room.value;
  return (
    <>
      {work && !door.isOpening.value ? <Workplace work={work} key={work} /> : <><LastView link={null} isCut={door.unreached.value !== ""} /><SignIn door={door} title={a.title} /></>}
      <Announcer />
    </>
  );
}

/** A calm place of three parts: lists at the start, what is worked on in the middle, what wants an answer now on top or at the end. */
function Workplace({ work }: { work: Work }): JSX.Element {
  const attendance = useAttendance(work).value;
  const me = work.status.value;
  const isOff = work.link.state.value !== "connected";
  return (
    <>
      <Header work={work} account={<AccountItems work={work} onSignOut={() => signOut(work)} />}>
        {me && <FlagButton work={work} />}
      </Header>
      <div class="told">
        <ConnectionBanner link={work.link} onSignIn={leave} />
        <Away work={work} />
        <NoticeBar notices={work.notices} />
      </div>
      {me && <StatusHint work={work} me={me} />}
      <main class="workplace" data-shows={work.choice.isOpen.value ? "middle" : "lists"}>
        {me ? (
          <>
            <div class="now">
              <fieldset class="bare" disabled={isOff}><Offers work={work} /></fieldset>
              <Agenda work={work} />
            </div>
            <div class="lists"><Desk work={work} /><Places work={work} /></div>
            <div class="middle"><Middle work={work} /></div>
          </>
        ) : (
          <>{work.link.ended.value ? null : <Loading />}<LastView link={work.link} /></>
        )}
      </main>
      {attendance && <Sheets work={work} keys={attendance.keys} onSignOut={() => signOut(work)} />}
    </>
  );
}

/** Have the other half of the page at hand, and let it do what goes on beside the drawing. */
function useAttendance(work: Work): Signal<Attendance | null> {
  const attendance = useSignal<Attendance | null>(null);
  useEffect(() => {
    let isThere = true;
    parts().then(
      ({ attend }) => isThere && (attendance.value = attend(door, work, leave)),
      () => work.notices.add(t.partMissing, () => true),
    );
    return () => {
      isThere = false;
      attendance.peek()?.stop();
    };
  }, [work]);
  return attendance;
}

/** Out of all tabs of this person at once. */
function signOut(work: Work): void {
  work.alerts.value?.tabs.say({ type: "signed_out" });
  leave();
}

function leave(): void {
  void parts().then(({ forgetViews }) => forgetViews());
  door.signOut();
}
