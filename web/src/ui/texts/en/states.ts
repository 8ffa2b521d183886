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

const statuses = { online: "Online", busy: "Busy", offline: "Offline", not_responding: "Not responding" };

const links = { connected: "Connected", connecting: "Connecting…", disconnected: "Not connected" };

const stages = {
  scheduled: "Scheduled",
  dispatched: "Confirmed",
  travelling: "On the way",
  in_progress: "On site",
  completed: "Completed",
  cannot_complete: "Cannot complete",
  cancelled: "Cancelled",
};

export const states = { caseStates, statuses, links, stages };
