import { formatTime } from "../../format";

// What is in sight as soon as the page is: the codes of states in words.

const caseStates = {
  waiting: "Waiting",
  offered: "Offered",
  active: "In work",
  parked: "Parked",
  wrapping: "Wrapping up",
  closed: "Closed",
  cancelled: "Cancelled",
  abandoned: "Abandoned",
};

/** How a case ended: follows a colon or a semicolon. */
const endings = { closed: "it is closed.", cancelled: "it was cancelled.", abandoned: "the customer has left." };

const statuses = { online: "Online", busy: "Busy", offline: "Offline", not_responding: "Not responding" };

const links = { connected: "Connected", connecting: "Connecting…", disconnected: "Not connected" };

/** Why the agent has this status, when somebody else chose it: follows "You were set to …". */
const imposed = {
  missed_offers: "because offers were not answered",
  on_decline: "because you declined an offer",
  shift_end: "because your work is done",
  supervisor: "by a supervisor",
};

const stages = {
  scheduled: "Scheduled",
  dispatched: "Confirmed",
  travelling: "On the way",
  in_progress: "On site",
  completed: "Completed",
  cannot_complete: "Cannot complete",
  cancelled: "Cancelled",
};

/** What keeps a queue from its usual course. */
const standstills = {
  paused: "A supervisor has paused this queue: nothing can be taken at present.",
  closed: "This queue is closed.",
  closedUntil: (atMs: number) => `This queue is closed until ${formatTime(atMs)}.`,
  draining: "This queue is being emptied: nothing new comes in.",
};

export const states = { caseStates, endings, statuses, links, imposed, stages, standstills };
