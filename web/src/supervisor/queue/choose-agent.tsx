import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import type { AgentOverview } from "../../sdk/index.ts";
import { Button } from "../../ui/button";
import { Sheet } from "../../ui/dialog";
import { TextField } from "../../ui/fields";
import { Foreign } from "../../ui/foreign";
import { Empty } from "../../ui/states";
import { f } from "../../ui/texts/floor";
import { LoadBar, statusWords } from "../agents/columns";
import { useDashboard } from "../dashboard";
import { STANDINGS, standingOf } from "../floor/standing";
import { StandingDot } from "../floor/standing-dot";

interface ChooseAgentProps {
  title: string;
  rule: string;
  /** Whose members come first. */
  queue: string;
  onClose: () => void;
  onChoose: (agent: string) => void;
}

const MOST = 30;

/** One of all agents: members of the queue first, the readiest first among them. */
export function ChooseAgent({ title, rule, queue, onClose, onChoose }: ChooseAgentProps): JSX.Element {
  const { floor } = useDashboard();
  const text = useSignal("");
  const words = text.value.trim().toLocaleLowerCase();
  const serves = ({ queues, queues_by_skill }: AgentOverview): boolean => queues.includes(queue) || queues_by_skill.includes(queue);
  const rank = (agent: AgentOverview): number => (serves(agent) ? 0 : STANDINGS.length) + STANDINGS.indexOf(standingOf(agent));
  const found = floor.agents.value
    .map(({ state }) => state.peek())
    .filter(({ agent, name }) => `${name} ${agent}`.toLocaleLowerCase().includes(words))
    .sort((one, other) => rank(one) - rank(other) || (one.name || one.agent).localeCompare(other.name || other.agent))
    .slice(0, MOST);
  function choose(agent: string): void {
    onClose();
    onChoose(agent);
  }
  return (
    <Sheet title={title} onClose={onClose} testid="choose-agent">
      <p class="soft">{rule}</p>
      <TextField label={f.find} type="search" value={text.value} testid="find-colleague" onInput={(value) => (text.value = value)} />
      {found.length === 0 && <Empty title={f.noMatch} />}
      <ul class="colleagues">
        {found.map((agent) => (
          <li key={agent.agent} data-testid="colleague">
            <span class="who"><b class="clip"><Foreign text={agent.name || agent.agent} /></b><StandingDot standing={standingOf(agent)}><small class="foreign">{statusWords(agent)}</small></StandingDot></span>
            <LoadBar agent={agent} />
            <Button testid="give" onPress={() => choose(agent.agent)}>{f.give}</Button>
          </li>
        ))}
      </ul>
    </Sheet>
  );
}
