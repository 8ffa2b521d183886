import type { ComponentChildren, JSX } from "preact";
import { StatusDot } from "../ui/marks";
import { Foreign } from "../ui/foreign";
import { Icon } from "../ui/icons";
import { Menu } from "../ui/menu";
import { states, t } from "../ui/texts/basic";
import { Capacity } from "./capacity";
import { StatusMenu } from "./status-menu";
import type { Work } from "./work";

interface HeaderProps {
  work: Work;
  /** What stands between the capacity and the account, such as the raised hand. */
  children?: ComponentChildren;
  /** `MenuItem`s of the account's menu. */
  account: ComponentChildren;
}

/** Who one is, how one stands, how much there is room for; always in sight. */
export function Header({ work, children, account }: HeaderProps): JSX.Element {
  const me = work.status.value;
  const { state: link, wasThere } = work.link;
  const state = link.value === "connecting" && wasThere.value ? "disconnected" : link.value; // the banner says when the next attempt comes
  return (
    <header class="top">
      {me && <StatusMenu work={work} me={me} />}
      {me && <Capacity me={me} />}
      {children}
      <StatusDot status={state} testid="connection" isLive>{states.links[state]}</StatusDot>
      <h1><Foreign text={me ? me.name || me.agent : t.appName} /> <span class="workspace">{work.link.workspace}</span></h1>
      <Menu label={<Icon name="more" />} name={t.account} class="button quiet icon" testid="account-menu">{account}</Menu>
    </header>
  );
}
